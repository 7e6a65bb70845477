// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The losses of the Wasserstein GAN (Arjovsky and others 2017).
public enum WassersteinLoss {
  /// The critic's loss, mean(D(generated)) - mean(D(real)).
  ///
  /// - Parameters:
  ///   - realGradient, generatedGradient: overwritten by the gradients by the scores; nil if
  ///     not wanted.
  /// - Throws: `NeuralNetworkError.shapeMismatch`, `.batchTooSmall`.
  @discardableResult
  public static func critic(
    real: Matrix, generated: Matrix, realGradient: Matrix?, generatedGradient: Matrix?
  ) throws(NeuralNetworkError) -> Float {
    let upward = try LogitLoss.mean(generated, gradient: generatedGradient) { ($0, 1) }
    let downward = try LogitLoss.mean(real, gradient: realGradient) { (-$0, -1) }
    return upward + downward
  }

  /// The generator's loss, -mean(D(generated)).
  ///
  /// - Throws: `NeuralNetworkError.shapeMismatch`, `.batchTooSmall`.
  @discardableResult
  public static func generator(
    generated: Matrix, gradient: Matrix?
  ) throws(NeuralNetworkError) -> Float {
    try LogitLoss.mean(generated, gradient: gradient) { (-$0, -1) }
  }
}
