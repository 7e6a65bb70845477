// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport
import Testing

/// The products against the reference in double precision.
///
/// A chain of d fused multiply-adds from zero errs by at most d u sum |terms| (each partial sum is
/// rounded once; Higham, "Accuracy and Stability of Numerical Algorithms", 3.1), a chain of
/// separate products and sums by (d + 1) u; the bias adds one rounding, a factor one more: (d + 4)
/// u for all. Activations have slopes of at most 1.76 (SELU) and err by at most 4 ulp themselves.
@Suite struct DenseTests {
  /// The bound of an element from the sum of its terms' magnitudes.
  private func bound(_ depth: Int, _ magnitude: Double, _ reference: Double) -> Double {
    Double(depth + 4) * roundoff * magnitude * 1.76 + 8 * roundoff * abs(reference) + 1e-37
  }

  private func compare(
    _ result: PoisonedMatrix, _ reference: [Double], _ magnitudes: [Double], depth: Int,
    _ name: String
  ) {
    var comparison = Comparison()
    for r in 0..<result.rows {
      for c in 0..<result.columns {
        let i = r * result.columns + c
        comparison.add(
          result[r, c], reference[i], bound: bound(depth, magnitudes[i], reference[i]),
          "\(name) [\(r), \(c)]")
      }
    }
    #expect(comparison.passes, "\(comparison.failure ?? "")")
    #expect(result.padsAreIntact, "\(name) wrote behind a row")
  }

  @Test(arguments: ck_isa.available) func forward(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    for (i, (m, n, k)) in Sizes.triples.enumerated() {
      let act = ck_activation.all[i % 6]
      let x = PoisonedMatrix(rows: m, columns: k, seed: 1)
      let w = PoisonedMatrix(rows: n, columns: k, pad: 5, seed: 2)
      let b = PoisonedMatrix(rows: 1, columns: n, seed: 3)
      let bias = i % 4 == 3 ? nil : b.base
      let y = PoisonedMatrix(rows: m, columns: n, pad: 1)
      let status = ck_dense_forward_f32(
        context.pointer, Int64(m), Int64(n), Int64(k), x.base, Int64(x.stride), w.base,
        Int64(w.stride), bias, act, y.base, Int64(y.stride))
      #expect(status == CK_OK)
      var reference = [Double](repeating: 0, count: m * n)
      var magnitudes = reference
      ck_reference_dense_forward_f32(
        Int64(m), Int64(n), Int64(k), x.base, Int64(x.stride), w.base, Int64(w.stride), bias, act,
        &reference, &magnitudes)
      compare(y, reference, magnitudes, depth: k, "forward \(m)x\(n)x\(k) activation \(act.kind)")
      try packedAgrees(context, m, n, k, x, w, y) { packed, out in
        ck_dense_forward_packed_f32(
          context.pointer, Int64(m), packed, x.base, Int64(x.stride), bias, act, out.base,
          Int64(out.stride))
      }
    }
  }

  @Test(arguments: ck_isa.available) func tangent(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    for (i, (m, n, k)) in Sizes.triples.enumerated() where i % 2 == 0 {
      let act = ck_activation.all[i / 2 % 6]
      let q = PoisonedMatrix(rows: m, columns: k, seed: 4)
      let w = PoisonedMatrix(rows: n, columns: k, seed: 5)
      let h = PoisonedMatrix(rows: m, columns: n, pad: 2, seed: 6)
      let out = PoisonedMatrix(rows: m, columns: n)
      let status = ck_dense_tangent_f32(
        context.pointer, Int64(m), Int64(n), Int64(k), q.base, Int64(q.stride), w.base,
        Int64(w.stride), h.base, Int64(h.stride), act, out.base, Int64(out.stride))
      #expect(status == CK_OK)
      var reference = [Double](repeating: 0, count: m * n)
      var magnitudes = reference
      ck_reference_dense_tangent_f32(
        Int64(m), Int64(n), Int64(k), q.base, Int64(q.stride), w.base, Int64(w.stride), h.base,
        Int64(h.stride), act, &reference, &magnitudes)
      // 1 - h h and its like cancel: their rounding counts against |W q| itself.
      let slack = product(q, w)
      compare(
        out, reference, zip(magnitudes, slack).map { max($0, $1) }, depth: k,
        "tangent \(m)x\(n)x\(k) activation \(act.kind)")
      try packedAgrees(context, m, n, k, q, w, out) { packed, result in
        ck_dense_tangent_packed_f32(
          context.pointer, Int64(m), packed, q.base, Int64(q.stride), h.base, Int64(h.stride),
          act, result.base, Int64(result.stride))
      }
    }
  }

  /// |a| |b|^T times 4, for outputs h of up to 2 in magnitude.
  private func product(_ a: PoisonedMatrix, _ b: PoisonedMatrix) -> [Double] {
    var sums = [Double](repeating: 0, count: a.rows * b.rows)
    var magnitudes = sums
    ck_reference_dense_forward_f32(
      Int64(a.rows), Int64(b.rows), Int64(a.columns), a.base, Int64(a.stride), b.base,
      Int64(b.stride), nil, ck_activation.all[0], &sums, &magnitudes)
    return magnitudes.map { 6 * $0 }
  }

  @Test(arguments: ck_isa.available) func backwardData(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    for (i, (m, n, k)) in Sizes.triples.enumerated() where i % 2 == 1 {
      let act = ck_activation.all[i / 2 % 6]
      let dz = PoisonedMatrix(rows: m, columns: n, seed: 7)
      let w = PoisonedMatrix(rows: n, columns: k, seed: 8)
      let h = PoisonedMatrix(rows: m, columns: k, pad: 4, seed: 9)
      let hasFactor = i % 3 != 0
      let dx = PoisonedMatrix(rows: m, columns: k)
      let status = ck_dense_backward_data_f32(
        context.pointer, Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), w.base,
        Int64(w.stride), hasFactor ? h.base : nil, Int64(h.stride), act, dx.base,
        Int64(dx.stride))
      #expect(status == CK_OK)
      var reference = [Double](repeating: 0, count: m * k)
      var magnitudes = reference
      ck_reference_dense_backward_data_f32(
        Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), w.base, Int64(w.stride), nil, 0,
        act, &reference, &magnitudes)
      let slack = magnitudes.map { 6 * $0 }
      ck_reference_dense_backward_data_f32(
        Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), w.base, Int64(w.stride),
        hasFactor ? h.base : nil, Int64(h.stride), act, &reference, &magnitudes)
      compare(dx, reference, slack, depth: n, "backward_data \(m)x\(n)x\(k) \(act.kind)")
      try packedAgrees(context, m, n, k, h, w, dx) { packed, result in
        ck_dense_backward_data_packed_f32(
          context.pointer, Int64(m), packed, dz.base, Int64(dz.stride), hasFactor ? h.base : nil,
          Int64(h.stride), act, result.base, Int64(result.stride))
      }
    }
  }

  @Test(arguments: ck_isa.available) func backwardWeights(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    // Beyond 512 rows the batch is cut into chunks.
    for (m, n, k) in Sizes.triples + [(1100, 33, 65), (513, 7, 300)] {
      let dz = PoisonedMatrix(rows: m, columns: n, seed: 10)
      let x = PoisonedMatrix(rows: m, columns: k, seed: 11)
      let dw = PoisonedMatrix(rows: n, columns: k, pad: 2)
      let db = PoisonedMatrix(rows: 1, columns: n)
      func run(accumulate: Bool) {
        let status = ck_dense_backward_weights_f32(
          context.pointer, Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), x.base,
          Int64(x.stride), dw.base, Int64(dw.stride), db.base, accumulate)
        #expect(status == CK_OK)
      }
      var reference = [Double](repeating: 0, count: n * k)
      var (magnitudes, sums, sumMagnitudes) = (
        reference, [Double](repeating: 0, count: n), [Double]()
      )
      sumMagnitudes = sums
      ck_reference_dense_backward_weights_f32(
        Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), x.base, Int64(x.stride),
        &reference, &sums, &magnitudes, &sumMagnitudes)
      run(accumulate: false)
      compare(dw, reference, magnitudes, depth: m, "backward_weights \(m)x\(n)x\(k)")
      compare(db, sums, sumMagnitudes, depth: m, "bias gradient \(m)x\(n)x\(k)")
      run(accumulate: true)
      compare(
        dw, reference.map { 2 * $0 }, magnitudes.map { 2 * $0 }, depth: 2 * m,
        "accumulated \(m)x\(n)x\(k)")
      compare(
        db, sums.map { 2 * $0 }, sumMagnitudes.map { 2 * $0 }, depth: 2 * m,
        "accumulated bias \(m)x\(n)x\(k)")
    }
  }

  /// The packed call gives the same bits.
  private func packedAgrees(
    _ context: TestContext, _ m: Int, _ n: Int, _ k: Int, _ a: PoisonedMatrix,
    _ w: PoisonedMatrix, _ expected: PoisonedMatrix,
    _ call: (OpaquePointer, PoisonedMatrix) -> ck_status
  ) throws {
    var created: OpaquePointer?
    try #require(
      ck_packed_weights_create(context.pointer, Int64(n), Int64(k), &created) == CK_OK)
    let packed = try #require(created)
    defer { ck_packed_weights_destroy(packed) }
    #expect(
      ck_packed_weights_update(context.pointer, packed, w.base, Int64(w.stride)) == CK_OK)
    let result = PoisonedMatrix(rows: expected.rows, columns: expected.columns)
    #expect(call(packed, result) == CK_OK)
    #expect(result.bits == expected.bits, "packed \(m)x\(n)x\(k)")
    #expect(result.padsAreIntact)
  }
}
