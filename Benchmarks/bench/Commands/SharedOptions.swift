// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CKernels

/// On how many threads a command measures.
struct ThreadOption: ParsableArguments {
  @Option(help: "Only this number of threads.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, not \(threads)")
    }
  }

  /// The number asked for; else one, and as many as the kernels take by themselves, with `full`
  /// powers of two between.
  func counts(full: Bool) throws -> [Int] {
    if let threads { return [threads] }
    let sets = BenchContext.availableInstructionSets
    let all = try BenchContext(instructionSet: sets[0], threads: 0).information.threads
    guard all > 1 else { return [1] }
    let between = sequence(first: 2) { $0 * 2 }.prefix { $0 < Int(all) }
    return full ? [1] + between + [Int(all)] : [1, Int(all)]
  }
}

/// For how long a command measures.
struct DurationOption: ParsableArguments {
  @Option(help: "Seconds to measure for, instead of those named above.")
  var seconds: Double?

  func validate() throws {
    if let seconds, !(seconds > 0) {
      throw ValidationError("--seconds must be above 0, not \(seconds)")
    }
  }
}

/// Which instruction sets a command measures.
struct InstructionSetOption: ParsableArguments {
  @Option(
    help: "Only this instruction set: \(BenchContext.instructionSetNames.joined(separator: ", ")).")
  var isa: String?

  /// The one asked for; else all that this machine can run, weakest first.
  func instructionSets() throws -> [ck_isa] {
    let available = BenchContext.availableInstructionSets
    guard let isa else { return available }
    guard let chosen = available.first(where: { $0.name == isa }) else {
      let names = available.map(\.name).joined(separator: ", ")
      throw ValidationError("this machine offers \(names), not \"\(isa)\"")
    }
    return [chosen]
  }
}
