// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The relativistic pairing loss of R3GAN (Jolicoeur-Martineau 2019; Huang and others 2024): each
/// generated row is scored against a real row, mean(softplus(-(D(real) - D(generated)))).
public enum RelativisticPairingLoss {
  /// The discriminator's loss: real rows are to score higher than the generated ones beside them.
  ///
  /// - Parameters:
  ///   - realGradient, generatedGradient: overwritten by the gradients by the scores; nil if
  ///     not wanted.
  /// - Throws: `NeuralNetworkError.shapeMismatch`, `.batchTooSmall`.
  @discardableResult
  public static func discriminator(
    real: Matrix, generated: Matrix, realGradient: Matrix?, generatedGradient: Matrix?
  ) throws(NeuralNetworkError) -> Float {
    try pair(
      upper: real, lower: generated, upperGradient: realGradient,
      lowerGradient: generatedGradient)
  }

  /// The generator's loss: generated rows are to score higher than the real ones beside them.
  ///
  /// - Parameter gradient: overwritten by the gradient by the generated rows' scores.
  /// - Throws: `NeuralNetworkError.shapeMismatch`, `.batchTooSmall`.
  @discardableResult
  public static func generator(
    generated: Matrix, real: Matrix, gradient: Matrix?
  ) throws(NeuralNetworkError) -> Float {
    try pair(upper: generated, lower: real, upperGradient: gradient, lowerGradient: nil)
  }

  /// mean(softplus(lower - upper)).
  private static func pair(
    upper: Matrix, lower: Matrix, upperGradient: Matrix?, lowerGradient: Matrix?
  ) throws(NeuralNetworkError) -> Float {
    let count = try LogitLoss.elementCount(of: upper)
    let rows = upper.rows
    let columns = upper.columns
    try lower.requireShape(rows: rows, columns: columns, "The paired scores")
    try upperGradient?.requireShape(rows: rows, columns: columns, "The gradient of the scores")
    try lowerGradient?.requireShape(rows: rows, columns: columns, "The gradient of the scores")
    var total = 0.0
    // d/d lower of each term; d/d upper is its opposite.
    if let derivative = lowerGradient ?? upperGradient {
      derivative.forEachRow(lower, upper) { _, d, l, u in
        for j in 0..<columns {
          let softplus = Softplus(Double(l[j]) - Double(u[j]))
          total += softplus.value
          d[j] = Float(softplus.derivative / count)
        }
      }
      upperGradient?.forEachRow(derivative) { _, g, d in
        for j in 0..<columns { g[j] = -d[j] }
      }
    } else {
      lower.withRows { lower in
        upper.withRows { upper in
          for row in 0..<rows {
            for j in 0..<columns {
              total += Softplus(Double(lower[row][j]) - Double(upper[row][j])).value
            }
          }
        }
      }
    }
    return Float(total / count)
  }
}
