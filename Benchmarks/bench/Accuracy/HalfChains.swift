// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// What the length of float16's chains costs in exactness and gains in speed: a product of random
/// operands, by the emulation, which has the bits of the machines that have the instructions.
struct HalfChains {
  /// Errors in units of the sum of the terms' sizes, against the product of the unrounded operands.
  struct Line: Encodable {
    /// The format, and for float16 the pairs summed in 16 bits; nil for sums in 32.
    let format: String
    let chain: Int?
    /// The largest error that the bound allows.
    let bound: Double
    /// Root mean square and largest for terms of both signs, and largest for those of one.
    let mixedRMS, mixedLargest, positiveLargest: Double
    /// Multiply-adds a second, as times those of single precision; nil without the instructions.
    let speed: Double?
  }

  let depth: Int
  private static let side = 64

  func lines() throws -> [Line] {
    let chains = [4, 8, 16, 32, 64, 128].map { Optional($0) }
    return try [line(CK_BF16, chain: nil)] + ([nil] + chains).map { try line(CK_F16, chain: $0) }
  }

  private func line(_ format: ck_half_format, chain: Int?) throws -> Line {
    let rounding = format == CK_BF16 ? 0x1p-7 + 0x1p-16 : 0x1p-10 + 0x1p-22
    let length = Double(chain ?? 0)
    let mixed = try errors(format, chain: chain, in: -1...1)
    let positive = try errors(format, chain: chain, in: 0...1)
    return Line(
      format: format == CK_BF16 ? "bfloat16" : "float16", chain: chain,
      bound: rounding + length / (2048 - length) + Double(depth) * 0x1p-24,
      mixedRMS: (mixed.map { $0 * $0 }.reduce(0, +) / Double(mixed.count)).squareRoot(),
      mixedLargest: mixed.max() ?? 0, positiveLargest: positive.max() ?? 0,
      speed: try speed(format, chain: chain))
  }

  private func speed(_ format: ck_half_format, chain: Int?) throws -> Double? {
    guard format == CK_BF16 || chain != nil, let best = BenchContext.availableInstructionSets.last
    else { return nil }
    let context = try BenchContext(instructionSet: best, threads: 1)
    if let chain {
      try check(ck_context_set_f16_chain(context.pointer, Int64(chain)), "the chain's length")
    }
    var rate = ck_half_rate()
    try check(ck_context_half_rate(context.pointer, format, &rate), "ck_context_half_rate")
    return rate.direct > 0 ? rate.direct / rate.single : nil
  }

  private func errors(
    _ format: ck_half_format, chain: Int?, in range: ClosedRange<Float>
  ) throws -> [Double] {
    let (side, k) = (Int64(Self.side), Int64(depth))
    let context = try BenchContext(instructionSet: CK_ISA_PORTABLE, threads: 1)
    try check(
      ck_context_set_half_path(
        context.pointer, format, chain == nil ? CK_HALF_WIDENED : CK_HALF_EMULATED),
      "ck_context_set_half_path")
    if let chain {
      try check(ck_context_set_f16_chain(context.pointer, Int64(chain)), "the chain's length")
    }
    let x = FloatBuffer(count: Self.side * depth, seed: 1, in: range)
    let w = FloatBuffer(count: Self.side * depth, seed: 2, in: range)
    let y = FloatBuffer(count: Self.side * Self.side)
    let packed = try WeightPacking(
      context, format: format, outputs: side, inputs: k, weights: w, stride: k)
    let half = try HalfBuffer(context, format, x, rows: side, columns: k, stride: k)
    let none = ck_activation(kind: CK_IDENTITY, slope: 0)
    try check(
      ck_dense_forward_half(
        context.pointer, side, packed.pointer, half.pointer, k, nil, none,
        ck_result(f32: y.pointer, half: nil, ld: side)), "ck_dense_forward_half")
    var exact = [Double](repeating: 0, count: y.count)
    var sizes = exact
    ck_reference_dense_forward_f32(
      side, side, k, x.pointer, k, w.pointer, k, nil, none, &exact, &sizes)
    return (0..<y.count).map { abs(Double(y.pointer[$0]) - exact[$0]) / sizes[$0] }
  }
}
