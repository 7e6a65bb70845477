// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The weights and bias of `z = x Wᵀ + b` and the four products that training needs of them.
///
/// Shapes: M batch rows, K inputs, N outputs; W is N x K, as in PyTorch.
final class AffineMap {
  let name: String
  let weight: Parameter
  let bias: Parameter?
  /// What the products are made of. The weights themselves, sums and results are always `Float`.
  private(set) var precision: Precision
  /// Makes the products of `Float`s meanwhile, whatever `precision` says.
  var isExact = false
  private var halfPacking: HalfPacking?
  private var operands = HalfOperands()

  /// The rounded weights as the kernels read them, and which weights they are.
  private struct HalfPacking {
    let weights: PackedHalfWeights
    let instructionSet: InstructionSet
    let version: UInt64
  }

  /// The 16-bit operands of a product, or nil for `Float`s. A score is one sum a row: rounding its
  /// terms would save nothing.
  private var halfFormat: HalfFormat? {
    isExact || outputs == 1 ? nil : precision.halfFormat
  }

  var inputs: Int { weight.value.columns }
  var outputs: Int { weight.value.rows }
  var parameters: [Parameter] { bias.map { [weight, $0] } ?? [weight] }

  init(
    name: String, inputs: Int, outputs: Int, bias: Bool, initialization: Initialization,
    precision: Precision = .float32, seed: UInt64, in context: ComputeContext
  ) throws {
    self.precision = context.resolve(precision)
    try NeuralNetworkError.require(inputs > 0, "\(name).inputs", Double(inputs), "positive")
    try NeuralNetworkError.require(outputs > 0, "\(name).outputs", Double(outputs), "positive")
    self.name = name
    weight = try Parameter(name: "\(name).weight", rows: outputs, columns: inputs)
    self.bias = try bias ? Parameter(name: "\(name).bias", count: outputs) : nil
    try initialization.fill(
      weight: weight, bias: self.bias, name: name, seed: seed, in: context)
  }

  func useSinglePrecision() { precision = .float32 }

  /// The rounded weights, packed again if they have changed since the last call, once
  /// per step of the optimizer, while each step needs them several times.
  private func halfWeights(
    to format: HalfFormat, in context: ComputeContext
  ) throws(NumericError) -> PackedHalfWeights {
    let found = halfPacking.flatMap { $0.instructionSet == context.instructionSet ? $0 : nil }
    if let found, found.version == weight.version { return found.weights }
    let weights =
      if let found { found.weights } else {
        try PackedHalfWeights(rows: outputs, columns: inputs, format: format, in: context)
      }
    try weights.update(from: weight.value, in: context)
    halfPacking = HalfPacking(
      weights: weights, instructionSet: context.instructionSet, version: weight.version)
    return weights
  }

  /// y[M,N] = activation(x[M,K] Wᵀ + b). A trained network's products are of `Float`s, so that it
  /// gives the same on every machine, whatever it was trained with.
  func forward(
    _ x: MixedMatrix, activation: Activation, mode: Mode, into y: Matrix,
    in context: ComputeContext
  ) throws {
    if let format = halfFormat, mode != .inference {
      let weights = try halfWeights(to: format, in: context)
      let dense = try operands.inputs.rounded(x.dense, to: format, in: context)
      if let sparse = x.sparse {
        try context.denseForward(
          dense, sparse: sparse, weights: weights, bias: bias?.value, activation: activation,
          into: y)
      } else {
        try context.denseForward(
          dense, rows: x.rows, weights: weights, bias: bias?.value, activation: activation,
          into: y)
      }
    } else {
      try context.denseForward(
        x, weights: try weight.packed(in: context), bias: bias?.value, activation: activation,
        into: y)
    }
  }

  /// a[M,N] = q[M,K] Wᵀ: the derivative of the map along q.
  func tangent(_ q: Matrix, into a: Matrix, in context: ComputeContext) throws {
    try context.denseForward(
      q, weights: try weight.packed(in: context), bias: nil, activation: .identity, into: a)
  }

  /// a[M,N] = (q[M,K] Wᵀ) * activation'(h), h being the stored output of the activation.
  func tangent(
    _ q: Matrix, output h: Matrix, activation: Activation, into a: Matrix,
    in context: ComputeContext
  ) throws {
    if let format = halfFormat {
      try context.denseTangent(
        try operands.inputs.rounded(q, to: format, in: context), rows: q.rows,
        weights: try halfWeights(to: format, in: context),
        output: try operands.stored.rounded(h, to: format, in: context),
        activation: activation, into: a)
    } else {
      try context.denseTangent(
        q, weights: try weight.packed(in: context), output: h, activation: activation, into: a)
    }
  }

  /// dx[M,K] = dz[M,N] W.
  func backwardData(_ dz: Matrix, into dx: Matrix, in context: ComputeContext) throws {
    try backwardData(dz, throughOutput: nil, activation: .identity, into: dx, in: context)
  }

  /// dx[M,K] = (dz[M,N] W) * activation'(h), h being the stored output that was this map's input.
  func backwardData(
    _ dz: Matrix, throughOutput h: Matrix?, activation: Activation, into dx: Matrix,
    in context: ComputeContext
  ) throws {
    if let format = halfFormat {
      let stored = try h.map { try operands.stored.rounded($0, to: format, in: context) }
      try context.denseBackwardData(
        try operands.gradients.rounded(dz, to: format, in: context), rows: dz.rows,
        weights: try halfWeights(to: format, in: context), inputOutput: stored,
        inputActivation: activation,
        into: dx)
    } else {
      try context.denseBackwardData(
        dz, weights: try weight.packed(in: context), inputOutput: h, inputActivation: activation,
        into: dx)
    }
  }

  /// dW[N,K] (+)= dzᵀ x and, with `includingBias`, db[N] (+)= the sum of dz's rows. Sparse columns
  /// are never rounded.
  func backwardWeights(
    _ dz: Matrix, input x: MixedMatrix, includingBias: Bool = true, accumulate: Bool,
    in context: ComputeContext
  ) throws {
    let biasGradient = includingBias ? bias?.gradient : nil
    let denseGradient = weight.gradient[columns: 0..<x.dense.columns]
    if let format = halfFormat {
      try context.denseBackwardWeights(
        try operands.gradients.rounded(dz, to: format, in: context),
        input: try operands.inputs.rounded(x.dense, to: format, in: context), rows: dz.rows,
        weightGradient: denseGradient, biasGradient: biasGradient, accumulate: accumulate)
    } else {
      try context.denseBackwardWeights(
        dz, input: x.dense, weightGradient: denseGradient, biasGradient: biasGradient,
        accumulate: accumulate)
    }
    if let sparse = x.sparse {
      try context.sparseBackwardWeights(
        dz, input: sparse, weightGradient: weight.gradient[columns: x.dense.columns..<inputs],
        accumulate: accumulate)
    }
  }
}

// A batch may come in parts: real rows in one form, generated ones in another.
extension AffineMap {
  /// y[M,N] = activation(x[M,K] Wᵀ + b), the parts of x one below the other.
  func forward(
    _ parts: [MixedMatrix], activation: Activation, mode: Mode, into y: Matrix,
    in context: ComputeContext
  ) throws {
    for (part, rows) in zip(parts, parts.rowRanges) {
      try forward(part, activation: activation, mode: mode, into: y[rows: rows], in: context)
    }
  }

  /// dW[N,K] (+)= dzᵀ x and, with `includingBias`, db[N] (+)= the sum of dz's rows.
  func backwardWeights(
    _ dz: Matrix, input parts: [MixedMatrix], includingBias: Bool = true, accumulate: Bool,
    in context: ComputeContext
  ) throws {
    for (part, rows) in zip(parts, parts.rowRanges) {
      try backwardWeights(
        dz[rows: rows], input: part, includingBias: includingBias,
        accumulate: accumulate || rows.lowerBound > 0, in: context)
    }
  }
}

/// Rounded copies of a product's operands, in storage that is kept.
private struct HalfOperands {
  struct Slot {
    /// By their columns: the parts of a batch have different ones.
    private var storage: [Int: HalfMatrix] = [:]

    mutating func rounded(
      _ x: Matrix, to format: HalfFormat, in context: ComputeContext
    ) throws -> HalfMatrix {
      var room = storage[x.columns]
      if room == nil || room!.rows < x.rows {
        room = try HalfMatrix(rows: x.rows, columns: x.columns, format: format)
        storage[x.columns] = room
      }
      try context.convert(x, into: room!)
      return room!
    }
  }

  var inputs = Slot()
  var gradients = Slot()
  var stored = Slot()
}
