// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The binary cross-entropy of logits against one target probability: the mean over all elements of
/// `target` softplus(-x) + (1 - `target`) softplus(x).
///
/// With target 1 on generated rows it is the generator's non-saturating loss (Goodfellow and others
/// 2014).
public enum BinaryCrossEntropyWithLogits {
  /// Computes the loss and its gradient.
  ///
  /// - Parameters:
  ///   - logits: the network's outputs.
  ///   - target: the probability of "real" that is wanted, between 0 and 1.
  ///   - gradient: overwritten by the loss's gradient by the logits, of the same shape; nil if it
  ///     isn't wanted. It may be `logits` itself.
  /// - Returns: the loss, summed in double precision.
  /// - Throws: `NeuralNetworkError.shapeMismatch`, `.batchTooSmall`, `.invalidHyperparameter`.
  @discardableResult
  public static func evaluate(
    logits: Matrix, target: Float, gradient: Matrix?
  ) throws(NeuralNetworkError) -> Float {
    try NeuralNetworkError.require(
      target >= 0 && target <= 1, "The target probability", target, "between 0 and 1")
    let wanted = Double(target)
    return try LogitLoss.mean(logits, gradient: gradient) { x in
      let softplus = Softplus(x)
      // softplus(-x) = softplus(x) - x
      return (softplus.value - wanted * x, softplus.derivative - wanted)
    }
  }
}
