// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The points between real and generated rows at which WGAN-GP penalizes the gradient.
public struct Interpolates {
  private var pointStorage = ReusableMatrix()
  private var alphaStorage = ReusableMatrix()
  private var complementStorage = ReusableMatrix()

  /// Makes an object that keeps its storage from call to call.
  public init() {}

  /// Row by row α real + (1 - α) generated, with α uniform and one per row.
  ///
  /// - Parameter random: the stream of α; row r takes its element `firstPair` + r.
  /// - Returns: the points, valid until the next call.
  /// - Throws: `NeuralNetworkError.shapeMismatch`.
  public mutating func points(
    real: Matrix, generated: Matrix, random: RandomStream, firstPair: Int = 0,
    in context: ComputeContext
  ) throws -> Matrix {
    try points(
      real: [MixedMatrix(real)], generated: [MixedMatrix(generated)], random: random,
      firstPair: firstPair, in: context)
  }

  /// The same between rows that come in parts.
  mutating func points(
    real: [MixedMatrix], generated: [MixedMatrix], random: RandomStream, firstPair: Int,
    in context: ComputeContext
  ) throws -> Matrix {
    let (rows, columns) = (real.rows, real.first?.columns ?? 0)
    guard generated.rows == rows, (real + generated).allSatisfy({ $0.columns == columns }) else {
      throw NeuralNetworkError.shapeMismatch(
        operand: "The generated rows", expected: [rows, columns],
        found: [generated.rows, generated.first?.columns ?? 0])
    }
    let points = try pointStorage.matrix(rows: rows, columns: columns)
    let alphas = try self.alphas(rows, random: random, firstPair: firstPair, in: context)
    let complements = try complementStorage.matrix(rows: rows, columns: 1)
    for row in 0..<rows { complements[row, 0] = 1 - alphas[row, 0] }
    points.fill(0)
    points.addRows(of: generated, scaledBy: complements, in: context)
    points.addRows(of: real, scaledBy: alphas, in: context)
    return points
  }

  /// α of `count` pairs, count by 1, valid until the next call.
  mutating func alphas(
    _ count: Int, random: RandomStream, firstPair: Int, in context: ComputeContext
  ) throws -> Matrix {
    let alphas = try alphaStorage.matrix(rows: count, columns: 1)
    try context.fillUniform(alphas, random: random, firstIndex: UInt64(firstPair))
    return alphas
  }
}
