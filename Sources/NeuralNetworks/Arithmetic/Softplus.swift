// SPDX-License-Identifier: Apache-2.0

import Foundation

/// log(1 + exp(x)) and its derivative, without overflow and without cancellation.
struct Softplus {
  /// log(1 + exp(x)).
  let value: Double
  /// 1 / (1 + exp(-x)).
  let derivative: Double

  init(_ x: Double) {
    let decayed = exp(-abs(x))
    value = max(x, 0) + log1p(decayed)
    derivative = x >= 0 ? 1 / (1 + decayed) : decayed / (1 + decayed)
  }
}
