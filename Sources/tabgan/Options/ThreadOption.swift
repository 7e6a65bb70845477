// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NumericCore
import WorkSharing

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
