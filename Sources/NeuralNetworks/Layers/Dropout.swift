// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Inverted dropout: in training each element is dropped with probability `rate` and the others are
/// scaled by 1 / (1 - rate); in inference nothing happens.
public final class Dropout: Layer {
  /// The number of columns.
  public let features: Int
  private var masks: DropoutMask
  private var mask: Matrix?
  private var rows: Int?
  private var outputStorage = ReusableMatrix()
  private var inputGradientStorage = ReusableMatrix()

  /// The number of columns of the input.
  public var inputs: Int { features }
  /// The number of columns of the result.
  public var outputs: Int { features }
  /// What an optimizer trains.
  public var parameters: [Parameter] { [] }
  /// The probability of being dropped.
  public var rate: Float { masks.rate }

  /// Makes a layer.
  ///
  /// - Parameters:
  ///   - name: selects the random numbers together with `seed`.
  ///   - rate: the probability of being dropped, at least 0 and below 1.
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`.
  public init(name: String, features: Int, rate: Float, seed: UInt64) throws(NeuralNetworkError) {
    self.features = features
    masks = try DropoutMask(rate: rate, name: name, seed: seed)
  }

  /// Applies the layer; see `Layer`.
  public func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    try x.requireColumns(features, "The input of \(masks.name)")
    rows = x.rows
    mask = try masks.mask(rows: x.rows, columns: features, mode: mode, in: context)
    guard let mask else {
      guard let destination else { return x }
      try destination.requireShape(
        rows: x.rows, columns: features, "The destination of \(masks.name)")
      try context.copy(x, into: destination)
      return destination
    }
    let y = try outputStorage.matrix(
      rows: x.rows, columns: features, orExternal: destination, masks.name)
    try context.multiply(x, mask, into: y)
    return y
  }

  /// Propagates gradients back; see `Layer`.
  public func backward(
    _ dy: Matrix, gradients: GradientMode, inputColumns: Int, in context: ComputeContext
  ) throws -> Matrix? {
    guard let rows else { throw NeuralNetworkError.backwardBeforeForward(layer: masks.name) }
    guard inputColumns > 0 else { return nil }
    try dy.requireShape(rows: rows, columns: features, "The output gradient of \(masks.name)")
    let dx = try inputGradientStorage.matrix(rows: rows, columns: features)
    if let mask {
      try context.multiply(dy, mask, into: dx)
    } else {
      try context.copy(dy, into: dx)
    }
    return dx[columns: 0..<inputColumns]
  }
}
