// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport
import Testing

@Suite struct OptimizerTests {
  /// Five steps beside double precision. Each step rounds a handful of times; errors of the moments
  /// carry over, so 40 roundings of the largest term bound each step's share.
  @Test(arguments: ck_isa.available, Sizes.ragged) func adam(isa: ck_isa, count: Int) throws {
    let context = try TestContext(isa: isa)
    let value = PoisonedMatrix(rows: 1, columns: count, seed: 1)
    let g = PoisonedMatrix(rows: 1, columns: count)
    let m = PoisonedMatrix(rows: 1, columns: count)
    let v = PoisonedMatrix(rows: 1, columns: count)
    for c in 0..<count { (m[0, c], v[0, c]) = (0, 0) }
    var exact = (0..<count).map { Double(value[0, $0]) }
    var (em, ev) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    let rate: Float = 1e-2
    for step in 1...5 {
      g.fill(seed: UInt64(10 + step))
      var adam = ck_adam(
        learning_rate: rate, beta1: 0.5, beta2: 0.9, epsilon: 1e-8, weight_decay: 1e-3,
        step: Int64(step))
      #expect(
        ck_adam_step_f32(context.pointer, Int64(count), &adam, g.base, m.base, v.base, value.base)
          == CK_OK)
      ck_reference_adam_step(Int64(count), &adam, g.base, &em, &ev, &exact)
    }
    var comparison = Comparison()
    for i in 0..<count {
      comparison.add(
        value[0, i], exact[i], bound: 5 * roundoff * (2 * abs(exact[i]) + 40 * Double(rate) * 4),
        "\(i)")
    }
    #expect(comparison.passes, "\(count): \(comparison.failure ?? "")")
    #expect(value.padsAreIntact && m.padsAreIntact && v.padsAreIntact)
  }

  @Test(arguments: ck_isa.available, Sizes.ragged) func rmsprop(isa: ck_isa, count: Int) throws {
    let context = try TestContext(isa: isa)
    let value = PoisonedMatrix(rows: 1, columns: count, seed: 1)
    let g = PoisonedMatrix(rows: 1, columns: count)
    let v = PoisonedMatrix(rows: 1, columns: count)
    for c in 0..<count { v[0, c] = 0 }
    var exact = (0..<count).map { Double(value[0, $0]) }
    var ev = [Double](repeating: 0, count: count)
    var rmsprop = ck_rmsprop(learning_rate: 1e-2, alpha: 0.99, epsilon: 1e-8, weight_decay: 1e-3)
    for step in 1...5 {
      g.fill(seed: UInt64(20 + step))
      #expect(
        ck_rmsprop_step_f32(context.pointer, Int64(count), &rmsprop, g.base, v.base, value.base)
          == CK_OK)
      ck_reference_rmsprop_step(Int64(count), &rmsprop, g.base, &ev, &exact)
    }
    var comparison = Comparison()
    for i in 0..<count {
      // 1 - alpha in single precision is off by 6e-6 of itself; a step is at most 0.1.
      comparison.add(
        value[0, i], exact[i],
        bound: 5 * roundoff * (2 * abs(exact[i]) + 40) * 0.1 + 5 * 0.1 * 4e-6,
        "\(i)")
    }
    #expect(comparison.passes, "\(count): \(comparison.failure ?? "")")
    #expect(value.padsAreIntact && v.padsAreIntact)
  }

  /// Weights that are packed on the way: the bits of a step row by row and of packing afterwards.
  @Test(arguments: ck_isa.available, [1, 2, 3] as [Int32])
  func packedOnTheWay(isa: ck_isa, threads: Int32) throws {
    let context = try TestContext(isa: isa, threads: threads)
    var adam = ck_adam(
      learning_rate: 1e-2, beta1: 0.5, beta2: 0.9, epsilon: 1e-8, weight_decay: 1e-3, step: 2)
    var rmsprop = ck_rmsprop(learning_rate: 1e-2, alpha: 0.99, epsilon: 1e-8, weight_decay: 1e-3)
    for (n, k) in Sizes.ragged.flatMap({ n in Sizes.ragged.map { (n, $0) } }) {
      for takesAdam in [true, false] {
        func matrix(_ seed: UInt64) -> PoisonedMatrix {
          let matrix = PoisonedMatrix(rows: n, columns: k, seed: seed)
          // Running means of squares are not negative.
          for r in 0..<n { for c in 0..<k where seed == 4 { matrix[r, c] = abs(matrix[r, c]) } }
          return matrix
        }
        let (g, m, v, value) = (matrix(1), matrix(3), matrix(4), matrix(5))
        let (m2, v2, value2) = (matrix(3), matrix(4), matrix(5))
        var handle: OpaquePointer?
        try #require(
          ck_packed_weights_create(context.pointer, Int64(n), Int64(k), &handle) == CK_OK)
        let packed = try #require(handle)
        defer { ck_packed_weights_destroy(packed) }
        #expect(
          (takesAdam
            ? ck_adam_step_packed_f32(
              context.pointer, packed, &adam, g.base, m.base, v.base, value.base,
              Int64(value.stride))
            : ck_rmsprop_step_packed_f32(
              context.pointer, packed, &rmsprop, g.base, v.base, value.base, Int64(value.stride)))
            == CK_OK)
        for row in 0..<n {
          let at = row * value.stride
          #expect(
            (takesAdam
              ? ck_adam_step_f32(
                context.pointer, Int64(k), &adam, g.base + at, m2.base + at, v2.base + at,
                value2.base + at)
              : ck_rmsprop_step_f32(
                context.pointer, Int64(k), &rmsprop, g.base + at, v2.base + at, value2.base + at))
              == CK_OK)
        }
        #expect(value.bits == value2.bits && m.bits == m2.bits && v.bits == v2.bits, "\(n)x\(k)")
        #expect(value.padsAreIntact && m.padsAreIntact && v.padsAreIntact)
        try expectPacks(packed, value2, in: context)
      }
    }
  }

  /// Both layouts, by what products with them give.
  private func expectPacks(
    _ packed: OpaquePointer, _ w: PoisonedMatrix, in context: TestContext
  ) throws {
    let (n, k) = (w.rows, w.columns)
    var handle: OpaquePointer?
    try #require(ck_packed_weights_create(context.pointer, Int64(n), Int64(k), &handle) == CK_OK)
    let fresh = try #require(handle)
    defer { ck_packed_weights_destroy(fresh) }
    #expect(ck_packed_weights_update(context.pointer, fresh, w.base, Int64(w.stride)) == CK_OK)
    let x = PoisonedMatrix(rows: 3, columns: k, seed: 6)
    let dz = PoisonedMatrix(rows: 3, columns: n, seed: 7)
    let none = ck_activation.all[0]
    let results = [packed, fresh].map { weights in
      let (y, dx) = (PoisonedMatrix(rows: 3, columns: n), PoisonedMatrix(rows: 3, columns: k))
      #expect(
        ck_dense_forward_packed_f32(
          context.pointer, 3, weights, x.base, Int64(x.stride), nil, none, y.base, Int64(y.stride))
          == CK_OK)
      #expect(
        ck_dense_backward_data_packed_f32(
          context.pointer, 3, weights, dz.base, Int64(dz.stride), nil, 0, none, dx.base,
          Int64(dx.stride)) == CK_OK)
      return y.bits + dx.bits
    }
    #expect(results[0] == results[1], "\(n)x\(k)")
  }
}
