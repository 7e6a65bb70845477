// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore

/// Platt's scaling (1999) without an intercept: the factor on logits that makes them log-odds.
package struct Calibration {
  package let slope: Double
  /// Mean cross-entropy with that slope, nats.
  package let loss: Double

  /// - Parameters:
  ///   - logits: one for each row, of real rows first.
  ///   - real: how many are real.
  package init(logits: Matrix, real: Int) {
    let margins = (0..<logits.rows).map { row in
      Double(row < real ? logits[row, 0] : -logits[row, 0])
    }
    func mean(_ slope: Double) -> Double {
      margins.reduce(0) { $0 + log1p(exp(-abs(slope * $1))) + max(-slope * $1, 0) }
        / Double(max(margins.count, 1))
    }
    // The loss is convex in the slope: a golden-section search finds its minimum.
    var (low, high) = (0.0, 2.0)
    let golden = (5.0.squareRoot() - 1) / 2
    for _ in 0..<40 {
      let (a, b) = (high - golden * (high - low), low + golden * (high - low))
      if mean(a) <= mean(b) { high = b } else { low = a }
    }
    slope = (low + high) / 2
    loss = mean(slope)
  }
}
