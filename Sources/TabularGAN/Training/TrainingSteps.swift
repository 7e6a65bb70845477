import Foundation
import NeuralNetworks
import NumericCore
import Tabular

/// What a discriminator step found.
struct DiscriminatorResult {
  var loss: Float = 0
  var probabilityReal: Float = 0
  var probabilityFake: Float = 0

  /// Adds what a slice of the batch found; where probabilities are relative, to the slice's own scores.
  mutating func add(_ part: Self, share: Float) {
    loss += share * part.loss
    probabilityReal += share * part.probabilityReal
    probabilityFake += share * part.probabilityFake
  }
}

extension GANTrainer {
  /// Step `step` of the run, from 0: the discriminator's steps, then the generator's.
  func bothSteps(
    _ step: UInt64, rateFactor: Float, penaltyFactor: Float
  ) throws -> (judged: DiscriminatorResult, generatorLoss: Float) {
    let count = UInt64(configuration.discriminatorSteps)
    var judged = DiscriminatorResult()
    for k in 0..<count {
      judged = try discriminatorStep(
        step * count + k, rateFactor: rateFactor, penaltyFactor: penaltyFactor)
    }
    return (judged, try generatorStep(step, rateFactor: rateFactor))
  }

  /// One step of the discriminator.
  func discriminatorStep(
    _ step: UInt64, rateFactor: Float, penaltyFactor: Float
  ) throws -> DiscriminatorResult {
    drawRealRows(step)
    try generate(
      .discriminatorNoise, step, mode: .training(step: 2 * step),
      gumbel: gumbelStream(.discriminatorGumbel, step))

    let factor = lossFactor(of: .discriminator)
    var result = DiscriminatorResult()
    for slice in slices.packs.indices {
      let part = try discriminatorGradients(
        slice, step, penaltyFactor: penaltyFactor, lossFactor: factor)
      result.add(part, share: slices.share(of: slice))
    }
    guard admitsStep(of: .discriminator, loss: result.loss) else { return result }
    try discriminatorOptimizer.step(
      discriminator.network.parameters,
      learningRate: configuration.discriminatorOptimizer.learningRate * rateFactor, in: context)
    return result
  }

  /// Adds the gradients of a slice's loss and penalties, all times `lossFactor`; returns what the slice
  /// by itself found.
  private func discriminatorGradients(
    _ slice: Int, _ step: UInt64, penaltyFactor: Float, lossFactor: Float
  ) throws -> DiscriminatorResult {
    let objective = configuration.objective
    let network = discriminator.network
    let count = slices.packs[slice].count
    let (first, second) = (0..<count, count..<2 * count)
    let scores = try network.forward(
      slices.judged(slice, real: realPacks, generated: fakePacks),
      mode: .training(step: slices.maskStep(2 * step, slice: slice)), in: context)
    var result = DiscriminatorResult()
    (result.probabilityReal, result.probabilityFake) = objective.loss.probabilities(
      real: scores[rows: first], fake: scores[rows: second])
    let scoreGradient = scoreGradient[rows: 0..<2 * count]
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
    if objective.hasZeroCentredPenalty && network.sharesPenaltyPasses {
      penalties += try network.backward(
        scoreGradient,
        penalties: [
          RowPenalty(rows: first, weight: r1 * factor),
          RowPenalty(rows: second, weight: r2 * factor),
        ], gradients: gradients, in: context)
    } else {
      _ = try network.backward(
        scoreGradient, gradients: gradients, inputGradient: false, in: context)
      for (packs, weight) in [(realPacks, r1), (fakePacks, r2)] where weight > 0 {
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
  private func generate(
    _ purpose: RandomPurpose, _ step: UInt64, mode: Mode, gumbel: RandomStream?
  ) throws {
    try drawNoise(purpose, step)
    let generated = try generator.forward(
      generatorInput, mode: mode, gumbel: gumbel, in: context)
    batch.writeGenerated(generated, into: fakePacks.dense, in: context)
    if let conditions = fakePacks.sparse {
      batch.writeConditions(conditionPositions, into: conditions)
    }
  }

  /// One step of the generator against the discriminator as it stands.
  func generatorStep(_ step: UInt64, rateFactor: Float) throws -> Float {
    if sampler != nil {
      // The discriminator's conditions go with its real rows; the generator draws its own.
      drawConditions(step)
      try generate(
        .generatorNoise, step, mode: .training(step: step | Self.generatorBit),
        gumbel: gumbelStream(.generatorGumbel, step))
    }
    // Without conditions the packs still hold the discriminator's generated rows, and the generator
    // the pass that made them: they serve for both.

    let factor = lossFactor(of: .generator)
    var total: Float = 0
    for slice in slices.packs.indices {
      total += slices.share(of: slice) * (try generatorGradient(slice, step, lossFactor: factor))
    }
    try generator.backward(rowGradient, in: context) { logits, logitGradient in
      guard let sampler else { return }
      total +=
        try SoftmaxCrossEntropy.evaluate(
          logits: logits, spans: sampler.columnSpans, targets: conditionTargets, weight: factor,
          gradient: logitGradient, accumulate: true) / factor
    }
    guard admitsStep(of: .generator, loss: total) else { return total }
    try generatorOptimizer.step(
      generator.network.parameters,
      learningRate: configuration.generatorOptimizer.learningRate * rateFactor, in: context)
    average?.update(in: context)
    return total
  }

  /// Writes the gradient of a slice's loss, times `lossFactor`, by its generated rows; returns the loss of
  /// the slice by itself.
  private func generatorGradient(
    _ slice: Int, _ step: UInt64, lossFactor: Float
  ) throws -> Float {
    let mode = Mode.training(step: slices.maskStep(step, slice: slice) | Self.generatorBit)
    let network = discriminator.network
    let loss = configuration.objective.loss
    let part = slices.packs[slice]
    let paired = realScores[rows: part]
    if loss.pairsWithRealRows {
      // The packs still hold the rows of the discriminator's step.
      paired.copy(from: try network.forward([realPacks[rows: part]], mode: mode, in: context))
    }
    let scores = try network.forward([fakePacks[rows: part]], mode: mode, in: context)
    let gradient = scoreGradient[rows: 0..<part.count]
    let value = try loss.generator(generated: scores, real: paired, gradient: gradient)
    try context.scale(gradient, by: lossFactor * slices.share(of: slice), into: gradient)
    if let packGradient = try network.backward(
      gradient, gradients: .skip, inputColumns: batch.rowsWidth, in: context)
    {
      batch.readGradient(
        packGradient, of: part, at: fakePacks.dense, into: rowGradient, in: context)
    }
    return value
  }

  /// Tells the masks of the generator's steps from the discriminator's.
  private static let generatorBit: UInt64 = 1 << 63
}

extension AdversarialLoss {
  /// Mean probability of being real for both groups of scores; see ``TrainingMetrics``.
  func probabilities(real: Matrix, fake: Matrix) -> (real: Float, fake: Float) {
    func mean(_ scores: Matrix, _ value: (Double) -> Double) -> Double {
      (0..<scores.rows).reduce(0) { $0 + value(Double(scores[$1, 0])) } / Double(scores.rows)
    }
    var zero = (forReal: 0.0, forFake: 0.0)
    if self != .nonSaturating {
      zero = (mean(fake) { $0 }, mean(real) { $0 })
    }
    func logistic(_ zero: Double) -> (Double) -> Double { { 1 / (1 + exp(zero - $0)) } }
    return (
      Float(mean(real, logistic(zero.forReal))), Float(mean(fake, logistic(zero.forFake)))
    )
  }
}
