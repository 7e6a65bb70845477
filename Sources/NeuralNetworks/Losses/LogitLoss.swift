// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// What the losses of a discriminator's logits share: the mean of a function of each element.
enum LogitLoss {
  /// - Parameter term: an element's loss and its derivative.
  @inline(__always)
  static func mean(
    _ logits: Matrix, gradient: Matrix?, _ term: (Double) -> (value: Double, derivative: Double)
  ) throws(NeuralNetworkError) -> Float {
    let count = try elementCount(of: logits)
    try gradient?.requireShape(
      rows: logits.rows, columns: logits.columns, "The gradient of the logits")
    var total = 0.0
    let columns = logits.columns
    if let gradient {
      gradient.forEachRow(logits) { _, g, x in
        for j in 0..<columns {
          let (value, derivative) = term(Double(x[j]))
          total += value
          g[j] = Float(derivative / count)
        }
      }
    } else {
      logits.withRows { rows in
        for row in 0..<rows.count {
          for j in 0..<columns { total += term(Double(rows[row][j])).value }
        }
      }
    }
    return Float(total / count)
  }

  static func elementCount(of logits: Matrix) throws(NeuralNetworkError) -> Double {
    guard logits.rows > 0, logits.columns > 0 else {
      throw .batchTooSmall(operation: "A loss", rows: logits.rows, minimum: 1)
    }
    return Double(logits.rows * logits.columns)
  }
}
