// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The game that discriminator and generator play.
public enum AdversarialLoss: String, Codable, Sendable, CaseIterable {
  /// Cross-entropy with the non-saturating generator's loss (Goodfellow and others 2014).
  case nonSaturating
  /// The Wasserstein critic (Arjovsky and others 2017), to be used with a gradient penalty.
  case wasserstein
  /// Relativistic pairing (Huang and others 2024), to be used with R1 and R2.
  case relativistic

  /// The discriminator's loss and its gradients by the scores.
  ///
  /// - Parameters:
  ///   - real: D of real rows, rows by 1.
  ///   - generated: D of as many generated rows.
  ///   - realGradient, generatedGradient: overwritten; nil if not wanted.
  /// - Throws: `NeuralNetworkError.shapeMismatch`, `.batchTooSmall`.
  @discardableResult
  public func discriminator(
    real: Matrix, generated: Matrix, realGradient: Matrix?, generatedGradient: Matrix?
  ) throws(NeuralNetworkError) -> Float {
    switch self {
    case .nonSaturating:
      let first = try BinaryCrossEntropyWithLogits.evaluate(
        logits: real, target: 1, gradient: realGradient)
      let second = try BinaryCrossEntropyWithLogits.evaluate(
        logits: generated, target: 0, gradient: generatedGradient)
      return first + second
    case .wasserstein:
      return try WassersteinLoss.critic(
        real: real, generated: generated, realGradient: realGradient,
        generatedGradient: generatedGradient)
    case .relativistic:
      return try RelativisticPairingLoss.discriminator(
        real: real, generated: generated, realGradient: realGradient,
        generatedGradient: generatedGradient)
    }
  }

  /// Whether the generator's loss needs D of real rows too.
  public var pairsWithRealRows: Bool { self == .relativistic }

  /// The generator's loss and its gradient by the scores of generated rows.
  ///
  /// - Parameters:
  ///   - generated: D of generated rows, rows by 1.
  ///   - real: D of as many real rows; looked at only if `pairsWithRealRows`.
  ///   - gradient: overwritten; nil if not wanted.
  /// - Throws: `NeuralNetworkError.shapeMismatch` (also if real rows are needed and missing),
  ///   `.batchTooSmall`.
  @discardableResult
  public func generator(
    generated: Matrix, real: Matrix?, gradient: Matrix?
  ) throws(NeuralNetworkError) -> Float {
    switch self {
    case .nonSaturating:
      return try BinaryCrossEntropyWithLogits.evaluate(
        logits: generated, target: 1, gradient: gradient)
    case .wasserstein:
      return try WassersteinLoss.generator(generated: generated, gradient: gradient)
    case .relativistic:
      guard let real else {
        throw .shapeMismatch(
          operand: "The scores of real rows", expected: [generated.rows, generated.columns],
          found: [])
      }
      return try RelativisticPairingLoss.generator(
        generated: generated, real: real, gradient: gradient)
    }
  }
}
