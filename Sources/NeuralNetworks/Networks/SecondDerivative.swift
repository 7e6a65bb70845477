// SPDX-License-Identifier: Apache-2.0

import NumericCore

extension Activation {
  /// Whether the second derivative is zero wherever it exists.
  var isPiecewiseLinear: Bool {
    switch self {
    case .identity, .relu, .leakyReLU: true
    case .tanh, .sigmoid, .selu: false
    }
  }
}

/// The constants of SELU (Klambauer and others 2017), as in PyTorch.
private let seluScaleTimesAlpha: Float = 1.050_700_987_355_480_5 * 1.673_263_242_354_377_2

extension Matrix {
  /// Multiplies element by element by the activation's second derivative, expressed by its output.
  func multiply(bySecondDerivativeOf activation: Activation, atOutput output: Matrix) {
    let columns = self.columns
    switch activation {
    case .identity, .relu, .leakyReLU:
      fill(0)
    case .tanh:
      forEachRow(output) { _, y, h in
        for j in 0..<columns { y[j] *= -2 * h[j] * (1 - h[j] * h[j]) }
      }
    case .sigmoid:
      forEachRow(output) { _, y, h in
        for j in 0..<columns { y[j] *= h[j] * (1 - h[j]) * (1 - 2 * h[j]) }
      }
    case .selu:
      forEachRow(output) { _, y, h in
        for j in 0..<columns { y[j] *= h[j] > 0 ? 0 : h[j] + seluScaleTimesAlpha }
      }
    }
  }
}
