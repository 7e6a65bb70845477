import CKernels
import TestSupport
import Testing

/// Products of bfloat16 against the reference in double precision on the rounded operands.
///
/// Both ways of multiplying add each exact product (16 bits of mantissa) with one rounding, as the
/// f32 kernels do, so the bounds of ``DenseTests`` hold; a result of 16 bits is rounded once more, by
/// at most half a unit in its last place, 2^-8 of itself. Denormals count as zero.
@Suite struct DenseBF16Tests {
  /// A level and a way of multiplying that this machine has.
  struct Way: CustomTestStringConvertible {
    var isa: ck_isa
    var path: ck_bf16_path
    var testDescription: String { isa.testDescription + (path == CK_BF16_DOT ? " dot" : "") }

    static let available: [Way] = ck_isa.available.flatMap { isa in
      [CK_BF16_WIDENED, CK_BF16_DOT].compactMap { path in
        guard let context = try? KernelContext(isa: isa),
          ck_context_set_bf16_path(context.pointer, path) == CK_OK
        else { return nil }
        return Way(isa: isa, path: path)
      }
    }
  }

  private func context(_ way: Way, threads: Int32 = 2) throws -> KernelContext {
    let context = try KernelContext(isa: way.isa, threads: threads)
    try #require(ck_context_set_bf16_path(context.pointer, way.path) == CK_OK)
    return context
  }

  private final class Packed {
    let pointer: OpaquePointer

    init(_ context: KernelContext, _ w: PoisonedMatrix) throws {
      var created: OpaquePointer?
      try #require(
        ck_packed_weights_bf16_create(context.pointer, Int64(w.rows), Int64(w.columns), &created)
          == CK_OK)
      pointer = try #require(created)
      #expect(
        ck_packed_weights_bf16_update(context.pointer, pointer, w.base, Int64(w.stride)) == CK_OK)
    }

    deinit { ck_packed_weights_bf16_destroy(pointer) }
  }

  private func bound(_ depth: Int, _ magnitude: Double, _ reference: Double, narrow: Bool) -> Double
  {
    let wide =
      Double(depth + 4) * roundoff * magnitude * 1.76 + 8 * roundoff * abs(reference) + 1e-37
    return narrow ? wide * 1.01 + abs(reference) * 0x1p-8 : wide
  }

  private func compare(
    _ value: (Int, Int) -> Float, rows: Int, columns: Int, _ reference: [Double],
    _ magnitudes: [Double], depth: Int, narrow: Bool, _ name: String
  ) {
    var comparison = Comparison()
    for r in 0..<rows {
      for c in 0..<columns {
        let i = r * columns + c
        comparison.add(
          value(r, c), reference[i],
          bound: bound(depth, magnitudes[i], reference[i], narrow: narrow), "\(name) [\(r), \(c)]")
      }
    }
    #expect(comparison.passes, "\(comparison.failure ?? "")")
  }

  @Test(arguments: Way.available) func forward(way: Way) throws {
    let context = try context(way)
    for (i, (m, n, k)) in Sizes.triples.enumerated() {
      let act = ck_activation.all[i % 6]
      let x = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: k, seed: 1))
      let w = PoisonedMatrix(rows: n, columns: k, pad: 5, seed: 2)
      let b = PoisonedMatrix(rows: 1, columns: n, seed: 3)
      let bias = i % 4 == 3 ? nil : b.base
      let packed = try Packed(context, w)
      let (wide, narrow) = (
        PoisonedMatrix(rows: m, columns: n, pad: 1), PoisonedBF16Matrix(rows: m, columns: n)
      )
      for result in [
        ck_result(f32: wide.base, bf16: nil, ld: Int64(wide.stride)),
        ck_result(f32: nil, bf16: narrow.base, ld: Int64(narrow.stride)),
      ] {
        #expect(
          ck_dense_forward_bf16(
            context.pointer, Int64(m), packed.pointer, x.base, Int64(x.stride), bias, act, result)
            == CK_OK)
      }
      let (x32, w32) = (x.widened, PoisonedBF16Matrix(w).widened)
      var reference = [Double](repeating: 0, count: m * n)
      var magnitudes = reference
      ck_reference_dense_forward_f32(
        Int64(m), Int64(n), Int64(k), x32.base, Int64(x32.stride), w32.base, Int64(w32.stride),
        bias,
        act, &reference, &magnitudes)
      let name = "forward \(m)x\(n)x\(k) activation \(act.kind)"
      compare(
        { wide[$0, $1] }, rows: m, columns: n, reference, magnitudes, depth: k, narrow: false, name)
      compare(
        { narrow[$0, $1] }, rows: m, columns: n, reference, magnitudes, depth: k, narrow: true, name
      )
      #expect(wide.padsAreIntact && narrow.padsAreIntact, "\(name) wrote behind a row")
    }
  }

  @Test(arguments: Way.available) func tangent(way: Way) throws {
    let context = try context(way)
    for (i, (m, n, k)) in Sizes.triples.enumerated() {
      let act = ck_activation.all[i % 6]
      let q = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: k, seed: 4))
      let w = PoisonedMatrix(rows: n, columns: k, seed: 5)
      let h = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: n, seed: 6), pad: 2)
      let packed = try Packed(context, w)
      let out = PoisonedMatrix(rows: m, columns: n)
      #expect(
        ck_dense_tangent_bf16(
          context.pointer, Int64(m), packed.pointer, q.base, Int64(q.stride), h.base,
          Int64(h.stride), act, ck_result(f32: out.base, bf16: nil, ld: Int64(out.stride)))
          == CK_OK)
      let (q32, w32, h32) = (q.widened, PoisonedBF16Matrix(w).widened, h.widened)
      var reference = [Double](repeating: 0, count: m * n)
      var magnitudes = reference
      ck_reference_dense_forward_f32(
        Int64(m), Int64(n), Int64(k), q32.base, Int64(q32.stride), w32.base, Int64(w32.stride), nil,
        ck_activation.all[0], &reference, &magnitudes)
      // 1 - h h and its like cancel: their rounding counts against the product itself.
      let slack = magnitudes.map { 6 * $0 }
      ck_reference_dense_tangent_f32(
        Int64(m), Int64(n), Int64(k), q32.base, Int64(q32.stride), w32.base, Int64(w32.stride),
        h32.base, Int64(h32.stride), act, &reference, &magnitudes)
      let name = "tangent \(m)x\(n)x\(k) activation \(act.kind)"
      compare({ out[$0, $1] }, rows: m, columns: n, reference, slack, depth: k, narrow: false, name)
      #expect(out.padsAreIntact, "\(name) wrote behind a row")
    }
  }

  @Test(arguments: Way.available) func backwardData(way: Way) throws {
    let context = try context(way)
    for (i, (m, n, k)) in Sizes.triples.enumerated() {
      let act = ck_activation.all[i % 6]
      let dz = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: n, seed: 7))
      let w = PoisonedMatrix(rows: n, columns: k, seed: 8)
      let h = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: k, seed: 9), pad: 4)
      let hasFactor = i % 3 != 0
      let packed = try Packed(context, w)
      let (wide, narrow) = (
        PoisonedMatrix(rows: m, columns: k), PoisonedBF16Matrix(rows: m, columns: k)
      )
      for result in [
        ck_result(f32: wide.base, bf16: nil, ld: Int64(wide.stride)),
        ck_result(f32: nil, bf16: narrow.base, ld: Int64(narrow.stride)),
      ] {
        #expect(
          ck_dense_backward_data_bf16(
            context.pointer, Int64(m), packed.pointer, dz.base, Int64(dz.stride),
            hasFactor ? h.base : nil, Int64(h.stride), act, result) == CK_OK)
      }
      let (dz32, w32, h32) = (dz.widened, PoisonedBF16Matrix(w).widened, h.widened)
      var reference = [Double](repeating: 0, count: m * k)
      var magnitudes = reference
      ck_reference_dense_backward_data_f32(
        Int64(m), Int64(n), Int64(k), dz32.base, Int64(dz32.stride), w32.base, Int64(w32.stride),
        nil, 0, act, &reference, &magnitudes)
      // 1 - h h and its like cancel: their rounding counts against the product itself.
      let slack = magnitudes.map { 6 * $0 }
      ck_reference_dense_backward_data_f32(
        Int64(m), Int64(n), Int64(k), dz32.base, Int64(dz32.stride), w32.base, Int64(w32.stride),
        hasFactor ? h32.base : nil, Int64(h32.stride), act, &reference, &magnitudes)
      let name = "backward_data \(m)x\(n)x\(k) activation \(act.kind)"
      compare(
        { wide[$0, $1] }, rows: m, columns: k, reference, slack, depth: n, narrow: false, name)
      compare(
        { narrow[$0, $1] }, rows: m, columns: k, reference, slack, depth: n, narrow: true, name)
      #expect(wide.padsAreIntact && narrow.padsAreIntact, "\(name) wrote behind a row")
    }
  }

  @Test(arguments: Way.available) func backwardWeights(way: Way) throws {
    let context = try context(way)
    for (m, n, k) in Sizes.triples + [(1101, 33, 65), (513, 7, 300)] {
      let dz = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: n, seed: 10))
      let x = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: k, seed: 11))
      let (dw, db) = (
        PoisonedMatrix(rows: n, columns: k, pad: 2), PoisonedMatrix(rows: 1, columns: n)
      )
      let (dz32, x32) = (dz.widened, x.widened)
      var reference = [Double](repeating: 0, count: n * k)
      var magnitudes = reference
      var sums = [Double](repeating: 0, count: n)
      var sumMagnitudes = sums
      ck_reference_dense_backward_weights_f32(
        Int64(m), Int64(n), Int64(k), dz32.base, Int64(dz32.stride), x32.base, Int64(x32.stride),
        &reference, &sums, &magnitudes, &sumMagnitudes)
      for (times, accumulate) in [(1.0, false), (2.0, true)] {
        #expect(
          ck_dense_backward_weights_bf16(
            context.pointer, Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), x.base,
            Int64(x.stride), dw.base, Int64(dw.stride), db.base, accumulate) == CK_OK)
        let name = "backward_weights \(m)x\(n)x\(k), \(times) times"
        compare(
          { dw[$0, $1] }, rows: n, columns: k, reference.map { times * $0 },
          magnitudes.map { times * $0 }, depth: 2 * m, narrow: false, name)
        compare(
          { db[$0, $1] }, rows: 1, columns: n, sums.map { times * $0 },
          sumMagnitudes.map { times * $0 }, depth: 2 * m, narrow: false, name)
        #expect(dw.padsAreIntact && db.padsAreIntact, "\(name) wrote behind a row")
      }
    }
  }

  /// The same bits for any number of threads.
  @Test(arguments: Way.available) func threads(way: Way) throws {
    let (m, n, k) = (777, 200, 130)
    let x = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: k, seed: 1))
    let dz = PoisonedBF16Matrix(PoisonedMatrix(rows: m, columns: n, seed: 4))
    let w = PoisonedMatrix(rows: n, columns: k, seed: 2)
    func run(_ threads: Int32) throws -> ([ck_bf16], [UInt32], [UInt32]) {
      let context = try context(way, threads: threads)
      let packed = try Packed(context, w)
      let y = PoisonedBF16Matrix(rows: m, columns: n)
      let (dx, dw) = (PoisonedMatrix(rows: m, columns: k), PoisonedMatrix(rows: n, columns: k))
      let leaky = ck_activation(kind: CK_LEAKY_RELU, slope: 0.2)
      #expect(
        ck_dense_forward_bf16(
          context.pointer, Int64(m), packed.pointer, x.base, Int64(x.stride), nil, leaky,
          ck_result(f32: nil, bf16: y.base, ld: Int64(y.stride))) == CK_OK)
      #expect(
        ck_dense_backward_data_bf16(
          context.pointer, Int64(m), packed.pointer, dz.base, Int64(dz.stride), x.base,
          Int64(x.stride), leaky, ck_result(f32: dx.base, bf16: nil, ld: Int64(dx.stride)))
          == CK_OK)
      #expect(
        ck_dense_backward_weights_bf16(
          context.pointer, Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), x.base,
          Int64(x.stride), dw.base, Int64(dw.stride), nil, false) == CK_OK)
      return (y.bits, dx.bits, dw.bits)
    }
    let alone = try run(1)
    for threads: Int32 in [2, 3] {
      let together = try run(threads)
      #expect(together.0 == alone.0 && together.1 == alone.1 && together.2 == alone.2)
    }
  }

  /// The rates are measured, and the way chosen is the faster one.
  @Test func theFasterWay() throws {
    for isa in ck_isa.available {
      let context = try KernelContext(isa: isa)
      var rate = ck_bf16_rate()
      #expect(ck_context_bf16_rate(context.pointer, &rate) == CK_OK)
      if rate.dot > 0 {
        #expect(rate.fma > 1e9)
        #expect((rate.path == CK_BF16_DOT) == (rate.dot > 1.1 * rate.fma))
      } else {
        #expect(rate.path == CK_BF16_WIDENED)
        #expect(ck_context_set_bf16_path(context.pointer, CK_BF16_DOT) == CK_ERROR_ISA)
      }
      #expect(ck_context_bf16_rate(nil, &rate) == CK_ERROR_NULL)
    }
  }

  /// Weights belong to the way they were packed for, and a result goes to one place.
  @Test func misuse() throws {
    let context = try KernelContext(isa: ck_isa.available.last!)
    let w = PoisonedMatrix(rows: 3, columns: 4, seed: 1)
    let x = PoisonedBF16Matrix(PoisonedMatrix(rows: 2, columns: 4, seed: 1))
    let y = PoisonedMatrix(rows: 2, columns: 3)
    let packed = try Packed(context, w)
    func forward(_ result: ck_result) -> ck_status {
      ck_dense_forward_bf16(
        context.pointer, 2, packed.pointer, x.base, Int64(x.stride), nil, ck_activation.all[0],
        result)
    }
    #expect(forward(ck_result(f32: y.base, bf16: x.base, ld: 8)) == CK_ERROR_VALUE)
    #expect(forward(ck_result(f32: nil, bf16: nil, ld: 8)) == CK_ERROR_NULL)
    #expect(forward(ck_result(f32: y.base, bf16: nil, ld: 2)) == CK_ERROR_SHAPE)
    if Way.available.contains(where: { $0.path == CK_BF16_DOT }) {
      #expect(ck_context_set_bf16_path(context.pointer, CK_BF16_WIDENED) == CK_OK)
      #expect(forward(ck_result(f32: y.base, bf16: nil, ld: 4)) == CK_ERROR_ISA)
    }
  }
}
