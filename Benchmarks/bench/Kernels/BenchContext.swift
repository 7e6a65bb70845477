// SPDX-License-Identifier: Apache-2.0

import CKernels

/// A context of the kernels with a fixed instruction set and number of threads.
final class BenchContext {
  let pointer: OpaquePointer
  let instructionSet: ck_isa
  let threads: Int

  init(instructionSet: ck_isa, threads: Int) throws {
    var options = ck_context_options(
      threads: Int32(threads), isa: Int32(instructionSet.rawValue))
    var created: OpaquePointer?
    try check(ck_context_create(&options, &created), "ck_context_create")
    guard let created else { throw KernelFailure(call: "ck_context_create", text: "no context") }
    pointer = created
    self.instructionSet = instructionSet
    self.threads = threads
  }

  deinit { ck_context_destroy(pointer) }

  var information: ck_context_info {
    get throws {
      var information = ck_context_info()
      try check(ck_context_get_info(pointer, &information), "ck_context_get_info")
      return information
    }
  }

  /// Runs `body` while the context's other threads stand by, as a trainer does around a step.
  func withTeam<Value>(_ body: () throws -> Value) throws -> Value {
    var outcome: Result<Value, any Error>?
    try withoutActuallyEscaping(body) { body in
      var session = TeamSession { outcome = Result { try body() } }
      try withUnsafeMutablePointer(to: &session) {
        try check(
          ck_context_with_team(
            pointer, { $0?.assumingMemoryBound(to: TeamSession.self).pointee.run() }, $0),
          "ck_context_with_team")
      }
    }
    guard let outcome else {
      throw KernelFailure(call: "ck_context_with_team", text: "the session did not run")
    }
    return try outcome.get()
  }

  /// Of every instruction set that there are kernels for, on whatever machine.
  static var instructionSetNames: [String] {
    (0..<CK_ISA_COUNT.rawValue).map { ck_isa(rawValue: $0).name }
  }

  /// The instruction sets that this machine can run, weakest first.
  static var availableInstructionSets: [ck_isa] {
    (0..<CK_ISA_COUNT.rawValue).map { ck_isa(rawValue: $0) }.filter { ck_isa_available($0) }
  }
}

extension ck_isa {
  /// Its name, for example `avx512`.
  var name: String { ck_isa_name(self).map { String(cString: $0) } ?? "unknown" }
}

/// A closure behind a pointer, as C passes it on.
private struct TeamSession {
  let run: () -> Void
}

/// A call of a kernel that did not succeed.
struct KernelFailure: Error, CustomStringConvertible {
  let call: String
  let text: String
  var description: String { "\(call) failed: \(text)" }
}

/// Throws unless the status is CK_OK.
func check(_ status: ck_status, _ call: @autoclosure () -> String) throws {
  guard status != CK_OK else { return }
  throw KernelFailure(
    call: call(), text: ck_status_text(status).map { String(cString: $0) } ?? "unknown status")
}
