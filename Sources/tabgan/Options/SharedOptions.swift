// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NumericCore
import WorkSharing

/// `--json`, where the output is for programs.
struct JSONFlag: ParsableArguments {
  @Flag(help: "Print the summary as JSON.")
  var json = false
}

/// `--seed`.
struct SeedOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of all random numbers (non-negative).", valueName: "S"))
  var seed: UInt64 = 1
}

/// `--threads`.
struct ThreadOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads; by default all processors. Results do not depend on it.", valueName: "T"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must lie between 1 and 1024, not \(threads)")
    }
  }

  /// The number of threads.
  var count: Int { threads ?? usableProcessors() }

  /// What the kernels run in.
  func context() throws -> ComputeContext { try ComputeContext(threads: threads) }
}

/// `--progress`.
struct ProgressOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      auto: a line in place on a terminal, nothing elsewhere; plain: a line every 10 s; none. \
      Goes to standard error.
      """, valueName: "HOW"))
  var progress = ProgressStyle.auto

  var display: ProgressDisplay { ProgressDisplay(progress) }
}

/// `--monitoring-rows`.
struct MonitoringOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Rows to hold out from training, to detect at its end whether it has begun to copy rows; 0: \
      none. By default 5 % of the rows, or the rows outside --rows if they are more; at most 2,000, \
      and none if that would be fewer than 50.
      """, valueName: "N"))
  var monitoringRows: Int?

  func validate() throws {
    if let monitoringRows, monitoringRows < 0 {
      throw ValidationError("--monitoring-rows must be at least 0, not \(monitoringRows)")
    }
  }
}
