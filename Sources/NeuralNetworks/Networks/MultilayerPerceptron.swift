// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Dense layers with an activation and dropout after each hidden one and a linear end: the
/// discriminator or critic of a GAN, or a regressor.
///
/// Unlike a `Sequential`, it knows its second derivatives: see `gradientPenalty` and
/// `squaredGradientPenalty`.
public final class MultilayerPerceptron: Layer {
  /// The activation after each hidden layer.
  public let activation: Activation
  /// The widths of the hidden layers.
  public let hidden: [Int]
  /// The number of columns of the input.
  public let inputs: Int
  /// The number of columns of the result.
  public let outputs: Int
  /// What an optimizer trains.
  public let parameters: [Parameter]

  let name: String
  let maps: [AffineMap]
  package private(set) var pass: ForwardPass
  private var deltaStorage: [ReusableMatrix]
  private var inputGradientStorage = ReusableMatrix()
  package internal(set) var penaltyPass: ForwardPass
  var penaltyStorage: PenaltyStorage
  var interpolates = Interpolates()

  /// Makes a network and initializes it.
  ///
  /// Layer l's parameters are named `"<name>.<l>.weight"` and `"<name>.<l>.bias"`.
  ///
  /// - Parameters:
  ///   - name: prefix of the parameters' names; selects the initial values and the dropout masks
  ///     together with `seed`.
  ///   - hidden: the widths of the hidden layers, possibly none.
  ///   - precision: of the products' operands; those of `gradientPenalty` are always `Float`, since
  ///     near a norm of 1 the penalty's gradient is a small difference.
  ///   - dropout: the probability with which a hidden value is dropped in training.
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`.
  public init(
    name: String, inputs: Int, hidden: [Int], outputs: Int = 1,
    activation: Activation = .leakyReLU(slope: 0.2), dropout: Float = 0,
    initialization: Initialization = .torchLinear, precision: Precision = .float32, seed: UInt64,
    in context: ComputeContext
  ) throws {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.hidden = hidden
    self.activation = activation
    let widths = [inputs] + hidden + [outputs]
    maps = try (0...hidden.count).map { index in
      try AffineMap(
        name: "\(name).\(index)", inputs: widths[index], outputs: widths[index + 1], bias: true,
        initialization: initialization, precision: precision, seed: seed, in: context)
    }
    parameters = maps.flatMap(\.parameters)
    let masks = try hidden.indices.map { index in
      try DropoutMask(rate: dropout, name: "\(name).\(index)", seed: seed)
    }
    pass = ForwardPass(masks: masks)
    penaltyPass = ForwardPass(masks: masks)
    deltaStorage = Array(repeating: ReusableMatrix(), count: hidden.count)
    penaltyStorage = PenaltyStorage(hiddenLayers: hidden.count)
  }

  /// Switches the products of all layers to single precision; see ``Layer/useSinglePrecision()``.
  public func useSinglePrecision() {
    for map in maps { map.useSinglePrecision() }
  }

  /// Applies the layer; see `Layer`.
  public func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    try forward([MixedMatrix(x)], mode: mode, into: destination, in: context)
  }

  /// Applies the layer to an input whose last columns are sparse; see `Layer`.
  public func forward(
    _ x: MixedMatrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> MixedMatrix {
    MixedMatrix(try forward([x], mode: mode, into: destination, in: context))
  }

  /// Applies the layer to a batch that comes in parts, one below the other, each with sparse
  /// columns of its own. `backward` and the penalties take the gradients and the rows of the whole.
  public func forward(
    _ parts: [MixedMatrix], mode: Mode, into destination: Matrix? = nil,
    in context: ComputeContext
  ) throws -> Matrix {
    for part in parts { try part.requireColumns(inputs, "The input of \(name)") }
    return try pass.run(
      parts, through: maps, activation: activation, mode: mode, into: destination, in: context)
  }

  /// Propagates gradients back; see `Layer`.
  public func backward(
    _ dy: Matrix, gradients: GradientMode, inputColumns: Int, in context: ComputeContext
  ) throws -> Matrix? {
    guard let rows = pass.rows else {
      throw NeuralNetworkError.backwardBeforeForward(layer: name)
    }
    try dy.requireShape(rows: rows, columns: outputs, "The output gradient of \(name)")
    var delta = dy
    for index in maps.indices.reversed() {
      let map = maps[index]
      if gradients != .skip {
        try map.backwardWeights(
          delta, input: pass.inputs[index], accumulate: gradients == .accumulate, in: context)
      }
      guard index > 0 else { break }
      let previous = try deltaStorage[index - 1].matrix(rows: rows, columns: map.inputs)
      try map.backwardData(
        delta, throughOutput: pass.activated[index - 1], activation: activation, into: previous,
        in: context)
      if let mask = pass.applied[index - 1] {
        try context.multiply(previous, mask, into: previous)
      }
      delta = previous
    }
    guard inputColumns > 0 else { return nil }
    let dx = try inputGradientStorage.matrix(rows: rows, columns: inputColumns)
    try maps[0].backwardData(delta, into: dx, in: context)
    return dx
  }
}

extension MultilayerPerceptron {
  /// The tensors that a network of this form saves.
  public static func tensorShapes(
    name: String, inputs: Int, hidden: [Int], outputs: Int = 1
  ) -> [TensorShape] {
    let widths = [inputs] + hidden + [outputs]
    return (0...hidden.count).flatMap { index in
      AffineMap.tensorShapes(
        name: "\(name).\(index)", inputs: widths[index], outputs: widths[index + 1], bias: true)
    }
  }
}
