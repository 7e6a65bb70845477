// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport
import Testing

/// Products of 16-bit operands against the reference in double precision on the rounded operands.
///
/// Widening, and dot products of bfloat16, add each exact product (at most 22 bits of mantissa)
/// with one rounding, as the f32 kernels do, so the bounds of ``DenseTests`` hold (bfloat16:
/// denormals count as zero). Chains of float16 err by half a unit of 11 bits of each partial sum;
/// docs/reference/numerics.md derives their bound. A result of 16 bits is rounded once more.
@Suite struct DenseHalfTests {
  /// A level, a format and a way of multiplying it that this machine has.
  struct ExecutionPath: CustomTestStringConvertible {
    var isa: ck_isa
    var format: ck_half_format
    var path: ck_half_path
    var chain = Int64(CK_F16_CHAIN)

    var testDescription: String {
      let path =
        path == CK_HALF_DIRECT ? "direct" : path == CK_HALF_EMULATED ? "emulated" : "widened"
      return "\(isa.testDescription) \(format == CK_BF16 ? "bfloat16" : "float16") \(path)"
    }

    var isChained: Bool { format == CK_F16 && path != CK_HALF_WIDENED }

    static let available: [ExecutionPath] = ck_isa.available.flatMap { isa in
      [CK_BF16, CK_F16].flatMap { format in
        [CK_HALF_WIDENED, CK_HALF_DIRECT, CK_HALF_EMULATED].compactMap { path in
          guard let context = try? TestContext(isa: isa),
            ck_context_set_half_path(context.pointer, format, path) == CK_OK
          else { return nil }
          return ExecutionPath(isa: isa, format: format, path: path)
        }
      }
    }

    /// What an f32 result of a sum of `depth` terms errs by at most, the activation's slope
    /// included.
    func bound(_ depth: Int, _ magnitude: Double, _ reference: Double, half: Bool) -> Double {
      let (depth, length) = (Double(depth), Double(chain))
      var wide = (depth + 4) * roundoff * magnitude + 1e-37
      if isChained {
        wide =
          length / (2048 - length) * magnitude + depth * 0x1p-25
          + (depth / (2 * length) + depth / 128 + 8) * roundoff * magnitude
      }
      wide = 1.76 * wide + 8 * roundoff * abs(reference)
      guard half else { return wide }
      let rounding =
        format == CK_BF16 ? abs(reference) * 0x1p-8 : abs(reference) * 0x1p-11 + 0x1p-25
      return wide * 1.01 + rounding
    }
  }

  private func context(_ execution: ExecutionPath, threads: Int32 = 2) throws -> TestContext {
    let context = try TestContext(isa: execution.isa, threads: threads)
    try #require(
      ck_context_set_half_path(context.pointer, execution.format, execution.path) == CK_OK)
    try #require(ck_context_set_f16_chain(context.pointer, execution.chain) == CK_OK)
    return context
  }

  private final class Packed {
    let pointer: OpaquePointer

    init(_ context: TestContext, _ format: ck_half_format, _ w: PoisonedMatrix) throws {
      var created: OpaquePointer?
      try #require(
        ck_packed_half_weights_create(
          context.pointer, format, Int64(w.rows), Int64(w.columns), &created)
          == CK_OK)
      pointer = try #require(created)
      #expect(
        ck_packed_half_weights_update(context.pointer, pointer, w.base, Int64(w.stride)) == CK_OK)
    }

    deinit { ck_packed_half_weights_destroy(pointer) }
  }

  private func compare(
    _ value: (Int, Int) -> Float, rows: Int, columns: Int, _ reference: [Double],
    _ magnitudes: [Double], execution: ExecutionPath, depth: Int, half: Bool, _ name: String
  ) {
    var comparison = Comparison()
    for r in 0..<rows {
      for c in 0..<columns {
        let i = r * columns + c
        comparison.add(
          value(r, c), reference[i],
          bound: execution.bound(depth, magnitudes[i], reference[i], half: half),
          "\(name) [\(r), \(c)]")
      }
    }
    #expect(comparison.passes, "\(comparison.failure ?? "")")
  }

  @Test(arguments: ExecutionPath.available) func forward(execution: ExecutionPath) throws {
    let context = try context(execution)
    for (i, (m, n, k)) in Sizes.triples.enumerated() {
      let act = ck_activation.all[i % 6]
      let x = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: m, columns: k, seed: 1))
      let w = PoisonedMatrix(rows: n, columns: k, pad: 5, seed: 2)
      let b = PoisonedMatrix(rows: 1, columns: n, seed: 3)
      let bias = i % 4 == 3 ? nil : b.base
      let packed = try Packed(context, execution.format, w)
      let (wide, half) = (
        PoisonedMatrix(rows: m, columns: n, pad: 1),
        PoisonedHalfMatrix(execution.format, rows: m, columns: n)
      )
      for result in [
        ck_result(f32: wide.base, half: nil, ld: Int64(wide.stride)),
        ck_result(f32: nil, half: half.base, ld: Int64(half.stride)),
      ] {
        #expect(
          ck_dense_forward_half(
            context.pointer, Int64(m), packed.pointer, x.base, Int64(x.stride), bias, act, result)
            == CK_OK)
      }
      let (x32, w32) = (x.widened, PoisonedHalfMatrix(execution.format, w).widened)
      var reference = [Double](repeating: 0, count: m * n)
      var magnitudes = reference
      ck_reference_dense_forward_f32(
        Int64(m), Int64(n), Int64(k), x32.base, Int64(x32.stride), w32.base, Int64(w32.stride),
        bias,
        act, &reference, &magnitudes)
      let name = "forward \(m)x\(n)x\(k) activation \(act.kind)"
      compare(
        { wide[$0, $1] }, rows: m, columns: n, reference, magnitudes, execution: execution,
        depth: k,
        half: false, name)
      compare(
        { half[$0, $1] }, rows: m, columns: n, reference, magnitudes, execution: execution,
        depth: k,
        half: true, name
      )
      #expect(wide.padsAreIntact && half.padsAreIntact, "\(name) wrote behind a row")
    }
  }

  @Test(arguments: ExecutionPath.available) func tangent(execution: ExecutionPath) throws {
    let context = try context(execution)
    for (i, (m, n, k)) in Sizes.triples.enumerated() {
      let act = ck_activation.all[i % 6]
      let q = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: m, columns: k, seed: 4))
      let w = PoisonedMatrix(rows: n, columns: k, seed: 5)
      let h = PoisonedHalfMatrix(
        execution.format, PoisonedMatrix(rows: m, columns: n, seed: 6), pad: 2)
      let packed = try Packed(context, execution.format, w)
      let out = PoisonedMatrix(rows: m, columns: n)
      #expect(
        ck_dense_tangent_half(
          context.pointer, Int64(m), packed.pointer, q.base, Int64(q.stride), h.base,
          Int64(h.stride), act, ck_result(f32: out.base, half: nil, ld: Int64(out.stride)))
          == CK_OK)
      let (q32, w32, h32) = (q.widened, PoisonedHalfMatrix(execution.format, w).widened, h.widened)
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
      compare(
        { out[$0, $1] }, rows: m, columns: n, reference, slack, execution: execution, depth: k,
        half: false,
        name)
      #expect(out.padsAreIntact, "\(name) wrote behind a row")
    }
  }

  @Test(arguments: ExecutionPath.available) func backwardData(execution: ExecutionPath) throws {
    let context = try context(execution)
    for (i, (m, n, k)) in Sizes.triples.enumerated() {
      let act = ck_activation.all[i % 6]
      let dz = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: m, columns: n, seed: 7))
      let w = PoisonedMatrix(rows: n, columns: k, seed: 8)
      let h = PoisonedHalfMatrix(
        execution.format, PoisonedMatrix(rows: m, columns: k, seed: 9), pad: 4)
      let hasFactor = i % 3 != 0
      let packed = try Packed(context, execution.format, w)
      let (wide, half) = (
        PoisonedMatrix(rows: m, columns: k),
        PoisonedHalfMatrix(execution.format, rows: m, columns: k)
      )
      for result in [
        ck_result(f32: wide.base, half: nil, ld: Int64(wide.stride)),
        ck_result(f32: nil, half: half.base, ld: Int64(half.stride)),
      ] {
        #expect(
          ck_dense_backward_data_half(
            context.pointer, Int64(m), packed.pointer, dz.base, Int64(dz.stride),
            hasFactor ? h.base : nil, Int64(h.stride), act, result) == CK_OK)
      }
      let (dz32, w32, h32) = (
        dz.widened, PoisonedHalfMatrix(execution.format, w).widened, h.widened
      )
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
        { wide[$0, $1] }, rows: m, columns: k, reference, slack, execution: execution, depth: n,
        half: false,
        name)
      compare(
        { half[$0, $1] }, rows: m, columns: k, reference, slack, execution: execution, depth: n,
        half: true,
        name)
      #expect(wide.padsAreIntact && half.padsAreIntact, "\(name) wrote behind a row")
    }
  }

  @Test(arguments: ExecutionPath.available) func backwardWeights(execution: ExecutionPath) throws {
    let context = try context(execution)
    for (m, n, k) in Sizes.triples + [(1101, 33, 65), (513, 7, 300)] {
      let dz = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: m, columns: n, seed: 10))
      let x = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: m, columns: k, seed: 11))
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
          ck_dense_backward_weights_half(
            context.pointer, execution.format, Int64(m), Int64(n), Int64(k), dz.base,
            Int64(dz.stride),
            x.base,
            Int64(x.stride), dw.base, Int64(dw.stride), db.base, accumulate) == CK_OK)
        let name = "backward_weights \(m)x\(n)x\(k), \(times) times"
        compare(
          { dw[$0, $1] }, rows: n, columns: k, reference.map { times * $0 },
          magnitudes.map { times * $0 }, execution: execution, depth: 2 * m, half: false, name)
        compare(
          { db[$0, $1] }, rows: 1, columns: n, sums.map { times * $0 },
          sumMagnitudes.map { times * $0 }, execution: execution, depth: 2 * m, half: false, name)
        #expect(dw.padsAreIntact && db.padsAreIntact, "\(name) wrote behind a row")
      }
    }
  }

  /// The same bits for any number of threads.
  @Test(arguments: ExecutionPath.available) func threads(execution: ExecutionPath) throws {
    let alone = try bits(execution, threads: 1)
    for threads: Int32 in [2, 3] { #expect(try bits(execution, threads: threads) == alone) }
  }

  /// Of the results of all three products.
  private func bits(_ execution: ExecutionPath, threads: Int32) throws -> [[UInt32]] {
    let (m, n, k) = (777, 200, 130)
    let x = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: m, columns: k, seed: 1))
    let dz = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: m, columns: n, seed: 4))
    let w = PoisonedMatrix(rows: n, columns: k, seed: 2)
    let context = try context(execution, threads: threads)
    let packed = try Packed(context, execution.format, w)
    let y = PoisonedHalfMatrix(execution.format, rows: m, columns: n)
    let (dx, dw) = (PoisonedMatrix(rows: m, columns: k), PoisonedMatrix(rows: n, columns: k))
    let leaky = ck_activation(kind: CK_LEAKY_RELU, slope: 0.2)
    #expect(
      ck_dense_forward_half(
        context.pointer, Int64(m), packed.pointer, x.base, Int64(x.stride), nil, leaky,
        ck_result(f32: nil, half: y.base, ld: Int64(y.stride))) == CK_OK)
    #expect(
      ck_dense_backward_data_half(
        context.pointer, Int64(m), packed.pointer, dz.base, Int64(dz.stride), x.base,
        Int64(x.stride), leaky, ck_result(f32: dx.base, half: nil, ld: Int64(dx.stride)))
        == CK_OK)
    #expect(
      ck_dense_backward_weights_half(
        context.pointer, execution.format, Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride),
        x.base,
        Int64(x.stride), dw.base, Int64(dw.stride), nil, false) == CK_OK)
    return [y.bits.map(UInt32.init), dx.bits, dw.bits]
  }

  /// The shorter the chains, the smaller the bound and, where it tells, the error.
  @Test(arguments: [1, 4, 16, 64, 1024]) func chainLength(length: Int64) throws {
    for execution in ExecutionPath.available where execution.isChained {
      var execution = execution
      execution.chain = length
      let context = try context(execution)
      let (m, n, k) = (33, 40, 777)
      let x = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: m, columns: k, seed: 1))
      let w = PoisonedMatrix(rows: n, columns: k, seed: 2)
      let packed = try Packed(context, execution.format, w)
      let y = PoisonedMatrix(rows: m, columns: n)
      #expect(
        ck_dense_forward_half(
          context.pointer, Int64(m), packed.pointer, x.base, Int64(x.stride), nil,
          ck_activation.all[0], ck_result(f32: y.base, half: nil, ld: Int64(y.stride))) == CK_OK)
      let (x32, w32) = (x.widened, PoisonedHalfMatrix(execution.format, w).widened)
      var reference = [Double](repeating: 0, count: m * n)
      var magnitudes = reference
      ck_reference_dense_forward_f32(
        Int64(m), Int64(n), Int64(k), x32.base, Int64(x32.stride), w32.base, Int64(w32.stride), nil,
        ck_activation.all[0], &reference, &magnitudes)
      compare(
        { y[$0, $1] }, rows: m, columns: n, reference, magnitudes, execution: execution, depth: k,
        half: false, "\(execution.testDescription), chains of \(length)")
      // A sum that was never rounded to 11 bits would be nearer.
      let distance = (0..<m * n).map { abs(Double(y[$0 / n, $0 % n]) - reference[$0]) }.max()!
      #expect(distance > 1e-3)
    }
  }

  /// A machine's instructions give the bits of the emulation.
  @Test(
    .enabled(
      if: ExecutionPath.available.contains { $0.isChained && $0.path == CK_HALF_DIRECT },
      "no level of this machine has half-precision arithmetic"))
  func sameBitsAsTheEmulation() throws {
    for direct in ExecutionPath.available where direct.isChained && direct.path == CK_HALF_DIRECT {
      var emulated = direct
      emulated.path = CK_HALF_EMULATED
      #expect(try bits(direct, threads: 2) == bits(emulated, threads: 1))
    }
  }

  /// A chain that leaves the range of half precision is seen in the result.
  @Test func overflow() throws {
    for execution in ExecutionPath.available where execution.isChained {
      let context = try context(execution)
      let (x, w) = (PoisonedMatrix(rows: 1, columns: 2), PoisonedMatrix(rows: 1, columns: 2))
      for c in 0..<2 { (x[0, c], w[0, c]) = (300, 300) }
      let packed = try Packed(context, execution.format, w)
      let half = PoisonedHalfMatrix(execution.format, x)
      let y = PoisonedMatrix(rows: 1, columns: 1)
      #expect(
        ck_dense_forward_half(
          context.pointer, 1, packed.pointer, half.base, Int64(half.stride), nil,
          ck_activation.all[0], ck_result(f32: y.base, half: nil, ld: 1)) == CK_OK)
      #expect(y[0, 0] == .infinity)
    }
  }

  /// The rates are measured, and the way chosen is the faster one.
  @Test(arguments: ck_isa.available) func theFasterPath(isa: ck_isa) throws {
    for format in [CK_BF16, CK_F16] {
      let context = try TestContext(isa: isa)
      var rate = ck_half_rate()
      #expect(ck_context_half_rate(context.pointer, format, &rate) == CK_OK)
      if rate.direct > 0 {
        #expect(rate.single > 1e8)
        #expect((rate.path == CK_HALF_DIRECT) == (rate.direct > 1.1 * rate.single))
      } else {
        #expect(rate.path == CK_HALF_WIDENED)
        #expect(
          ck_context_set_half_path(context.pointer, format, CK_HALF_DIRECT) == CK_ERROR_ISA)
      }
      #expect(ck_context_half_rate(nil, format, &rate) == CK_ERROR_NULL)
      #expect(ck_context_half_rate(context.pointer, format, nil) == CK_ERROR_NULL)
    }
  }

  /// Weights belong to the way they were packed for, and a result goes to one place.
  @Test func misuse() throws {
    let execution = ExecutionPath(
      isa: ck_isa.available.last!, format: CK_F16, path: CK_HALF_EMULATED)
    let context = try context(execution)
    let w = PoisonedMatrix(rows: 3, columns: 4, seed: 1)
    let x = PoisonedHalfMatrix(execution.format, PoisonedMatrix(rows: 2, columns: 4, seed: 1))
    let y = PoisonedMatrix(rows: 2, columns: 3)
    let packed = try Packed(context, execution.format, w)
    func forward(_ result: ck_result) -> ck_status {
      ck_dense_forward_half(
        context.pointer, 2, packed.pointer, x.base, Int64(x.stride), nil, ck_activation.all[0],
        result)
    }
    #expect(forward(ck_result(f32: y.base, half: x.base, ld: 8)) == CK_ERROR_VALUE)
    #expect(forward(ck_result(f32: nil, half: nil, ld: 8)) == CK_ERROR_NULL)
    #expect(forward(ck_result(f32: y.base, half: nil, ld: 2)) == CK_ERROR_SHAPE)
    #expect(ck_context_set_half_path(context.pointer, CK_F16, CK_HALF_WIDENED) == CK_OK)
    #expect(forward(ck_result(f32: y.base, half: nil, ld: 4)) == CK_ERROR_ISA)
    let beyond = ck_half_format(rawValue: 2)
    #expect(
      ck_context_set_half_path(context.pointer, beyond, CK_HALF_WIDENED) == CK_ERROR_VALUE)
    #expect(
      ck_context_set_half_path(context.pointer, CK_BF16, CK_HALF_EMULATED) == CK_ERROR_ISA)
    for length: Int64 in [0, -1, 1025] {
      #expect(ck_context_set_f16_chain(context.pointer, length) == CK_ERROR_VALUE)
    }
  }
}
