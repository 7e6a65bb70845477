// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore

/// What a discriminator step found.
struct DiscriminatorResult {
  var loss: Float = 0
  var probabilityReal: Float = 0
  var probabilityGenerated: Float = 0

  /// Adds what a slice of the batch found; where probabilities are relative, to the slice's own
  /// scores.
  mutating func add(_ part: Self, share: Float) {
    loss += share * part.loss
    probabilityReal += share * part.probabilityReal
    probabilityGenerated += share * part.probabilityGenerated
  }
}

extension GANTrainer {
  /// Adds the gradients of a slice's loss and penalties, all times `lossFactor`; returns what the
  /// slice by itself found.
  func discriminatorGradients(
    _ slice: Int, _ step: UInt64, penaltyFactor: Float, lossFactor: Float
  ) throws -> DiscriminatorResult {
    let objective = configuration.objective
    let network = discriminator.network
    let count = slices.packs[slice].count
    let (first, second) = (0..<count, count..<2 * count)
    let scores = try network.forward(
      slices.scored(slice, real: buffers.realPacks, generated: buffers.generatedPacks),
      mode: .training(step: slices.maskStep(2 * step, slice: slice)), in: context)
    var result = DiscriminatorResult()
    (result.probabilityReal, result.probabilityGenerated) = objective.loss.probabilities(
      real: scores[rows: first], generated: scores[rows: second])
    let scoreGradient = buffers.scoreGradient[rows: 0..<2 * count]
    result.loss = try objective.loss.discriminator(
      real: scores[rows: first], generated: scores[rows: second],
      realGradient: scoreGradient[rows: first], generatedGradient: scoreGradient[rows: second])

    let factor = lossFactor * slices.share(of: slice)
    try context.scale(scoreGradient, by: factor, into: scoreGradient)
    let gradients = slice == 0 ? GradientMode.overwrite : .accumulate
    let (r1, r2) = (objective.r1 * penaltyFactor, objective.r2 * penaltyFactor)
    // Dropout masks of their own for the penalties' passes.
    let mode = Mode.training(step: slices.maskStep(2 * step + 1, slice: slice))
    var penalties: Float = 0
    if objective.hasZeroCenteredPenalty && network.sharesPenaltyPasses {
      penalties += try network.backward(
        scoreGradient,
        penalties: [
          RowPenalty(rows: first, weight: r1 * factor),
          RowPenalty(rows: second, weight: r2 * factor),
        ], gradients: gradients, in: context)
    } else {
      _ = try network.backward(
        scoreGradient, gradients: gradients, inputGradient: false, in: context)
      for (packs, weight) in [(buffers.realPacks, r1), (buffers.generatedPacks, r2)]
      where weight > 0 {
        penalties += try network.squaredGradientPenalty(
          at: [packs[rows: slices.packs[slice]]], weight: weight * factor, mode: mode,
          gradients: .accumulate, in: context)
      }
    }
    if objective.gradientPenalty > 0 {
      penalties += try network.gradientPenalty(
        between: first, and: second,
        random: RandomPurpose.interpolation.stream(seed: seed, step: step),
        firstPair: slices.packs[slice].lowerBound, weight: objective.gradientPenalty * factor,
        mode: mode, gradients: .accumulate, in: context)
    }
    result.loss += penalties / factor
    return result
  }

  /// Fills the generated packs with new rows, for the conditions that have been drawn.
  func generate(
    _ purpose: RandomPurpose, _ step: UInt64, mode: Mode, gumbel: RandomStream?
  ) throws {
    try drawNoise(purpose, step)
    let generated = try generator.forward(
      buffers.generatorInput, mode: mode, gumbel: gumbel, in: context)
    batch.writeGenerated(generated, into: buffers.generatedPacks.dense, in: context)
    if let conditions = buffers.generatedPacks.sparse {
      batch.writeConditions(buffers.conditionPositions, into: conditions)
    }
  }

  /// Writes the gradient of a slice's loss, times `lossFactor`, by its generated rows; returns the
  /// loss of the slice by itself.
  func generatorGradient(
    _ slice: Int, _ step: UInt64, lossFactor: Float
  ) throws -> Float {
    let mode = Mode.training(step: slices.maskStep(step, slice: slice) | Self.generatorBit)
    let network = discriminator.network
    let loss = configuration.objective.loss
    let part = slices.packs[slice]
    let paired = buffers.realScores[rows: part]
    if loss.pairsWithRealRows {
      // The packs still hold the rows of the discriminator's step.
      paired.copy(
        from: try network.forward([buffers.realPacks[rows: part]], mode: mode, in: context))
    }
    let scores = try network.forward([buffers.generatedPacks[rows: part]], mode: mode, in: context)
    let gradient = buffers.scoreGradient[rows: 0..<part.count]
    let value = try loss.generator(generated: scores, real: paired, gradient: gradient)
    try context.scale(gradient, by: lossFactor * slices.share(of: slice), into: gradient)
    if let packGradient = try network.backward(
      gradient, gradients: .skip, inputColumns: batch.rowsWidth, in: context)
    {
      batch.readGradient(
        packGradient, of: part, at: buffers.generatedPacks.dense, into: buffers.rowGradient,
        in: context)
    }
    return value
  }

  /// Tells the masks of the generator's steps from the discriminator's.
  static let generatorBit: UInt64 = 1 << 63
}

extension AdversarialLoss {
  /// Mean probability of being real for both groups of scores; see ``TrainingMetrics``.
  func probabilities(real: Matrix, generated: Matrix) -> (real: Float, generated: Float) {
    func mean(_ scores: Matrix, _ value: (Double) -> Double) -> Double {
      (0..<scores.rows).reduce(0) { $0 + value(Double(scores[$1, 0])) } / Double(scores.rows)
    }
    var zero = (forReal: 0.0, forGenerated: 0.0)
    if self != .nonSaturating {
      zero = (mean(generated) { $0 }, mean(real) { $0 })
    }
    func logistic(_ zero: Double) -> (Double) -> Double { { 1 / (1 + exp(zero - $0)) } }
    return (
      Float(mean(real, logistic(zero.forReal))), Float(mean(generated, logistic(zero.forGenerated)))
    )
  }
}
