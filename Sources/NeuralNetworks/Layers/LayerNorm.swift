// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Layer normalization of each row (Ba and others 2016), with the activation that follows.
///
/// The semantics and the defaults are those of `torch.nn.LayerNorm` over the last dimension.
public final class LayerNorm: Layer {
  /// The number of columns.
  public let features: Int
  /// What is added to the variance before its root is taken.
  public let epsilon: Float
  /// What is applied to the normalized values.
  public let activation: Activation
  /// The scale, one per column.
  public let weight: Parameter
  /// The shift, one per column.
  public let bias: Parameter

  private let name: String
  private var input: Matrix?
  private var output: Matrix?
  /// Per row: the mean and the inverse of the deviation.
  private var statistics = ReusableMatrix()
  private var outputStorage = ReusableMatrix()
  private var deltaStorage = ReusableMatrix()
  private var inputGradientStorage = ReusableMatrix()

  /// The number of columns of the input.
  public var inputs: Int { features }
  /// The number of columns of the result.
  public var outputs: Int { features }
  /// What an optimizer trains.
  public let parameters: [Parameter]

  /// Makes a layer with scale 1 and shift 0.
  ///
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`, `NumericError.outOfMemory`.
  public init(
    name: String, features: Int, activation: Activation = .identity, epsilon: Float = 1e-5
  ) throws {
    try NeuralNetworkError.require(features > 0, "\(name).features", Double(features), "positive")
    try NeuralNetworkError.require(
      epsilon > 0 && epsilon.isFinite, "\(name).epsilon", epsilon, "positive")
    self.name = name
    self.features = features
    self.epsilon = epsilon
    self.activation = activation
    weight = try Parameter(name: "\(name).weight", count: features, initial: 1)
    bias = try Parameter(name: "\(name).bias", count: features)
    parameters = [weight, bias]
  }

  /// Applies the layer; see `Layer`.
  public func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    try x.requireColumns(features, "The input of \(name)")
    let y = try outputStorage.matrix(
      rows: x.rows, columns: features, orExternal: destination, name)
    let statistics = try self.statistics.matrix(rows: x.rows, columns: 2)
    Self.normalize(
      x, scale: weight.value, shift: bias.value, epsilon: epsilon, statistics: statistics, into: y)
    if activation != .identity {
      try context.activationForward(y, activation: activation, into: y)
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
    var dz = dy
    if activation != .identity {
      dz = try deltaStorage.matrix(rows: y.rows, columns: features)
      try context.activationBackward(dy, output: y, activation: activation, into: dz)
    }
    let statistics = try self.statistics.matrix(rows: x.rows, columns: 2)
    if gradients != .skip {
      if gradients == .overwrite {
        weight.gradient.fill(0)
        bias.gradient.fill(0)
      }
      addGradients(dz, x, statistics)
    }
    guard inputColumns > 0 else { return nil }
    let dx = try inputGradientStorage.matrix(rows: x.rows, columns: features)
    propagate(dz, x, statistics, into: dx)
    return dx[columns: 0..<inputColumns]
  }
}

extension LayerNorm {
  /// Normalizes each row.
  ///
  /// - Parameter statistics: gets each row's mean and inverse deviation; nil if not needed.
  static func normalize(
    _ x: Matrix, scale: Matrix, shift: Matrix, epsilon: Float, statistics: Matrix? = nil,
    into y: Matrix
  ) {
    let columns = x.columns
    let count = Float(columns)
    scale.withRows { weight in
      shift.withRows { bias in
        let weight = weight[0]
        let bias = bias[0]
        y.forEachRow(x) { row, y, x in
          let mean = LaneSum.sum(columns) { x[$0] } / count
          let variance = LaneSum.sum(columns) { (x[$0] - mean) * (x[$0] - mean) } / count
          let inverse = 1 / (variance + epsilon).squareRoot()
          statistics?[row, 0] = mean
          statistics?[row, 1] = inverse
          for j in 0..<columns { y[j] = (x[j] - mean) * inverse * weight[j] + bias[j] }
        }
      }
    }
  }

  /// Adds the gradients of scale and shift: column sums of dz x̂ and of dz.
  private func addGradients(_ dz: Matrix, _ x: Matrix, _ statistics: Matrix) {
    let (weightGradient, biasGradient) = (weight.gradient, bias.gradient)
    dz.withRows { dz in
      ColumnSums.sum(rows: dz.count, columns: 0..<features) { rows, columns, partial in
        for row in rows {
          let dz = dz[row] + columns.lowerBound
          for j in 0..<columns.count { partial[j] += dz[j] }
        }
      } finish: { column, sum in
        biasGradient[0, column] += Float(sum)
      }
      x.withRows { x in
        ColumnSums.sum(rows: x.count, columns: 0..<features) { rows, columns, partial in
          for row in rows {
            let mean = statistics[row, 0]
            let inverse = statistics[row, 1]
            let dz = dz[row] + columns.lowerBound
            let x = x[row] + columns.lowerBound
            for j in 0..<columns.count { partial[j] += dz[j] * ((x[j] - mean) * inverse) }
          }
        } finish: { column, sum in
          weightGradient[0, column] += Float(sum)
        }
      }
    }
  }

  /// dx = (d - mean(d) - x̂ mean(d x̂)) / deviation with d = dz weight, means along the row.
  private func propagate(_ dz: Matrix, _ x: Matrix, _ statistics: Matrix, into dx: Matrix) {
    let columns = features
    let count = Float(columns)
    weight.value.withRows { weight in
      let weight = weight[0]
      dx.forEachRow(dz, x) { row, dx, dz, x in
        let mean = statistics[row, 0]
        let inverse = statistics[row, 1]
        let meanGradient = LaneSum.sum(columns) { dz[$0] * weight[$0] } / count
        let slope =
          LaneSum.sum(columns) { dz[$0] * weight[$0] * ((x[$0] - mean) * inverse) } / count
          * inverse
        for j in 0..<columns {
          dx[j] = inverse * (dz[j] * weight[j] - meanGradient - (x[j] - mean) * slope)
        }
      }
    }
  }
}
