// SPDX-License-Identifier: Apache-2.0

import CKernels
import TestSupport
import Testing

/// Bits do not depend on threads, on the other rows of a batch or, with an FMA, on the level.
@Suite(.serialized) struct DeterminismTests {
  /// The bits of all dense results, large enough to be shared out.
  private func bits(isa: ck_isa, threads: Int32, rows: Int = 500) throws -> [[UInt32]] {
    let context = try TestContext(isa: isa, threads: threads)
    let (m, n, k) = (rows, 127, 190)
    let x = PoisonedMatrix(rows: m, columns: k, seed: 1)
    let w = PoisonedMatrix(rows: n, columns: k, seed: 2)
    let b = PoisonedMatrix(rows: 1, columns: n, seed: 3)
    var all: [[UInt32]] = []
    for act in ck_activation.all {
      let y = PoisonedMatrix(rows: m, columns: n)
      ck_dense_forward_f32(
        context.pointer, Int64(m), Int64(n), Int64(k), x.base, Int64(x.stride), w.base,
        Int64(w.stride), b.base, act, y.base, Int64(y.stride))
      let dx = PoisonedMatrix(rows: m, columns: k)
      ck_dense_backward_data_f32(
        context.pointer, Int64(m), Int64(n), Int64(k), y.base, Int64(y.stride), w.base,
        Int64(w.stride), x.base, Int64(x.stride), act, dx.base, Int64(dx.stride))
      let dw = PoisonedMatrix(rows: n, columns: k)
      let db = PoisonedMatrix(rows: 1, columns: n)
      ck_dense_backward_weights_f32(
        context.pointer, Int64(m), Int64(n), Int64(k), y.base, Int64(y.stride), x.base,
        Int64(x.stride), dw.base, Int64(dw.stride), db.base, false)
      let q = PoisonedMatrix(rows: m, columns: n)
      ck_dense_tangent_f32(
        context.pointer, Int64(m), Int64(n), Int64(k), dx.base, Int64(dx.stride), w.base,
        Int64(w.stride), y.base, Int64(y.stride), act, q.base, Int64(q.stride))
      all += [y.bits, dx.bits, dw.bits, db.bits, q.bits]
    }
    let spans = [ck_span(offset: 1, width: 5), ck_span(offset: 6, width: 100)]
    let soft = PoisonedMatrix(rows: m, columns: k, seed: 4)
    ck_gumbel_softmax_f32(
      context.pointer, Int64(m), Int64(k), x.base, Int64(x.stride), spans, 2, 0.2,
      ck_random_stream(seed: 9, step: 8, purpose: 7), 3, soft.base, Int64(soft.stride))
    let normal = PoisonedMatrix(rows: m, columns: k)
    ck_random_normal_f32(
      context.pointer, Int64(m), Int64(k), 1, 2, ck_random_stream(seed: 9, step: 8, purpose: 7), 5,
      normal.base, Int64(normal.stride))
    return all + [soft.bits, normal.bits]
  }

  @Test(arguments: ck_isa.available) func threads(isa: ck_isa) throws {
    let one = try bits(isa: isa, threads: 1)
    for threads: Int32 in [2, 3, 8] {
      #expect(try bits(isa: isa, threads: threads) == one, "\(threads) threads")
    }
  }

  @Test(.enabled(if: ck_isa_available(CK_ISA_AVX512), "this machine has no AVX-512"))
  func levels() throws {
    #expect(
      try bits(isa: CK_ISA_AVX2, threads: 2) == bits(isa: CK_ISA_AVX512, threads: 2))
  }

  @Test(arguments: ck_isa.available) func aRowStandsAlone(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    let x = PoisonedMatrix(rows: 65, columns: 33, seed: 1)
    let w = PoisonedMatrix(rows: 40, columns: 33, seed: 2)
    func forward(_ first: Int, _ count: Int) -> [UInt32] {
      let y = PoisonedMatrix(rows: count, columns: 40)
      ck_dense_forward_f32(
        context.pointer, Int64(count), 40, 33, x.base + first * x.stride, Int64(x.stride), w.base,
        Int64(w.stride), nil, ck_activation.all[5], y.base, Int64(y.stride))
      return y.bits
    }
    let whole = forward(0, 65)
    for (first, count) in [(0, 1), (1, 13), (14, 51), (64, 1)] {
      #expect(forward(first, count) == Array(whole[first * 40..<(first + count) * 40]))
    }
  }

  @Test func aTeamIsThere() throws {
    var context: OpaquePointer?
    try #require(ck_context_create(nil, &context) == CK_OK)
    defer { ck_context_destroy(context) }
    var info = ck_context_info()
    try #require(ck_context_get_info(context, &info) == CK_OK)
    if info.openmp > 0 && info.threads > 1 {
      #expect(info.team > 1, "OpenMP is on, but a parallel region had one thread")
    } else {
      #expect(info.team == 1)
    }
  }
}
