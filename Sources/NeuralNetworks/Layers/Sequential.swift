// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Layers one after the other.
public final class Sequential: Layer {
  /// The layers, in the order in which they are applied.
  public let layers: [any Layer]

  /// The number of columns of the input.
  public var inputs: Int { layers[0].inputs }
  /// The number of columns of the result.
  public var outputs: Int { layers[layers.count - 1].outputs }
  /// What an optimizer trains.
  public let parameters: [Parameter]
  /// What is saved but not trained.
  public let buffers: [Parameter]

  /// Chains layers.
  ///
  /// - Precondition: there is at least one layer.
  /// - Throws: `NeuralNetworkError.shapeMismatch` if one's width does not fit the next one's.
  public init(_ layers: [any Layer]) throws(NeuralNetworkError) {
    precondition(!layers.isEmpty, "A sequence needs at least one layer.")
    for (index, pair) in zip(layers, layers.dropFirst()).enumerated() {
      guard pair.0.outputs == pair.1.inputs else {
        throw .shapeMismatch(
          operand: "The input of layer \(index + 1) in the sequence",
          expected: [pair.1.inputs], found: [pair.0.outputs])
      }
    }
    self.layers = layers
    parameters = layers.flatMap(\.parameters)
    buffers = layers.flatMap(\.buffers)
  }

  /// Switches the products of all layers to single precision; see ``Layer/useSinglePrecision()``.
  public func useSinglePrecision() {
    for layer in layers { layer.useSinglePrecision() }
  }

  /// Applies the layer; see `Layer`.
  public func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    try forward(MixedMatrix(x), mode: mode, into: destination, in: context).dense
  }

  /// Applies the layers to an input whose last columns are sparse; see `Layer`.
  public func forward(
    _ x: MixedMatrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> MixedMatrix {
    var value = x
    for layer in layers.dropLast() {
      value = try layer.forward(value, mode: mode, into: nil, in: context)
    }
    return try layers[layers.count - 1].forward(value, mode: mode, into: destination, in: context)
  }

  /// Propagates gradients back; see `Layer`.
  public func backward(
    _ dy: Matrix, gradients: GradientMode, inputColumns: Int, in context: ComputeContext
  ) throws -> Matrix? {
    var gradient: Matrix? = dy
    // Whether it is by the values before the layer's activation.
    var isByPreactivation = false
    for index in layers.indices.reversed() {
      guard let dy = gradient else { break }
      let inputColumns = outputColumns(of: index, neededFor: inputColumns)
      guard let dense = layers[index] as? Dense else {
        gradient = try layers[index].backward(
          dy, gradients: gradients, inputColumns: inputColumns, in: context)
        continue
      }
      var previous: Dense?
      if index > 0, inputColumns == dense.inputs, let candidate = layers[index - 1] as? Dense,
        dense.foldsDerivative(of: candidate)
      {
        previous = candidate
      }
      gradient = try dense.backward(
        dy, isByPreactivation: isByPreactivation, through: previous, gradients: gradients,
        inputColumns: inputColumns, in: context)
      isByPreactivation = previous != nil
    }
    return gradient
  }

  /// The columns of what the first `count` layers give that are needed for `inputColumns`.
  private func outputColumns(of count: Int, neededFor inputColumns: Int) -> Int {
    layers[0..<count].reduce(inputColumns) { $1.outputColumns(neededFor: $0) }
  }

  /// What the last layer needs for what the others need.
  public func outputColumns(neededFor inputColumns: Int) -> Int {
    outputColumns(of: layers.count, neededFor: inputColumns)
  }
}
