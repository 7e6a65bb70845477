// SPDX-License-Identifier: Apache-2.0

import CKernels
import TestSupport
import Testing

/// Every kernel on operands that lie flush against an inaccessible page, at their end or at their
/// beginning. That these tests end at all is what they assert; the other tests compare the numbers.
@Suite struct GuardPageTests {
  @Test func touchingAPageCrashes() async {
    await #expect(processExitsWith: .failure) {
      let matrix = PoisonedMatrix(rows: 3, columns: 17)
      matrix.base[2 * matrix.stride + 17] = 1
    }
    await #expect(processExitsWith: .failure) {
      let matrix = PoisonedMatrix(rows: 3, columns: 17, flush: .beginning)
      matrix.base[-1] = 1
    }
  }

  private func matrix(_ side: GuardedMemory.Side, _ rows: Int, _ columns: Int, seed: UInt64 = 1)
    -> PoisonedMatrix
  {
    PoisonedMatrix(rows: rows, columns: columns, pad: 3, seed: seed, flush: side)
  }

  @Test(arguments: ck_isa.available, GuardedMemory.Side.allCases)
  func dense(isa: ck_isa, side: GuardedMemory.Side) throws {
    let context = try TestContext(isa: isa)
    for (i, (m, n, k)) in Sizes.triples.enumerated() {
      let (M, N, K) = (Int64(m), Int64(n), Int64(k))
      let act = ck_activation.all[i % 6]
      let (x, dx) = (matrix(side, m, k), matrix(side, m, k, seed: 2))
      let (w, dw) = (matrix(side, n, k, seed: 3), matrix(side, n, k, seed: 4))
      let (b, db) = (matrix(side, 1, n, seed: 5), matrix(side, 1, n, seed: 6))
      let (y, dz) = (matrix(side, m, n, seed: 7), matrix(side, m, n, seed: 8))
      let (ldx, ldw, ldy) = (Int64(x.stride), Int64(w.stride), Int64(y.stride))
      var created: OpaquePointer?
      try #require(ck_packed_weights_create(context.pointer, N, K, &created) == CK_OK)
      defer { ck_packed_weights_destroy(created) }
      let statuses = [
        ck_dense_forward_f32(
          context.pointer, M, N, K, x.base, ldx, w.base, ldw, b.base, act, y.base, ldy),
        ck_dense_tangent_f32(
          context.pointer, M, N, K, x.base, ldx, w.base, ldw, y.base, ldy, act, dz.base, ldy),
        ck_dense_backward_data_f32(
          context.pointer, M, N, K, dz.base, ldy, w.base, ldw, x.base, ldx, act, dx.base, ldx),
        ck_dense_backward_weights_f32(
          context.pointer, M, N, K, dz.base, ldy, x.base, ldx, dw.base, ldw, db.base, i % 2 == 0),
        ck_packed_weights_update(context.pointer, created, w.base, ldw),
        ck_dense_forward_packed_f32(
          context.pointer, M, created, x.base, ldx, b.base, act, y.base, ldy),
        ck_dense_tangent_packed_f32(
          context.pointer, M, created, x.base, ldx, y.base, ldy, act, dz.base, ldy),
        ck_dense_backward_data_packed_f32(
          context.pointer, M, created, dz.base, ldy, x.base, ldx, act, dx.base, ldx),
      ]
      #expect(statuses.allSatisfy { $0 == CK_OK }, "\(m)x\(n)x\(k)")
      #expect(
        [x, dx, w, dw, b, db, y, dz].allSatisfy { $0.padsAreIntact },
        "\(m)x\(n)x\(k): a pad is written"
      )
    }
  }

  @Test(arguments: ck_isa.available, GuardedMemory.Side.allCases)
  func rows(isa: ck_isa, side: GuardedMemory.Side) throws {
    let context = try TestContext(isa: isa)
    let stream = ck_random_stream(seed: 1, step: 2, purpose: 3)
    for columns in Sizes.ragged {
      let C = Int64(columns)
      let (x, y) = (matrix(side, 3, columns), matrix(side, 3, columns, seed: 2))
      let (g, dx) = (matrix(side, 3, columns, seed: 3), matrix(side, 3, columns, seed: 4))
      let ld = Int64(x.stride)
      // The last span ends with the row, which in the last row is where the memory ends.
      let spans = GuardedMemory(bytes: 2 * MemoryLayout<ck_span>.stride, flush: side)
      let span = spans.start.bindMemory(to: ck_span.self, capacity: 2)
      span[0] = ck_span(offset: 0, width: C / 3)
      span[1] = ck_span(offset: C / 3, width: C - C / 3)
      var statuses = ck_activation.all.flatMap { act in
        [
          ck_activation_forward_f32(context.pointer, 3, C, x.base, ld, act, y.base, ld),
          ck_activation_backward_f32(
            context.pointer, 3, C, g.base, ld, y.base, ld, act, dx.base, ld),
        ]
      }
      statuses += [
        ck_softmax_f32(context.pointer, 3, x.base, ld, span, 2, 0.5, y.base, ld),
        ck_gumbel_softmax_f32(
          context.pointer, 3, C, x.base, ld, span, 2, 0.5, stream, 5, y.base, ld),
        ck_softmax_backward_f32(
          context.pointer, 3, g.base, ld, y.base, ld, span, 2, 0.5, dx.base, ld),
        ck_random_uniform_f32(context.pointer, 3, C, stream, 5, y.base, ld),
        ck_random_normal_f32(context.pointer, 3, C, 0, 1, stream, 5, y.base, ld),
        ck_random_gumbel_f32(context.pointer, 3, C, stream, 5, y.base, ld),
      ]
      #expect(statuses.allSatisfy { $0 == CK_OK }, "\(columns) columns")
      #expect(
        [x, y, g, dx].allSatisfy { $0.padsAreIntact }, "\(columns) columns: a pad is written")
    }
  }

  @Test(arguments: ck_isa.available, GuardedMemory.Side.allCases)
  func arrays(isa: ck_isa, side: GuardedMemory.Side) throws {
    let context = try TestContext(isa: isa)
    var adam = ck_adam(
      learning_rate: 1e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weight_decay: 1e-3, step: 1)
    var rmsprop = ck_rmsprop(learning_rate: 1e-3, alpha: 0.9, epsilon: 1e-8, weight_decay: 1e-3)
    for count in Sizes.ragged {
      let n = Int64(count)
      let (x, y) = (matrix(side, 1, count), matrix(side, 1, count, seed: 2))
      let (m, v) = (matrix(side, 1, count, seed: 3), matrix(side, 1, count, seed: 4))
      let codes = GuardedMemory(bytes: 2 * count, flush: side)
      let code = codes.start.bindMemory(to: UInt16.self, capacity: count)
      let statuses = [
        ck_exp_f32(context.pointer, n, x.base, y.base),
        ck_log_f32(context.pointer, n, x.base, y.base),
        ck_tanh_f32(context.pointer, n, x.base, y.base),
        ck_convert_f32_to_half(context.pointer, CK_BF16, n, x.base, code),
        ck_convert_half_to_f32(context.pointer, CK_BF16, n, code, y.base),
        ck_convert_f32_to_half(context.pointer, CK_F16, n, x.base, code),
        ck_convert_half_to_f32(context.pointer, CK_F16, n, code, y.base),
        ck_adam_step_f32(context.pointer, n, &adam, x.base, m.base, v.base, y.base),
        ck_rmsprop_step_f32(context.pointer, n, &rmsprop, x.base, v.base, y.base),
      ]
      #expect(statuses.allSatisfy { $0 == CK_OK }, "\(count) elements")
      #expect([x, y, m, v].allSatisfy { $0.padsAreIntact }, "\(count) elements: a pad is written")
    }
  }
}
