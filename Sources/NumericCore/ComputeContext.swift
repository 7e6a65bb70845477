// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Where and how kernels run: instruction set, threads, scratch memory. Passed to every call; there
/// is no global one. A context belongs to one thread of control; several may work side by side.
public final class ComputeContext {
  let handle: OpaquePointer
  /// Threads a large call is shared out to.
  public let threads: Int
  /// The instruction set that all calls use; fixed when the context is made.
  public let instructionSet: InstructionSet
  /// Whether the kernels were built with OpenMP; without it every call runs on one thread.
  public let openMP: Bool

  /// Makes a context.
  ///
  /// - Parameters:
  ///   - threads: at least 1; nil for all CPUs this process may use.
  ///   - instructionSet: nil for the best this machine has.
  /// - Throws: ``NumericError/instructionSetUnavailable(_:)``, `.invalidParameter`,
  ///   `.outOfMemory`.
  public init(
    threads: Int? = nil, instructionSet: InstructionSet? = nil
  ) throws(NumericError) {
    if let threads, threads < 1 || threads > 4096 {
      throw .invalidParameter("the number of threads must be in 1...4096, not \(threads)")
    }
    let best = InstructionSet.available.max() ?? .portable
    self.instructionSet = instructionSet ?? best
    guard ck_isa_available(self.instructionSet.level) else {
      throw .instructionSetUnavailable(self.instructionSet)
    }
    var options = ck_context_options(
      threads: Int32(threads ?? 0), isa: Int32(self.instructionSet.level.rawValue))
    var created: OpaquePointer?
    try check(ck_context_create(&options, &created))
    guard let created else { throw .outOfMemory(bytes: nil, purpose: "a context") }
    handle = created
    var info = ck_context_info()
    _ = ck_context_get_info(created, &info)
    self.threads = Int(info.threads)
    openMP = info.openmp > 0
  }

  deinit { ck_context_destroy(handle) }

  /// Threads that a parallel call really gets at this moment.
  public var team: Int {
    var info = ck_context_info()
    _ = ck_context_get_info(handle, &info)
    return Int(info.team)
  }
}
