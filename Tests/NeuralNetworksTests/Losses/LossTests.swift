// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import Testing

@Suite("Losses")
struct LossTests {
  private static func softplus(_ x: Double) -> Double {
    max(x, 0) + log1p(exp(-abs(x)))
  }

  private func mean(_ matrix: DoubleMatrix, _ term: (Double) -> Double) -> Double {
    matrix.values.map(term).reduce(0, +) / Double(matrix.values.count)
  }

  /// Losses are computed in double precision: what is left is one rounding of the result, and what
  /// central differences are off by.
  private let terms = 1
  private let slack = 1e-8

  @Test("cross-entropy agrees with PyTorch", arguments: [0.0, 1.0, 0.9] as [Float])
  func crossEntropyGoldens(_ target: Float) throws {
    let goldens = try Goldens("losses")
    let prefix = "cross_entropy_\(target)"
    let logits = try goldens.matrix("\(prefix)/logits")
    let gradient = try Matrix(rows: logits.rows, columns: 1)
    let value = try BinaryCrossEntropyWithLogits.evaluate(
      logits: logits, target: target, gradient: gradient)
    // PyTorch was given the decimal, this takes its nearest 32-bit float.
    expectClose(
      value, Double(try goldens.tensor("\(prefix)/value").values[0]), terms: 2, slack: slack,
      "value")
    expectClose(
      gradient, try goldens.tensor("\(prefix)/logits.grad"), terms: 2, slack: slack, "gradient")
  }

  @Test("cross-entropy is stable at extreme logits")
  func crossEntropyExtremes() throws {
    let logits = try Matrix([[1e30], [-1e30], [200], [-200]])
    let gradient = try Matrix(rows: 4, columns: 1)
    let loss = try BinaryCrossEntropyWithLogits.evaluate(
      logits: logits, target: 1, gradient: gradient)
    expectClose(loss, 1e30 / 4, terms: 1, "value")
    expectClose(gradient.toArray(), [0, -0.25, 0, -0.25], terms: 1, "gradient")
  }

  @Test(
    "adversarial losses agree with central differences", arguments: AdversarialLoss.allCases)
  func adversarial(_ loss: AdversarialLoss) throws {
    let real = Matrix.example(rows: 9, columns: 1, seed: 1, size: 4)
    let generated = Matrix.example(rows: 9, columns: 1, seed: 2, size: 4)
    let arguments = [DoubleMatrix(real), DoubleMatrix(generated)]
    let discriminator = { (scores: [DoubleMatrix]) -> Double in
      switch loss {
      case .nonSaturating:
        mean(scores[0]) { Self.softplus(-$0) } + mean(scores[1]) { Self.softplus($0) }
      case .wasserstein: mean(scores[1]) { $0 } - mean(scores[0]) { $0 }
      case .relativistic: mean(scores[0].zip(scores[1]) { $1 - $0 }, Self.softplus)
      }
    }
    let generator = { (scores: [DoubleMatrix]) -> Double in
      switch loss {
      case .nonSaturating: mean(scores[1]) { Self.softplus(-$0) }
      case .wasserstein: -mean(scores[1]) { $0 }
      case .relativistic: mean(scores[0].zip(scores[1]) { $0 - $1 }, Self.softplus)
      }
    }

    let realGradient = try Matrix(rows: 9, columns: 1)
    let generatedGradient = try Matrix(rows: 9, columns: 1)
    realGradient.fill(.nan)
    generatedGradient.fill(.nan)
    let value = try loss.discriminator(
      real: real, generated: generated, realGradient: realGradient,
      generatedGradient: generatedGradient)
    expectClose(value, discriminator(arguments), terms: terms, slack: 1e-7, "discriminator")
    let expected = FiniteDifference.gradients(at: arguments, discriminator)
    expectClose(realGradient, expected[0], terms: terms, slack: slack, "gradient by real scores")
    expectClose(
      generatedGradient, expected[1], terms: terms, slack: slack, "gradient by generated scores")

    generatedGradient.fill(.nan)
    let generatorValue = try loss.generator(
      generated: generated, real: loss.pairsWithRealRows ? real : nil,
      gradient: generatedGradient)
    expectClose(generatorValue, generator(arguments), terms: terms, slack: 1e-7, "generator")
    expectClose(
      generatedGradient, FiniteDifference.gradients(at: arguments, generator)[1], terms: terms,
      slack: slack, "generator's gradient")
  }

  @Test("relativistic pairing agrees with PyTorch")
  func relativisticGoldens() throws {
    let goldens = try Goldens("losses")
    let real = try goldens.matrix("relativistic/real")
    let generated = try goldens.matrix("relativistic/generated")
    let realGradient = try Matrix(rows: 11, columns: 1)
    let generatedGradient = try Matrix(rows: 11, columns: 1)
    let value = try RelativisticPairingLoss.discriminator(
      real: real, generated: generated, realGradient: realGradient,
      generatedGradient: generatedGradient)
    expectClose(
      value, Double(try goldens.tensor("relativistic/value").values[0]), terms: terms, "value")
    expectClose(
      realGradient, try goldens.tensor("relativistic/real.grad"), terms: terms, "real gradient")
    expectClose(
      generatedGradient, try goldens.tensor("relativistic/generated.grad"), terms: terms,
      "generated gradient")
  }

  @Test("let a NaN through to value and gradient", arguments: AdversarialLoss.allCases)
  func notANumber(_ loss: AdversarialLoss) throws {
    let scores = try Matrix([[1], [.nan], [2]])
    let gradient = try Matrix(rows: 3, columns: 1)
    let value = try loss.discriminator(
      real: scores, generated: scores, realGradient: gradient, generatedGradient: nil)
    #expect(value.isNaN)
    #expect(try loss.generator(generated: scores, real: scores, gradient: nil).isNaN)
    if loss != .wasserstein { #expect(gradient[1, 0].isNaN) }
  }

  @Test("refuse empty batches and unequal numbers of rows", arguments: AdversarialLoss.allCases)
  func errors(_ loss: AdversarialLoss) throws {
    let empty = try Matrix(rows: 0, columns: 1)
    let three = try Matrix(rows: 3, columns: 1)
    let two = try Matrix(rows: 2, columns: 1)
    #expect(throws: NeuralNetworkError.self) {
      try loss.discriminator(
        real: empty, generated: empty, realGradient: nil, generatedGradient: nil)
    }
    #expect(throws: NeuralNetworkError.self) {
      try loss.generator(generated: three, real: three, gradient: two)
    }
    if loss == .relativistic {
      #expect(throws: NeuralNetworkError.self) {
        try loss.generator(generated: three, real: two, gradient: nil)
      }
      #expect(throws: NeuralNetworkError.self) {
        try loss.generator(generated: three, real: nil, gradient: nil)
      }
    }
    #expect(throws: NeuralNetworkError.self) {
      try BinaryCrossEntropyWithLogits.evaluate(logits: three, target: 1.5, gradient: nil)
    }
  }
}
