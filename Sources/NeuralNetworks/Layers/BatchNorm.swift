// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Batch normalization of each column (Ioffe and Szegedy 2015), with the activation that follows.
///
/// In training the batch's own mean and (biased) variance are used, and the running statistics move
/// towards its mean and unbiased variance; in inference the running statistics are used. The
/// semantics and the defaults are those of `torch.nn.BatchNorm1d`.
public final class BatchNorm: Layer {
  /// The number of columns.
  public let features: Int
  /// What is added to the variance before its root is taken.
  public let epsilon: Float
  /// The weight of the newest batch in the running statistics.
  public let momentum: Float
  /// What is applied to the normalized values.
  public let activation: Activation
  /// The scale, one per column.
  public let weight: Parameter
  /// The shift, one per column.
  public let bias: Parameter
  /// The running mean.
  public let runningMean: Parameter
  /// The running unbiased variance.
  public let runningVariance: Parameter

  private let name: String
  private var input: Matrix?
  private var output: Matrix?
  private var usedBatchStatistics = false
  // One row each.
  private let mean: Matrix
  private let variance: Matrix
  private let inverseDeviation: Matrix
  private let scale: Matrix
  private let weightGradient: Matrix
  private let biasGradient: Matrix
  private var outputStorage = ReusableMatrix()
  private var inputGradientStorage = ReusableMatrix()

  /// The number of columns of the input.
  public var inputs: Int { features }
  /// The number of columns of the result.
  public var outputs: Int { features }
  /// What an optimizer trains.
  public let parameters: [Parameter]
  /// What is saved but not trained.
  public let buffers: [Parameter]

  /// Makes a layer with scale 1, shift 0, running mean 0 and running variance 1.
  ///
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`, `NumericError.outOfMemory`.
  public init(
    name: String, features: Int, activation: Activation = .identity, epsilon: Float = 1e-5,
    momentum: Float = 0.1
  ) throws {
    try NeuralNetworkError.require(features > 0, "\(name).features", Double(features), "positive")
    try NeuralNetworkError.require(
      epsilon > 0 && epsilon.isFinite, "\(name).epsilon", epsilon, "positive")
    try NeuralNetworkError.require(
      momentum >= 0 && momentum <= 1, "\(name).momentum", momentum, "between 0 and 1")
    self.name = name
    self.features = features
    self.epsilon = epsilon
    self.momentum = momentum
    self.activation = activation
    weight = try Parameter(name: "\(name).weight", count: features, initial: 1)
    bias = try Parameter(name: "\(name).bias", count: features)
    runningMean = try Parameter(name: "\(name).running_mean", count: features)
    runningVariance = try Parameter(
      name: "\(name).running_var", count: features, initial: 1, isNonNegative: true)
    parameters = [weight, bias]
    buffers = [runningMean, runningVariance]
    mean = try Matrix(rows: 1, columns: features)
    variance = try Matrix(rows: 1, columns: features)
    inverseDeviation = try Matrix(rows: 1, columns: features)
    scale = try Matrix(rows: 1, columns: features)
    weightGradient = try Matrix(rows: 1, columns: features)
    biasGradient = try Matrix(rows: 1, columns: features)
  }

  /// Applies the layer; see `Layer`.
  public func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    try x.requireColumns(features, "The input of \(name)")
    let y = try outputStorage.matrix(
      rows: x.rows, columns: features, orExternal: destination, name)
    if case .training = mode {
      guard x.rows > 1 else {
        throw NeuralNetworkError.batchTooSmall(
          operation: "Training \(name)", rows: x.rows, minimum: 2)
      }
      try context.batchNormForward(
        x, weight: weight.value, bias: bias.value, epsilon: epsilon, activation: activation,
        mean: mean, variance: variance, inverseDeviation: inverseDeviation, into: y)
      moveRunningStatistics()
      usedBatchStatistics = true
    } else {
      useRunningStatistics()
      try normalize(x, into: y, in: context)
      if activation != .identity {
        try context.activationForward(y, activation: activation, into: y)
      }
      usedBatchStatistics = false
    }
    input = x
    output = y
    return y
  }

  /// Propagates gradients back; see `Layer`.
  public func backward(
    _ dy: Matrix, gradients: GradientMode, inputColumns: Int, in context: ComputeContext
  ) throws -> Matrix? {
    guard let x = input, let y = output else {
      throw NeuralNetworkError.backwardBeforeForward(layer: name)
    }
    try dy.requireShape(rows: y.rows, columns: features, "The output gradient of \(name)")
    guard gradients != .skip || inputColumns > 0 else { return nil }
    let dx =
      try inputColumns > 0 ? inputGradientStorage.matrix(rows: x.rows, columns: features) : nil
    try context.batchNormBackward(
      dy, output: y, input: x, weight: weight.value, mean: mean,
      inverseDeviation: inverseDeviation, activation: activation,
      fixedStatistics: !usedBatchStatistics, weightGradient: weightGradient,
      biasGradient: biasGradient, into: dx)
    switch gradients {
    case .skip: break
    case .overwrite:
      weight.gradient.copy(from: weightGradient)
      bias.gradient.copy(from: biasGradient)
    case .accumulate:
      try context.add(weight.gradient, weightGradient, into: weight.gradient)
      try context.add(bias.gradient, biasGradient, into: bias.gradient)
    }
    return dx?[columns: 0..<inputColumns]
  }
}

extension BatchNorm {
  private func moveRunningStatistics() {
    for (running, batch) in [(runningMean, mean), (runningVariance, variance)] {
      running.value.forEachRow(batch) { _, running, batch in
        // A batch that left a number's range is not learned from.
        for j in 0..<features where batch[j].isFinite {
          running[j] += momentum * (batch[j] - running[j])
        }
      }
      running.noteChange()
    }
  }

  private func useRunningStatistics() {
    mean.copy(from: runningMean.value)
    inverseDeviation.forEachRow(runningVariance.value) { _, inverse, variance in
      for j in 0..<features { inverse[j] = 1 / (variance[j] + epsilon).squareRoot() }
    }
  }

  /// y = (x - mean) weight / deviation + bias.
  private func normalize(
    _ x: Matrix, into y: Matrix, in context: ComputeContext
  ) throws(NumericError) {
    let columns = features
    try context.multiply(weight.value, inverseDeviation, into: scale)
    mean.withRows { mean in
      scale.withRows { scale in
        bias.value.withRows { shift in
          let (mean, scale, shift) = (mean[0], scale[0], shift[0])
          y.forEachRow(x, in: context) { _, y, x in
            for j in 0..<columns { y[j] = (x[j] - mean[j]) * scale[j] + shift[j] }
          }
        }
      }
    }
  }
}
