// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport
import Testing

@Suite struct SoftmaxTests {
  private let spans = [
    ck_span(offset: 0, width: 1), ck_span(offset: 2, width: 3), ck_span(offset: 5, width: 16),
    ck_span(offset: 21, width: 17), ck_span(offset: 38, width: 0), ck_span(offset: 40, width: 127),
  ]
  private let columns = 170

  @Test(arguments: ck_isa.available, [Float(0.2), 1, 3])
  func forwardAndBackward(isa: ck_isa, temperature: Float) throws {
    let context = try TestContext(isa: isa)
    let x = PoisonedMatrix(rows: 9, columns: columns, seed: 1)
    let y = PoisonedMatrix(rows: 9, columns: columns, seed: 2)
    let before = y.bits
    #expect(
      ck_softmax_f32(
        context.pointer, 9, x.base, Int64(x.stride), spans, Int64(spans.count), temperature, y.base,
        Int64(y.stride)) == CK_OK)
    let g = PoisonedMatrix(rows: 9, columns: columns, seed: 3)
    let dx = PoisonedMatrix(rows: 9, columns: columns, seed: 4)
    #expect(
      ck_softmax_backward_f32(
        context.pointer, 9, g.base, Int64(g.stride), y.base, Int64(y.stride), spans,
        Int64(spans.count), temperature, dx.base, Int64(dx.stride)) == CK_OK)
    var exact = [Double](repeating: 0, count: 9 * columns)
    var (bounds, exactGradients, gradientBounds) = (exact, exact, exact)
    ck_reference_softmax_f32(
      9, Int64(columns), x.base, Int64(x.stride), nil, 0, spans, Int64(spans.count), temperature,
      &exact, &bounds)
    ck_reference_softmax_backward_f32(
      9, Int64(columns), g.base, Int64(g.stride), y.base, Int64(y.stride), spans,
      Int64(spans.count), temperature, &exactGradients, &gradientBounds)
    var comparison = Comparison()
    for r in 0..<9 {
      for c in spans.flatMap({ Int($0.offset)..<Int($0.offset + $0.width) }) {
        let i = r * columns + c
        comparison.add(y[r, c], exact[i], bound: bounds[i], "y [\(r), \(c)]")
        comparison.add(dx[r, c], exactGradients[i], bound: gradientBounds[i], "dx [\(r), \(c)]")
      }
      for c in [1, 38, 39, 167, 168, 169] {
        #expect(y[r, c].bitPattern == before[r * columns + c], "column \(c) belongs to no span")
      }
    }
    #expect(comparison.passes, "\(comparison.failure ?? "")")
    #expect(y.padsAreIntact && dx.padsAreIntact)
  }

  /// Rows are worked on by the thousand elements and in squares of 16: as many of them as there
  /// are, each comes out as it does alone.
  @Test(arguments: ck_isa.available, Array(1...16)) func rowsStandAlone(
    isa: ck_isa, width: Int
  ) throws {
    let context = try TestContext(isa: isa)
    let rows = 1024 / width + 19
    let spans = [ck_span(offset: 1, width: Int64(width))]
    let x = PoisonedMatrix(rows: rows, columns: width + 1, seed: 5)
    let noise = ck_random_stream(seed: 3, step: 1, purpose: 2)
    let y = PoisonedMatrix(rows: rows, columns: width + 1, seed: 6)
    let gumbel = PoisonedMatrix(rows: rows, columns: width + 1, seed: 7)
    #expect(
      ck_softmax_f32(
        context.pointer, Int64(rows), x.base, Int64(x.stride), spans, 1, 0.5, y.base,
        Int64(y.stride)) == CK_OK)
    #expect(
      ck_gumbel_softmax_f32(
        context.pointer, Int64(rows), Int64(width + 1), x.base, Int64(x.stride), spans, 1, 0.5,
        noise, 0, gumbel.base, Int64(gumbel.stride)) == CK_OK)
    for r in [0, 1, 15, 16, rows / 2, rows - 4, rows - 1] {
      let row = (0...width).map { x[r, $0] }
      var alone = row
      ck_softmax_f32(context.pointer, 1, row, Int64(width + 1), spans, 1, 0.5, &alone, 17)
      var drawn = row
      ck_gumbel_softmax_f32(
        context.pointer, 1, Int64(width + 1), row, Int64(width + 1), spans, 1, 0.5, noise,
        UInt64(r * (width + 1)), &drawn, 17)
      for c in 1...width {
        #expect(y[r, c].bitPattern == alone[c].bitPattern, "[\(r), \(c)]")
        #expect(gumbel[r, c].bitPattern == drawn[c].bitPattern, "Gumbel [\(r), \(c)]")
      }
    }
    #expect(y.padsAreIntact && gumbel.padsAreIntact)
  }

  @Test(arguments: ck_isa.available) func extremes(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    for x: [Float] in [
      [1e4, -1e4, 0], [-1e4, -1e4, -1e4], [.leastNormalMagnitude, 0, 0], [-.infinity, 0, 1],
    ] {
      var y = [Float](repeating: .nan, count: 3)
      ck_softmax_f32(context.pointer, 1, x, 3, [ck_span(offset: 0, width: 3)], 1, 0.2, &y, 3)
      #expect(abs(y.reduce(0, +) - 1) <= 4 * 0x1p-24, "\(x): \(y)")
      #expect(y.allSatisfy { $0 >= 0 }, "\(x): \(y)")
    }
  }

  /// Without temperature's help the largest of logit + Gumbel noise falls on a level with its
  /// softmax probability: five standard errors of 20,000 rows.
  @Test(arguments: ck_isa.available) func gumbelDrawsTheSoftmax(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    let rows = 20_000
    let logits: [Float] = [0.5, -1, 2, 0]
    let x = (0..<rows).flatMap { _ in logits }
    var y = x
    #expect(
      ck_gumbel_softmax_f32(
        context.pointer, Int64(rows), 4, x, 4, [ck_span(offset: 0, width: 4)], 1, 0.2,
        ck_random_stream(seed: 3, step: 1, purpose: 2), 0, &y, 4) == CK_OK)
    var exact = [Double](repeating: 0, count: 4)
    var bounds = exact
    ck_reference_softmax_f32(
      1, 4, logits, 4, nil, 0, [ck_span(offset: 0, width: 4)], 1, 1, &exact, &bounds)
    for level in 0..<4 {
      let count = (0..<rows).count { r in
        (0..<4).allSatisfy { y[4 * r + level] >= y[4 * r + $0] }
      }
      let error = abs(Double(count) / Double(rows) - exact[level])
      let bound = 5 * (exact[level] * (1 - exact[level]) / Double(rows)).squareRoot()
      #expect(error <= bound, "level \(level): \(count), expected \(exact[level])")
    }
  }
}
