// SPDX-License-Identifier: Apache-2.0

import NumericCore

// The closed form of the gradient penalties of Gulrajani and others 2017 (WGAN-GP) and Mescheder
// and others 2018 (R1, R2). With z_l = h_{l-1} W_lᵀ + b_l, h_l = φ(z_l) m_l (m: the dropout mask)
// and D_l = φ'(z_l) m_l, the gradient by the input is g = v_1 W_1, where v_L = 1 and v_l = (v_{l+1}
// W_{l+1}) D_l. Let u be the penalty's gradient by g. Running u through the linearized network, q_0
// = u, a_l = q_{l-1} W_lᵀ, q_l = a_l D_l, gives dW_l = v_lᵀ q_{l-1}: that is all where φ'' = 0.
// Otherwise φ' depends on the weights too, which adds one ordinary backward pass that starts in
// every hidden layer from r_l = a_l p_l φ''(z_l) m_l with p_l = v_{l+1} W_{l+1}.

/// The matrices that a gradient penalty needs beside the forward pass.
struct PenaltyStorage {
  var ones = ReusableMatrix()
  var inputGradient = ReusableMatrix()
  /// One number a row: the gradients' norms, and what they are multiplied by.
  var norms = ReusableMatrix()
  var factors = ReusableMatrix()
  var seeds: [ReusableMatrix]
  var unscaled: [ReusableMatrix]
  var tangents: [ReusableMatrix]
  var curvature: [ReusableMatrix]
  var deltas: [ReusableMatrix]

  init(hiddenLayers: Int) {
    let none = Array(repeating: ReusableMatrix(), count: hiddenLayers)
    seeds = none
    unscaled = none
    tangents = none
    curvature = none
    deltas = none
  }
}

extension MultilayerPerceptron {
  /// WGAN-GP: `weight` times the mean over the rows of (|∇D(x̂)| - `target`)², and its gradient by
  /// the parameters.
  ///
  /// A row of `points` is what the discriminator scores at once: with PAC, the concatenated rows.
  /// The results of the last `forward` stay valid, and `backward` may still be called for it.
  ///
  /// - Parameters:
  ///   - points: the interpolates x̂, rows by `inputs`.
  ///   - weight: λ, 10 in the paper.
  ///   - target: the norm that is not penalized.
  ///   - mode: as in `forward`; the step selects the dropout masks.
  /// - Returns: the penalty.
  /// - Throws: `NeuralNetworkError.penaltyNeedsOneOutput`, `.batchTooSmall` for no rows.
  /// - Complexity: two forward and two backward passes' worth of arithmetic; two thirds as much
  ///   again for an activation that is not piecewise linear.
  public func gradientPenalty(
    at points: Matrix, weight: Float, target: Float = 1, mode: Mode, gradients: GradientMode,
    in context: ComputeContext
  ) throws -> Float {
    try gradientPenalty(
      at: [MixedMatrix(points)], weight: weight, target: target, mode: mode, gradients: gradients,
      in: context)
  }

  /// `gradientPenalty` with the first hidden layer's output as `first` makes it, where it is given.
  func gradientPenalty(
    at points: [MixedMatrix], weight: Float, target: Float, mode: Mode, gradients: GradientMode,
    in context: ComputeContext, first: ((Matrix) -> Void)? = nil
  ) throws -> Float {
    let rows = Double(points.rows)
    for map in maps { map.isExact = true }
    defer { for map in maps { map.isExact = false } }
    return try penalty(
      at: points, mode: mode, gradients: gradients, in: context, first: first
    ) { gradient in
      let norms = try penaltyStorage.norms.matrix(rows: gradient.rows, columns: 1)
      let factors = try penaltyStorage.factors.matrix(rows: gradient.rows, columns: 1)
      try context.norm(gradient, .l2, ofEach: .row, into: norms)
      var total = 0.0
      for row in 0..<gradient.rows {
        let norm = norms[row, 0]
        factors[row, 0] = 2 * weight / Float(rows) * (1 - target / max(norm, 1e-12))
        let excess = Double(norm - target)
        total += excess * excess
      }
      try context.multiply(gradient, factors, into: gradient)
      return Float(Double(weight) * total / rows)
    }
  }

  /// R1 (at real rows) or R2 (at generated rows): `weight` / 2 times the mean over the rows of
  /// |∇D(x)|², and its gradient by the parameters.
  ///
  /// - Parameters:
  ///   - points: the rows at which the gradient is penalized, rows by `inputs`; in parts, as in
  ///     `forward`.
  ///   - weight: γ.
  ///   - mode: as in `forward`; the step selects the dropout masks.
  /// - Returns: the penalty.
  /// - Throws: `NeuralNetworkError.penaltyNeedsOneOutput`, `.batchTooSmall` for no rows.
  /// - Complexity: as `gradientPenalty`.
  public func squaredGradientPenalty(
    at points: [MixedMatrix], weight: Float, mode: Mode, gradients: GradientMode,
    in context: ComputeContext
  ) throws -> Float {
    try penalty(at: points, mode: mode, gradients: gradients, in: context) { gradient in
      try penalize(gradient, [RowPenalty(rows: 0..<gradient.rows, weight: weight)], in: context)
    }
  }

  /// The same at rows in one part.
  public func squaredGradientPenalty(
    at points: Matrix, weight: Float, mode: Mode, gradients: GradientMode,
    in context: ComputeContext
  ) throws -> Float {
    try squaredGradientPenalty(
      at: [MixedMatrix(points)], weight: weight, mode: mode, gradients: gradients, in: context)
  }

  /// Runs the passes that the penalties share.
  ///
  /// - Parameter evaluate: turns the gradient by the input, g, into the penalty's gradient by g, in
  ///   place, and returns the penalty.
  private func penalty(
    at points: [MixedMatrix], mode: Mode, gradients: GradientMode, in context: ComputeContext,
    first: ((Matrix) -> Void)? = nil, evaluate: (Matrix) throws -> Float
  ) throws -> Float {
    guard outputs == 1 else { throw NeuralNetworkError.penaltyNeedsOneOutput(outputs: outputs) }
    for part in points { try part.requireColumns(inputs, "The input of \(name)") }
    guard points.rows > 0 else {
      throw NeuralNetworkError.batchTooSmall(operation: "A gradient penalty", rows: 0, minimum: 1)
    }
    _ = try penaltyPass.runHidden(
      points, through: maps, activation: activation, mode: mode, in: context, first: first)
    let seeds = try backwardSeeds(of: penaltyPass, in: context)

    let direction = try penaltyStorage.inputGradient.matrix(rows: points.rows, columns: inputs)
    try maps[0].backwardData(seeds[0], into: direction, in: context)
    let value = try evaluate(direction)
    guard gradients != .skip else { return value }

    let accumulate = gradients == .accumulate
    try accumulateTangents(direction, seeds: seeds, accumulate: accumulate, in: context)
    if activation.isPiecewiseLinear {
      if !accumulate { for map in maps { map.bias?.gradient.fill(0) } }
    } else {
      try accumulateCurvature(accumulate: accumulate, in: context)
    }
    return value
  }

  /// v_1 to v_L, the last being 1: the derivative of the output by each layer's pre-activations.
  func backwardSeeds(of pass: ForwardPass, in context: ComputeContext) throws -> [Matrix] {
    let rows = pass.inputs[0].rows
    let ones = try penaltyStorage.ones.matrix(rows: rows, columns: 1)
    ones.fill(1)
    var seeds = [ones]
    for index in hidden.indices.reversed() {
      let next = maps[index + 1]
      let seed = try penaltyStorage.seeds[index].matrix(rows: rows, columns: next.inputs)
      let activated = pass.activated[index]
      if activation.isPiecewiseLinear {
        try next.backwardData(
          seeds[seeds.count - 1], throughOutput: activated, activation: activation, into: seed,
          in: context)
      } else {
        // p_l is wanted by itself as well.
        let unscaled = try penaltyStorage.unscaled[index].matrix(rows: rows, columns: next.inputs)
        try next.backwardData(seeds[seeds.count - 1], into: unscaled, in: context)
        try context.activationBackward(
          unscaled, output: activated, activation: activation, into: seed)
      }
      if let mask = pass.applied[index] { try context.multiply(seed, mask, into: seed) }
      seeds.append(seed)
    }
    seeds.reverse()
    return seeds
  }

  /// The pass of the linearized network, with dW_l (+)= v_lᵀ q_{l-1}; leaves r_l behind where the
  /// activation is curved.
  private func accumulateTangents(
    _ direction: Matrix, seeds: [Matrix], accumulate: Bool, in context: ComputeContext
  ) throws {
    var tangent = direction
    for (index, map) in maps.enumerated() {
      try map.backwardWeights(
        seeds[index], input: MixedMatrix(tangent), includingBias: false, accumulate: accumulate,
        in: context)
      guard index < hidden.count else { break }
      let next = try penaltyStorage.tangents[index].matrix(
        rows: direction.rows, columns: map.outputs)
      let activated = penaltyPass.activated[index]
      let mask = penaltyPass.applied[index]
      if activation.isPiecewiseLinear {
        try map.tangent(
          tangent, output: activated, activation: activation, into: next, in: context)
      } else {
        let curvature = try penaltyStorage.curvature[index].matrix(
          rows: direction.rows, columns: map.outputs)
        let unscaled = try penaltyStorage.unscaled[index].matrix(
          rows: direction.rows, columns: map.outputs)
        try map.tangent(tangent, into: next, in: context)
        try context.multiply(next, unscaled, into: curvature)
        curvature.multiply(bySecondDerivativeOf: activation, atOutput: activated)
        if let mask { try context.multiply(curvature, mask, into: curvature) }
        try context.activationBackward(
          next, output: activated, activation: activation, into: next)
      }
      if let mask { try context.multiply(next, mask, into: next) }
      tangent = next
    }
  }

  /// The backward pass that starts from r_l in every hidden layer: t_l = r_l + (t_{l+1} W_{l+1})
  /// D_l, dW_l += t_lᵀ h_{l-1}, db_l (+)= the sum of t_l's rows.
  private func accumulateCurvature(accumulate: Bool, in context: ComputeContext) throws {
    // The output is linear in the last layer's bias, so it has no part in the gradient's change.
    if !accumulate {
      for map in maps { map.bias?.gradient.fill(0) }
    }
    var following: Matrix?
    for index in hidden.indices.reversed() {
      let rows = penaltyPass.activated[index].rows
      let start = try penaltyStorage.curvature[index].matrix(rows: rows, columns: hidden[index])
      var delta = start
      if let following {
        delta = try penaltyStorage.deltas[index].matrix(rows: rows, columns: hidden[index])
        try maps[index + 1].backwardData(
          following, throughOutput: penaltyPass.activated[index], activation: activation,
          into: delta, in: context)
        if let mask = penaltyPass.applied[index] { try context.multiply(delta, mask, into: delta) }
        try context.add(delta, start, into: delta)
      }
      try maps[index].backwardWeights(
        delta, input: penaltyPass.inputs[index], accumulate: true, in: context)
      following = delta
    }
  }
}
