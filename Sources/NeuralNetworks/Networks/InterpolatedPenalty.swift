// SPDX-License-Identifier: Apache-2.0

import NumericCore

// The interpolates' first layer is free: z_1 is affine, so at x̂ = α x + (1 - α) x̃ it is α z_1(x)
// + (1 - α) z_1(x̃), and the pass that scored the rows has computed both. Where φ'' = 0 nothing
// else asks for x̂, so these points are never made.

extension MultilayerPerceptron {
  /// `gradientPenalty` (WGAN-GP) at points between the rows of the last `forward`, one for each
  /// pair.
  ///
  /// The points are those of ``Interpolates``; the result is that of `gradientPenalty` there, up to
  /// rounding. The rows that were scored must not have changed.
  ///
  /// - Parameters:
  ///   - real, generated: as many rows of the batch each.
  ///   - random: the stream of α; pair i takes its element `firstPair` + i.
  /// - Throws: as `gradientPenalty`, and `NeuralNetworkError.backwardBeforeForward`.
  public func gradientPenalty(
    between real: Range<Int>, and generated: Range<Int>, random: RandomStream,
    firstPair: Int = 0, weight: Float, target: Float = 1, mode: Mode, gradients: GradientMode,
    in context: ComputeContext
  ) throws -> Float {
    guard let scored = pass.inputs.first else {
      throw NeuralNetworkError.backwardBeforeForward(layer: name)
    }
    guard let slope = activation.invertibleSlope, maps[0].precision == .float32, !hidden.isEmpty
    else {
      let points = try interpolates.points(
        real: scored[rows: real], generated: scored[rows: generated], random: random,
        firstPair: firstPair, in: context)
      return try gradientPenalty(
        at: points, weight: weight, target: target, mode: mode, gradients: gradients, in: context)
    }
    let alphas = try interpolates.alphas(
      real.count, random: random, firstPair: firstPair, in: context)
    let first = pass.activated[0]
    let (realOutput, generatedOutput) = (first[rows: real], first[rows: generated])
    return try gradientPenalty(
      at: scored[rows: real], weight: weight, target: target, mode: mode, gradients: gradients,
      in: context
    ) { output in
      output.setInterpolated(
        realOutput, generatedOutput, alphas: alphas, slope: slope, in: context)
    }
  }
}

extension Activation {
  /// The slope below zero of a function that is z above and can be inverted; nil for others.
  fileprivate var invertibleSlope: Float? {
    switch self {
    case .identity: 1
    case .leakyReLU(let slope) where slope > 0: slope
    default: nil
    }
  }
}

extension Matrix {
  /// φ(α φ⁻¹(a) + (1 - α) φ⁻¹(b)) row by row, where φ has that slope below zero.
  fileprivate func setInterpolated(
    _ a: Matrix, _ b: Matrix, alphas: Matrix, slope: Float, in context: ComputeContext
  ) {
    let columns = self.columns
    let inverse = 1 / slope
    forEachRow(a, b, in: context) { row, y, a, b in
      let alpha = alphas[row, 0]
      for j in 0..<columns {
        let first = a[j] > 0 ? a[j] : inverse * a[j]
        let second = b[j] > 0 ? b[j] : inverse * b[j]
        let z = second + alpha * (first - second)
        y[j] = z > 0 ? z : slope * z
      }
    }
  }
}
