// SPDX-License-Identifier: Apache-2.0

import CKernels
import Testing

/// A context that is freed with the object.
final class TestContext {
  let pointer: OpaquePointer

  init(isa: ck_isa, threads: Int32 = 2) throws {
    var options = ck_context_options(threads: threads, isa: Int32(isa.rawValue))
    var created: OpaquePointer?
    try #require(ck_context_create(&options, &created) == CK_OK)
    pointer = try #require(created)
  }

  deinit { ck_context_destroy(pointer) }
}

extension ck_isa: @retroactive CustomTestStringConvertible {
  /// The levels this machine can run.
  static let available = (0..<CK_ISA_COUNT.rawValue).map { ck_isa(rawValue: $0) }
    .filter { ck_isa_available($0) }

  /// The name of the instruction set.
  public var testDescription: String { String(cString: ck_isa_name(self)) }
}

extension ck_activation {
  static let all = [
    ck_activation(kind: CK_IDENTITY, slope: 0), ck_activation(kind: CK_RELU, slope: 0),
    ck_activation(kind: CK_LEAKY_RELU, slope: 0.2), ck_activation(kind: CK_TANH, slope: 0),
    ck_activation(kind: CK_SIGMOID, slope: 0), ck_activation(kind: CK_SELU, slope: 0),
  ]
}

/// Half a unit in the last place of a number in 1..<2.
let roundoff = 0x1p-24
