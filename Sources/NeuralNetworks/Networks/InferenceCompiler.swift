// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Turns layers into the steps of an ``InferenceNetwork``.
struct InferenceCompiler {
  typealias Slot = InferenceStep.Slot

  let context: ComputeContext
  private(set) var steps: [InferenceStep] = []
  /// The width of each buffer.
  private(set) var buffers: [Int] = []

  init(context: ComputeContext) { self.context = context }

  /// A slot for the dense part of the input, with room to its left for what residual concatenations
  /// at the beginning of the network put there.
  mutating func inputSlot(of network: any Layer, sparse: Int) -> Slot {
    var room = 0
    let layers = (network as? Sequential)?.layers ?? [network]
    for layer in layers {
      guard let residual = layer as? ResidualConcatenation else { break }
      room += residual.inner.outputs
    }
    var slot = newSlot(room + network.inputs - sparse)
    slot.columns = room..<slot.columns.upperBound
    slot.hasSparse = sparse > 0
    return slot
  }

  private mutating func newSlot(_ columns: Int) -> Slot {
    buffers.append(columns)
    return Slot(buffer: buffers.count - 1, columns: 0..<columns)
  }

  /// Adds the steps of a layer.
  ///
  /// - Parameter destination: where the result goes; nil for any buffer.
  /// - Returns: where the result is.
  mutating func compile(
    _ layer: any Layer, _ input: Slot, into destination: Slot? = nil
  ) throws -> Slot {
    switch layer {
    case let sequence as Sequential:
      return try compile(sequence.layers, input, into: destination)
    case let network as MultilayerPerceptron:
      var value = input
      for (index, map) in network.maps.enumerated() {
        let isLast = index == network.maps.count - 1
        value = add(
          try dense(map, activation: isLast ? .identity : network.activation), value,
          outputs: map.outputs, into: isLast ? destination : nil)
      }
      return value
    case let dense as Dense:
      return add(
        try self.dense(dense.map, activation: dense.activation), input, outputs: dense.outputs,
        into: destination)
    case let norm as BatchNorm:
      let (scale, shift) = try norm.inferenceMap()
      return add(
        .affine(scale: scale, shift: shift, norm.activation), input, outputs: norm.outputs,
        into: destination)
    case let norm as LayerNorm:
      return add(
        .layerNorm(
          scale: try norm.weight.value.copied(in: context),
          shift: try norm.bias.value.copied(in: context), epsilon: norm.epsilon, norm.activation),
        input, outputs: norm.outputs, into: destination)
    case let dropout as Dropout:
      return destination == nil
        ? input : add(.copy, input, outputs: dropout.outputs, into: destination)
    case let residual as ResidualConcatenation:
      return try compile(residual, input, into: destination)
    default:
      throw NeuralNetworkError.unsupportedLayer("\(type(of: layer))")
    }
  }

  private mutating func compile(
    _ layers: [any Layer], _ input: Slot, into destination: Slot?
  ) throws -> Slot {
    var value = input
    var index = 0
    while index < layers.count {
      // A batch norm behind a dense layer without an activation is part of its weights.
      if let dense = layers[index] as? Dense, dense.activation == .identity,
        index + 1 < layers.count, let norm = layers[index + 1] as? BatchNorm
      {
        index += 2
        value = add(
          try self.dense(dense.map, normalizedBy: norm, activation: norm.activation), value,
          outputs: dense.outputs, into: index == layers.count ? destination : nil)
      } else {
        index += 1
        value = try compile(
          layers[index - 1], value, into: index == layers.count ? destination : nil)
      }
    }
    return value
  }

  /// [inner(x), x]: beside x where there is room to its left, else in a buffer of its own.
  private mutating func compile(
    _ residual: ResidualConcatenation, _ input: Slot, into destination: Slot?
  ) throws -> Slot {
    let width = residual.inner.outputs
    var result = input
    if destination == nil, input.columns.lowerBound >= width {
      result.columns = input.columns.lowerBound - width..<input.columns.upperBound
    } else {
      result = destination ?? newSlot(width + input.columns.count)
      result.hasSparse = input.hasSparse
      var copy = result
      copy.columns = result.columns.lowerBound + width..<result.columns.upperBound
      steps.append(InferenceStep(operation: .copy, input: input, output: copy))
    }
    var inner = result
    inner.columns = result.columns.lowerBound..<result.columns.lowerBound + width
    inner.hasSparse = false
    _ = try compile(residual.inner, input, into: inner)
    return result
  }

  private mutating func add(
    _ operation: InferenceStep.Operation, _ input: Slot, outputs: Int, into destination: Slot?
  ) -> Slot {
    let output = destination ?? newSlot(outputs)
    steps.append(InferenceStep(operation: operation, input: input, output: output))
    return output
  }

  /// The weights of a map, with a normalization of its result folded into them: each output's
  /// weights are scaled, and its bias becomes (bias - mean) scale + shift.
  private func dense(
    _ map: AffineMap, normalizedBy norm: BatchNorm? = nil, activation: Activation
  ) throws -> InferenceStep.Operation {
    let weights = try map.weight.value.copied(in: context)
    var bias = try map.bias?.value.copied(in: context)
    if let norm {
      let (scale, shift) = try norm.inferenceMap()
      weights.forEachRow { row, weights in
        for column in 0..<map.inputs { weights[column] *= scale[0, row] }
      }
      let folded = try Matrix(rows: 1, columns: map.outputs)
      for output in 0..<map.outputs {
        folded[0, output] = (bias?[0, output] ?? 0) * scale[0, output] + shift[0, output]
      }
      bias = folded
    }
    let packed = try PackedWeights(rows: map.outputs, columns: map.inputs, in: context)
    try packed.update(from: weights, in: context)
    return .dense(packed, bias: bias, activation)
  }
}

extension BatchNorm {
  /// What inference multiplies each column by and adds to it.
  fileprivate func inferenceMap() throws(NumericError) -> (scale: Matrix, shift: Matrix) {
    let scale = try Matrix(rows: 1, columns: features)
    let shift = try Matrix(rows: 1, columns: features)
    for j in 0..<features {
      scale[0, j] = weight.value[0, j] / (runningVariance.value[0, j] + epsilon).squareRoot()
      shift[0, j] = bias.value[0, j] - runningMean.value[0, j] * scale[0, j]
    }
    return (scale, shift)
  }
}

extension Matrix {
  fileprivate func copied(in context: ComputeContext) throws(NumericError) -> Matrix {
    let copy = try Matrix(rows: rows, columns: columns)
    try context.copy(self, into: copy)
    return copy
  }
}
