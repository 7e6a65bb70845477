import Foundation
import NeuralNetworks
import NumericCore
import Tabular

/// What a discriminator step found.
struct DiscriminatorResult {
  var loss: Float = 0
  var probabilityReal: Float = 0
  var probabilityFake: Float = 0
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

  /// One step of the discriminator: real packs above generated ones in one batch.
  func discriminatorStep(
    _ step: UInt64, rateFactor: Float, penaltyFactor: Float
  ) throws -> DiscriminatorResult {
    let mode = Mode.training(step: 2 * step)
    drawRealRows(step)
    try drawNoise(.discriminatorNoise, step)
    let generated = try generator.forward(
      noise, mode: mode, gumbel: gumbelStream(.discriminatorGumbel, step), in: context)
    batch.writeGenerated(generated, into: fakePacks, in: context)
    batch.writeConditions(conditionPositions, into: fakePacks)

    let scores = try discriminator.network.forward(packs, mode: mode, in: context)
    let real = scores[rows: 0..<packCount]
    let fake = scores[rows: packCount..<2 * packCount]
    var result = DiscriminatorResult()
    (result.probabilityReal, result.probabilityFake) = configuration.objective.loss
      .probabilities(real: real, fake: fake)
    result.loss = try configuration.objective.loss.discriminator(
      real: real, generated: fake, realGradient: scoreGradient[rows: 0..<packCount],
      generatedGradient: scoreGradient[rows: packCount..<2 * packCount])
    let factor = lossFactor(of: .discriminator)
    scoreGradient.multiply(by: factor)
    result.loss += try discriminatorGradients(
      step, penaltyFactor: penaltyFactor, lossFactor: factor)
    guard admitsStep(of: .discriminator, loss: result.loss) else { return result }
    try discriminatorOptimizer.step(
      discriminator.network.parameters,
      learningRate: configuration.discriminatorOptimizer.learningRate * rateFactor, in: context)
    return result
  }

  /// The gradients of the loss and of the objective's penalties, all times `lossFactor`; returns
  /// the penalties.
  private func discriminatorGradients(
    _ step: UInt64, penaltyFactor: Float, lossFactor: Float
  ) throws -> Float {
    let objective = configuration.objective
    let (r1, r2) = (objective.r1 * penaltyFactor, objective.r2 * penaltyFactor)
    let network = discriminator.network
    // Dropout masks of their own for the interpolates.
    let mode = Mode.training(step: 2 * step + 1)
    var total: Float = 0
    if objective.hasZeroCentredPenalty && network.sharesPenaltyPasses {
      total += try network.backward(
        scoreGradient,
        penalties: [
          RowPenalty(rows: 0..<packCount, weight: r1 * lossFactor),
          RowPenalty(rows: packCount..<2 * packCount, weight: r2 * lossFactor),
        ], gradients: .overwrite, in: context)
    } else {
      _ = try network.backward(
        scoreGradient, gradients: .overwrite, inputGradient: false, in: context)
      for (rows, weight) in [(realPacks, r1), (fakePacks, r2)]
      where weight > 0 {
        total += try network.squaredGradientPenalty(
          at: rows, weight: weight * lossFactor, mode: mode, gradients: .accumulate, in: context)
      }
    }
    if objective.gradientPenalty > 0 {
      total += try network.gradientPenalty(
        between: 0..<packCount, and: packCount..<2 * packCount,
        random: RandomPurpose.interpolation.stream(seed: seed, step: step),
        weight: objective.gradientPenalty * lossFactor, mode: mode, gradients: .accumulate,
        in: context)
    }
    return total / lossFactor
  }

  /// One step of the generator against the discriminator as it stands.
  func generatorStep(_ step: UInt64, rateFactor: Float) throws -> Float {
    let mode = Mode.training(step: step | 1 << 63)
    let network = discriminator.network
    let loss = configuration.objective.loss
    if loss.pairsWithRealRows {
      // The packs still hold the rows of the discriminator's step.
      realScores.copy(from: try network.forward(realPacks, mode: mode, in: context))
    }
    if sampler != nil {
      // The discriminator's conditions go with its real rows; the generator draws its own.
      drawConditions(step)
      try drawNoise(.generatorNoise, step)
      let generated = try generator.forward(
        noise, mode: mode, gumbel: gumbelStream(.generatorGumbel, step), in: context)
      batch.writeGenerated(generated, into: fakePacks, in: context)
      batch.writeConditions(conditionPositions, into: fakePacks)
    }
    // Without conditions the packs still hold the discriminator's generated rows, and the generator
    // the pass that made them: they serve for both.

    let scores = try network.forward(fakePacks, mode: mode, in: context)
    let gradient = scoreGradient[rows: 0..<packCount]
    var total = try loss.generator(generated: scores, real: realScores, gradient: gradient)
    let factor = lossFactor(of: .generator)
    gradient.multiply(by: factor)
    guard
      let packGradient = try network.backward(
        gradient, gradients: .skip, inputGradient: true, in: context)
    else { return total }
    batch.readGradient(packGradient, at: fakePacks, into: rowGradient, in: context)
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

extension Matrix {
  /// Scales a column of scores.
  fileprivate func multiply(by factor: Float) {
    guard factor != 1 else { return }
    for row in 0..<rows { self[row, 0] *= factor }
  }
}
