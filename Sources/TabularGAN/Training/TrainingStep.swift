// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore

// One step of adversarial training: Algorithm 1 of Goodfellow et al., "Generative adversarial
// nets", NeurIPS 2014, with the losses and penalties of the configuration. How a batch is drawn and
// how a gradient is computed slice by slice stands in BatchDrawing.swift and StepGradients.swift.

extension GANTrainer {
  /// Step `step` of the run, from 0: the discriminator's steps, then the generator's.
  func trainingStep(
    _ step: UInt64, rateFactor: Float, penaltyFactor: Float
  ) throws -> (scored: DiscriminatorResult, generatorLoss: Float) {
    let count = UInt64(configuration.discriminatorSteps)
    var scored = DiscriminatorResult()
    for k in 0..<count {
      scored = try discriminatorStep(
        step * count + k, rateFactor: rateFactor, penaltyFactor: penaltyFactor)
    }
    return (scored, try generatorStep(step, rateFactor: rateFactor))
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
    try generator.backward(buffers.rowGradient, in: context) { logits, logitGradient in
      guard let sampler else { return }
      total +=
        try SoftmaxCrossEntropy.evaluate(
          logits: logits, spans: sampler.columnSpans, targets: buffers.conditionTargets,
          weight: factor,
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
