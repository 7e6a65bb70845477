import ArgumentParser
import CKernels

/// Which cases, instruction sets and threads a command is about.
struct CaseOptions: ParsableArguments {
  @Option(help: "Only cases whose operation and shape contain this text, as \"dense 500x\".")
  var filter: String?

  @Flag(help: "All shapes, not only the few that tell most.")
  var full = false

  @Option(help: "Only this instruction set: portable, avx2, avx512 or neon.")
  var isa: String?

  @Option(help: "Only this number of threads; default: one, and all processors.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, not \(threads)")
    }
  }

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

  func instructionSets() throws -> [ck_isa] {
    let available = KernelContext.availableInstructionSets
    guard let isa else { return available }
    guard let chosen = available.first(where: { $0.name == isa }) else {
      let names = available.map(\.name).joined(separator: ", ")
      throw ValidationError("this machine offers \(names), not \"\(isa)\"")
    }
    return [chosen]
  }

  func threadCounts() throws -> [Int] {
    try Self.threadCounts(only: threads, full: full)
  }

  /// One thread, and as many as the kernels take by themselves; with `--full` powers of two
  /// between.
  static func threadCounts(only threads: Int?, full: Bool) throws -> [Int] {
    if let threads { return [threads] }
    let sets = KernelContext.availableInstructionSets
    let all = try KernelContext(instructionSet: sets[0], threads: 0).information.threads
    guard all > 1 else { return [1] }
    let between = sequence(first: 2) { $0 * 2 }.prefix { $0 < Int(all) }
    return full ? [1] + between + [Int(all)] : [1, Int(all)]
  }
}
