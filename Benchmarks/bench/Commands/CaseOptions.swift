// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CKernels

/// Which cases, instruction sets and threads a command is about.
struct CaseOptions: ParsableArguments {
  @Option(help: "Only cases whose operation and shape contain these words, as \"dense 500x\".")
  var filter: String?

  @Flag(help: "All shapes, not only the most informative ones.")
  var full = false

  @OptionGroup var isa: InstructionSetOption

  @OptionGroup var threads: ThreadOption

  /// The cases asked for; an error says so if there is none.
  func cases() throws -> [KernelCase] {
    let words = (filter ?? "").split(separator: " ")
    let cases = CaseList.all.filter { kernelCase in
      (full || !kernelCase.onlyInFull) && words.allSatisfy { kernelCase.label.contains($0) }
    }
    guard !cases.isEmpty else {
      throw ValidationError(
        "no case matches \"\(filter ?? "")\"; `bench list --full` shows all of them")
    }
    return cases
  }

  func instructionSets() throws -> [ck_isa] { try isa.instructionSets() }

  func threadCounts() throws -> [Int] { try threads.counts(full: full) }
}
