// SPDX-License-Identifier: Apache-2.0

import NumericCore

// R1 and R2 at the very rows of a batch share its passes. With v_l the derivative of a row's score
// by the pre-activations of layer l, the loss's gradient is s v_l (s: the loss's derivative by the
// score) and the penalty's is v_lᵀ q_{l-1} (see GradientPenalty.swift), so that one product makes
// both: dW_l = v_lᵀ (s h_{l-1} + q_{l-1}). That is one forward, one backward and one tangent pass
// and one product of gradients instead of two, two, one and two.

/// A zero-centered gradient penalty on part of a batch: R1 on real rows, R2 on generated ones
/// (Mescheder and others 2018).
public struct RowPenalty: Sendable {
  /// The rows of the batch.
  public var rows: Range<Int>
  /// γ: the penalty is γ / 2 times the mean over these rows of |∇D(x)|².
  public var weight: Float

  /// A penalty of `weight` (γ) on the rows `rows` of a batch.
  public init(rows: Range<Int>, weight: Float) {
    self.rows = rows
    self.weight = weight
  }
}

extension MultilayerPerceptron {
  /// Whether `backward(_:penalties:gradients:in:)` can be used: one output, and an activation
  /// without a second derivative.
  public var sharesPenaltyPasses: Bool { outputs == 1 && activation.isPiecewiseLinear }

  /// `backward` for the last `forward`, together with penalties at the same rows.
  ///
  /// The gradients are those of the loss plus the penalties, as `backward` and
  /// `squaredGradientPenalty` give them one after the other, up to rounding; dropout masks are
  /// those of the forward pass.
  ///
  /// - Parameters:
  ///   - dy: the loss's gradient by the scores, rows by 1.
  ///   - penalties: of disjoint parts of the batch.
  /// - Returns: the sum of the penalties.
  /// - Throws: `NeuralNetworkError.backwardBeforeForward`, `.penaltyNeedsOneOutput`.
  /// - Precondition: `sharesPenaltyPasses`.
  /// - Complexity: one forward, one backward and one weight-gradient pass's worth of arithmetic.
  public func backward(
    _ dy: Matrix, penalties: [RowPenalty], gradients: GradientMode, in context: ComputeContext
  ) throws -> Float {
    guard let rows = pass.rows else {
      throw NeuralNetworkError.backwardBeforeForward(layer: name)
    }
    guard outputs == 1 else { throw NeuralNetworkError.penaltyNeedsOneOutput(outputs: outputs) }
    precondition(activation.isPiecewiseLinear, "The activation has a second derivative")
    try dy.requireShape(rows: rows, columns: 1, "The output gradient of \(name)")

    let seeds = try backwardSeeds(of: pass, in: context)
    let direction = try penaltyStorage.inputGradient.matrix(rows: rows, columns: inputs)
    try maps[0].backwardData(seeds[0], into: direction, in: context)
    let value = try penalize(direction, penalties, in: context)
    guard gradients != .skip else { return value }

    var tangent = direction
    for (index, map) in maps.enumerated() {
      var following: Matrix?
      if index < hidden.count {
        let next = try penaltyStorage.tangents[index].matrix(rows: rows, columns: map.outputs)
        try map.tangent(
          tangent, output: pass.activated[index], activation: activation, into: next, in: context)
        if let mask = pass.applied[index] { try context.multiply(next, mask, into: next) }
        following = next
      }
      // The tangent has been passed on: its place takes the sum.
      tangent.addRows(of: pass.inputs[index], scaledBy: dy, in: context)
      let accumulate = gradients == .accumulate
      try map.backwardWeights(
        seeds[index], input: MixedMatrix(tangent), includingBias: false, accumulate: accumulate,
        in: context)
      if let bias = map.bias {
        try context.denseBackwardWeights(
          dy, input: seeds[index], weightGradient: bias.gradient, biasGradient: nil,
          accumulate: accumulate)
      }
      if let following { tangent = following }
    }
    return value
  }

  /// Turns gradients by the input into the penalties' gradients by them, and returns the penalties.
  func penalize(
    _ gradient: Matrix, _ penalties: [RowPenalty], in context: ComputeContext
  ) throws -> Float {
    let factors = try penaltyStorage.factors.matrix(rows: gradient.rows, columns: 1)
    let squares = try penaltyStorage.norms.matrix(rows: gradient.rows, columns: 1)
    factors.fill(0)
    for penalty in penalties where !penalty.rows.isEmpty {
      factors[rows: penalty.rows].fill(penalty.weight / Float(penalty.rows.count))
    }
    try context.squaredNorm(gradient, ofEach: .row, into: squares)
    try context.multiply(gradient, factors, into: gradient)
    var value = 0.0
    for penalty in penalties where !penalty.rows.isEmpty {
      let total = penalty.rows.reduce(0.0) { $0 + Double(squares[$1, 0]) }
      value += Double(penalty.weight) / 2 * total / Double(penalty.rows.count)
    }
    return Float(value)
  }
}
