// SPDX-License-Identifier: Apache-2.0

import CKernels
import Testing

/// The open interval must be open: a uniform number of exactly 1 is an infinite Gumbel number.
@Suite struct UniformRangeTests {
  /// In the stream with seed 42, purpose 1, step 0 the upper 24 bits of this word are all ones.
  private static let index: UInt64 = 14_561_354

  @Test(arguments: (0..<CK_ISA_COUNT.rawValue).filter { ck_isa_available(ck_isa(rawValue: $0)) })
  func lastCellStaysBelowOne(isa: UInt32) throws {
    var options = ck_context_options(threads: 1, isa: Int32(isa))
    var created: OpaquePointer?
    try #require(ck_context_create(&options, &created) == CK_OK)
    let context = try #require(created)
    defer { ck_context_destroy(context) }
    let stream = ck_random_stream(seed: 42, step: 0, purpose: 1)
    var uniform: Float = 0
    var gumbel: Float = 0
    #expect(ck_random_uniform_f32(context, 1, 1, stream, Self.index, &uniform, 1) == CK_OK)
    #expect(ck_random_gumbel_f32(context, 1, 1, stream, Self.index, &gumbel, 1) == CK_OK)
    #expect(uniform == Float(1).nextDown, "isa \(isa)")
    #expect(gumbel.isFinite && gumbel > 16, "isa \(isa): \(gumbel)")
  }
}
