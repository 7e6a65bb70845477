// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// A dense layer with its activation: y = activation(x Wᵀ + b).
public final class Dense: Layer {
  /// The activation that is fused into the layer.
  public let activation: Activation
  let map: AffineMap
  private var input: MixedMatrix?
  private var output: Matrix?
  private var outputStorage = ReusableMatrix()
  private var deltaStorage = ReusableMatrix()
  private var inputGradientStorage = ReusableMatrix()

  /// The weights, outputs by inputs.
  public var weight: Parameter { map.weight }
  /// The bias, if the layer has one.
  public var bias: Parameter? { map.bias }
  /// The number of columns of the input.
  public var inputs: Int { map.inputs }
  /// The number of columns of the result.
  public var outputs: Int { map.outputs }
  /// What an optimizer trains.
  public var parameters: [Parameter] { map.parameters }

  /// Makes a layer and initializes it.
  ///
  /// - Parameters:
  ///   - name: prefix of the parameters' names; selects the initial values together with `seed`.
  ///   - precision: of the products' operands.
  ///   - bias: whether there is a bias; one that a normalization would remove again is a waste.
  /// - Throws: `NeuralNetworkError.invalidHyperparameter` for sizes below 1.
  public init(
    name: String, inputs: Int, outputs: Int, activation: Activation = .identity,
    bias: Bool = true, initialization: Initialization = .torchLinear,
    precision: Precision = .float32, seed: UInt64, in context: ComputeContext
  ) throws {
    self.activation = activation
    map = try AffineMap(
      name: name, inputs: inputs, outputs: outputs, bias: bias, initialization: initialization,
      precision: precision, seed: seed, in: context)
  }

  /// Switches the layer's products to single precision; see ``Layer/useSinglePrecision()``.
  public func useSinglePrecision() { map.useSinglePrecision() }

  /// Applies the layer; see `Layer`.
  public func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    try forward(MixedMatrix(x), mode: mode, into: destination, in: context).dense
  }

  /// Applies the layer to an input whose last columns are sparse; see `Layer`.
  public func forward(
    _ x: MixedMatrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> MixedMatrix {
    try x.requireColumns(inputs, "The input of \(map.name)")
    let y = try outputStorage.matrix(
      rows: x.rows, columns: outputs, orExternal: destination, map.name)
    try map.forward(x, activation: activation, mode: mode, into: y, in: context)
    input = x
    output = y
    return MixedMatrix(y)
  }

  /// Propagates gradients back; see `Layer`.
  public func backward(
    _ dy: Matrix, gradients: GradientMode, inputColumns: Int, in context: ComputeContext
  ) throws -> Matrix? {
    try backward(
      dy, isByPreactivation: false, through: nil, gradients: gradients,
      inputColumns: inputColumns, in: context)
  }

  /// Whether this layer's product can apply the derivative of `previous`, whose result is its
  /// input, while it is in registers. A 16-bit one would have to round the stored output first.
  func foldsDerivative(of previous: Dense) -> Bool {
    previous.activation != .identity && map.precision == .float32
  }

  /// `backward` for a layer among others of its kind.
  ///
  /// - Parameters:
  ///   - isByPreactivation: whether `dy` is the gradient by the values before the activation.
  ///   - previous: the layer whose result is the input, to return the gradient by its values before
  ///     the activation; nil for the gradient by the input.
  func backward(
    _ dy: Matrix, isByPreactivation: Bool, through previous: Dense?, gradients: GradientMode,
    inputColumns: Int, in context: ComputeContext
  ) throws -> Matrix? {
    guard let x = input, let y = output else {
      throw NeuralNetworkError.backwardBeforeForward(layer: map.name)
    }
    try dy.requireShape(rows: y.rows, columns: outputs, "The output gradient of \(map.name)")
    var dz = dy
    if activation != .identity && !isByPreactivation {
      dz = try deltaStorage.matrix(rows: y.rows, columns: outputs)
      try context.activationBackward(dy, output: y, activation: activation, into: dz)
    }
    if gradients != .skip {
      try map.backwardWeights(dz, input: x, accumulate: gradients == .accumulate, in: context)
    }
    guard inputColumns > 0 else { return nil }
    let dx = try inputGradientStorage.matrix(rows: x.rows, columns: inputColumns)
    try map.backwardData(
      dz, throughOutput: previous?.output, activation: previous?.activation ?? .identity, into: dx,
      in: context)
    return dx
  }
}
