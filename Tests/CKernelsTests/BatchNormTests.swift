// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport
import Testing

@Suite struct BatchNormTests {
  private let epsilon: Float = 1e-5

  /// Every instruction set, activation and ragged shape against the reference.
  @Test(arguments: ck_isa.available) func forwardAndBackward(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    for (m, n) in [(2, 1), (3, 17), (31, 16), (33, 64), (65, 127), (500, 200)] {
      for act in ck_activation.all {
        try compare(context, m, n, act, "\(m)x\(n), \(act.kind)")
      }
    }
  }

  private func compare(
    _ context: TestContext, _ m: Int, _ n: Int, _ act: ck_activation, _ label: String
  ) throws {
    let x = PoisonedMatrix(rows: m, columns: n, seed: 1)
    // A column whose mean is far from zero.
    for row in 0..<m { x[row, 0] += 100 }
    let weight = PoisonedMatrix(rows: 1, columns: n, seed: 2)
    let bias = PoisonedMatrix(rows: 1, columns: n, seed: 3)
    let (mean, variance, inverse) = (
      PoisonedMatrix(rows: 1, columns: n), PoisonedMatrix(rows: 1, columns: n),
      PoisonedMatrix(rows: 1, columns: n)
    )
    let y = PoisonedMatrix(rows: m, columns: n)
    #expect(
      ck_batch_norm_forward_f32(
        context.pointer, Int64(m), Int64(n), x.base, Int64(x.stride), weight.base, bias.base,
        epsilon, act, mean.base, variance.base, inverse.base, y.base, Int64(y.stride)) == CK_OK)
    var comparison = Comparison()
    var exact = [Double](repeating: 0, count: m * n)
    var bounds = exact
    var (means, variances) = (
      [Double](repeating: 0, count: n), [Double](repeating: 0, count: n)
    )
    ck_reference_batch_norm_forward_f32(
      Int64(m), Int64(n), x.base, Int64(x.stride), weight.base, bias.base, epsilon, act, &means,
      &variances, &exact, &bounds)
    for column in 0..<n {
      let size = (0..<m).reduce(0.0) { $0 + abs(Double(x[$1, column])) } / Double(m)
      comparison.add(
        mean[0, column], means[column], bound: 40 * roundoff * size, "mean \(column)")
      let shift = 40 * roundoff * size
      comparison.add(
        variance[0, column], variances[column],
        bound: 40 * roundoff * variances[column] + 2 * shift * shift, "variance \(column)")
      for row in 0..<m {
        comparison.add(
          y[row, column], exact[row * n + column], bound: bounds[row * n + column],
          "y [\(row), \(column)]")
      }
    }
    #expect(comparison.passes, "\(label): \(comparison.failure ?? "")")
    #expect(y.padsAreIntact && mean.padsAreIntact && variance.padsAreIntact)

    for fixed in [false, true] {
      let dy = PoisonedMatrix(rows: m, columns: n, seed: 4)
      let dx = PoisonedMatrix(rows: m, columns: n)
      let (dweight, dbias) = (
        PoisonedMatrix(rows: 1, columns: n), PoisonedMatrix(rows: 1, columns: n)
      )
      #expect(
        ck_batch_norm_backward_f32(
          context.pointer, Int64(m), Int64(n), dy.base, Int64(dy.stride), y.base, Int64(y.stride),
          x.base, Int64(x.stride), weight.base, mean.base, inverse.base, act, fixed, dweight.base,
          dbias.base, dx.base, Int64(dx.stride)) == CK_OK)
      var (weights, biases) = (means, means)
      var (weightBounds, biasBounds) = (means, means)
      ck_reference_batch_norm_backward_f32(
        Int64(m), Int64(n), dy.base, Int64(dy.stride), y.base, Int64(y.stride), x.base,
        Int64(x.stride), weight.base, mean.base, inverse.base, act, fixed, &weights, &biases,
        &exact, &weightBounds, &biasBounds, &bounds)
      var comparison = Comparison()
      for column in 0..<n {
        comparison.add(
          dweight[0, column], weights[column], bound: weightBounds[column], "dweight \(column)")
        comparison.add(dbias[0, column], biases[column], bound: biasBounds[column], "dbias")
        for row in 0..<m {
          comparison.add(
            dx[row, column], exact[row * n + column], bound: bounds[row * n + column],
            "dx [\(row), \(column)]")
        }
      }
      #expect(comparison.passes, "\(label), fixed \(fixed): \(comparison.failure ?? "")")
      #expect(dx.padsAreIntact && dweight.padsAreIntact && dbias.padsAreIntact)
      // In the place of dy.
      #expect(
        ck_batch_norm_backward_f32(
          context.pointer, Int64(m), Int64(n), dy.base, Int64(dy.stride), y.base, Int64(y.stride),
          x.base, Int64(x.stride), weight.base, mean.base, inverse.base, act, fixed, dweight.base,
          dbias.base, dy.base, Int64(dy.stride)) == CK_OK)
      #expect(dy.bits == dx.bits, "\(label)")
    }
  }

  @Test func sameBitsForAnyNumberOfThreadsAndLevel() throws {
    func bits(_ isa: ck_isa, threads: Int32) throws -> [[UInt32]] {
      let context = try TestContext(isa: isa, threads: threads)
      let x = PoisonedMatrix(rows: 500, columns: 200, seed: 1)
      let vectors = (0..<7).map { PoisonedMatrix(rows: 1, columns: 200, seed: UInt64($0)) }
      let y = PoisonedMatrix(rows: 500, columns: 200)
      let dx = PoisonedMatrix(rows: 500, columns: 200)
      let relu = ck_activation(kind: CK_RELU, slope: 0)
      ck_batch_norm_forward_f32(
        context.pointer, 500, 200, x.base, Int64(x.stride), vectors[0].base, vectors[1].base,
        epsilon, relu, vectors[2].base, vectors[3].base, vectors[4].base, y.base, Int64(y.stride))
      ck_batch_norm_backward_f32(
        context.pointer, 500, 200, x.base, Int64(x.stride), y.base, Int64(y.stride), x.base,
        Int64(x.stride), vectors[0].base, vectors[2].base, vectors[4].base, relu, false,
        vectors[5].base, vectors[6].base, dx.base, Int64(dx.stride))
      return vectors.map(\.bits) + [y.bits, dx.bits]
    }
    for isa in ck_isa.available {
      let alone = try bits(isa, threads: 1)
      for threads: Int32 in [2, 3, 8] { #expect(try bits(isa, threads: threads) == alone) }
      if isa != CK_ISA_PORTABLE { #expect(try alone == bits(ck_isa.available.last!, threads: 1)) }
    }
  }

  @Test func refusals() throws {
    let context = try TestContext(isa: CK_ISA_PORTABLE)
    let identity = ck_activation.all[0]
    var v = [Float](repeating: 1, count: 16)
    v.withUnsafeMutableBufferPointer {
      let p = $0.baseAddress!
      func forward(_ m: Int64, _ epsilon: Float, _ weight: UnsafeMutablePointer<Float>?)
        -> ck_status
      {
        ck_batch_norm_forward_f32(
          context.pointer, m, 2, p, 2, weight, p, epsilon, identity, p, p, p, p, 2)
      }
      #expect(forward(1, 1e-5, p) == CK_ERROR_SHAPE)
      #expect(forward(2, 0, p) == CK_ERROR_VALUE && forward(2, .nan, p) == CK_ERROR_VALUE)
      #expect(forward(2, 1e-5, nil) == CK_ERROR_NULL)
    }
  }
}
