// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Tabular
import TabularEncoding

/// Trains a generator against a discriminator on an encoded table.
///
/// It knows steps and batches, nothing of files or terminals: what happens is reported as
/// ``TrainingEvent``s. All random draws depend on (seed, step, position), so a run gives the same
/// bits for any number of threads.
package final class GANTrainer {
  let generator: Generator
  let discriminator: Discriminator
  let outline: TrainingOutline

  let table: EncodedTable
  let configuration: SynthesizerConfiguration
  let sampler: ConditionalSampler?
  let rareCategories: RareCategorySampler?
  let seed: UInt64
  let context: ComputeContext
  let batch: BatchAssembler
  let batchSize: Int
  /// Packs of `rowsPerPack` rows in a batch.
  let packCount: Int
  let slices: BatchSlices
  let generatorOptimizer: any Optimizer
  let discriminatorOptimizer: any Optimizer
  let average: ExponentialMovingAverage?
  /// In half precision what each network does about overflow; else empty.
  var overflow: [TrainedNetwork: OverflowPolicy] = [:]
  /// Ends the run when the discriminator overfits; nil without monitoring rows.
  private var monitor: OverfittingMonitor?
  /// Steps skipped since the last report.
  var overflowNotices: [OverflowNotice] = []

  /// The storage of a step.
  let buffers: StepBuffers

  /// - Parameters:
  ///   - monitoring: rows that are not learned, to detect memorization.
  ///   - features: what the discriminator is shown beside the rows; nil for nothing.
  ///   - maxPacks: in a slice of the batch.
  ///   - positionsAnEntry: from which on real rows are sparse; see `BatchAssembler`.
  package init(
    table: EncodedTable, monitoring: EncodedTable?, features: DerivedFeatureMap?,
    configuration: SynthesizerConfiguration, seed: UInt64, context: ComputeContext,
    maxPacks: Int = BatchSlices.maxPacks,
    positionsAnEntry: Int = BatchAssembler.worthwhileSparsity
  ) throws {
    try configuration.validate()
    let pack = configuration.discriminator.rowsPerPack
    guard table.width > 0 else {
      throw TrainingError.table("no column is left to model: all are constant or ids")
    }
    guard table.rowCount >= 2 * pack else {
      throw TrainingError.table(
        "\(table.rowCount) rows are too few (at least \(2 * pack) are needed)")
    }
    self.table = table
    self.configuration = configuration
    self.seed = seed
    self.context = context
    sampler = configuration.conditional ? ConditionalSampler(table) : nil
    let restoresShares = configuration.resampling != nil && !configuration.conditional
    rareCategories =
      configuration.minCategoryShare > 0 && restoresShares
      ? RareCategorySampler(table, target: configuration.minCategoryShare, seed: seed) : nil
    batchSize = min(configuration.batchSize, table.rowCount / pack * pack)
    packCount = batchSize / pack
    slices = BatchSlices(of: packCount, maximum: maxPacks)
    let conditionWidth = sampler?.width ?? 0
    batch = BatchAssembler(
      rowWidth: table.width, conditionWidth: conditionWidth, rowsPerPack: pack,
      features: features, positionsAnEntry: positionsAnEntry)
    generator = try Generator(
      configuration: configuration.generator, conditionWidth: conditionWidth, spans: table.spans,
      temperature: configuration.temperature, precision: configuration.precision, seed: seed,
      in: context)
    discriminator = try Discriminator(
      configuration: configuration.discriminator, inputs: batch.packWidth,
      precision: configuration.precision, seed: seed, in: context)
    generatorOptimizer = try configuration.generatorOptimizer.make()
    discriminatorOptimizer = try configuration.discriminatorOptimizer.make()
    average = try configuration.averaging.map { [network = generator.network] decay in
      try ExponentialMovingAverage(of: network.parameters + network.buffers, decay: decay)
    }

    if let monitoring, let limit = configuration.overfittingLimit, !configuration.conditional {
      monitor = OverfittingMonitor(monitoring: monitoring, limit: limit)
    }
    if context.resolve(configuration.precision) == .float16 {
      overflow = [.generator: OverflowPolicy(), .discriminator: OverflowPolicy()]
    }

    buffers = try StepBuffers(
      batchSize: batchSize, noiseWidth: configuration.generator.noiseWidth, table: table,
      batch: batch, sampler: sampler)
    outline = TrainingOutline(
      rows: table.rowCount, encodedWidth: table.width,
      noiseWidth: configuration.generator.noiseWidth, conditionWidth: conditionWidth,
      generatorLayers: generator.layerTitles, discriminatorLayers: discriminator.layerTitles,
      generatorParameters: generator.network.parameterCount,
      discriminatorParameters: discriminator.network.parameterCount, batchSize: batchSize,
      batchesPerEpoch: configuration.batchesPerEpoch(rows: table.rowCount))
  }

  /// Trains until the budget is spent or `onEvent` says stop; returns the last metrics.
  ///
  /// - Parameter resumption: where to continue.
  package func run(
    budget: TrainingBudget, from resumption: TrainingCheckpoint? = nil,
    onEvent: (TrainingEvent) throws -> TrainingDecision
  ) throws -> TrainingMetrics {
    let fingerprint = try fingerprint(budget: budget)
    var last = TrainingMetrics.none
    if let resumption {
      guard resumption.fingerprint == fingerprint else { throw TrainingError.foreignCheckpoint }
      try restore(resumption, budget: budget)
      last = resumption.metrics
    }
    let clock = TrainingClock(
      budget: budget, defaultEpochs: configuration.defaultEpochs(rows: table.rowCount),
      batchesPerEpoch: outline.batchesPerEpoch, spentSeconds: last.seconds)
    var epochMean = MetricsMean()
    var reason = "the budget is spent"
    _ = try onEvent(.started(outline))
    // One team for all steps: waking one takes longer than some of a step's products.
    try context.withTeam {
      while !clock.isSpent(after: last.step) {
        if let ratio = try monitor?.overfitting(of: self, after: last.step) {
          reason =
            "stopped early: discriminator overfitting (held-out rows lack "
            + "\(Int((100 * ratio).rounded())) % of the score difference of training and generated rows)"
          break
        }
        let step = last.step + 1
        let progress = clock.progress(after: last.step)
        let rateFactor = configuration.decay.factor(at: progress)
        let penaltyFactor = configuration.objective.penaltyFactor(at: progress)
        let (scored, generatorLoss) = try trainingStep(
          UInt64(step - 1), rateFactor: rateFactor, penaltyFactor: penaltyFactor)
        let overflows = overflowNotices
        overflowNotices = []
        guard !overflows.isEmpty || (scored.loss.isFinite && generatorLoss.isFinite) else {
          throw TrainingError.diverged(step: step)
        }
        let previous = last
        last = TrainingMetrics(
          step: step, epoch: (step - 1) / outline.batchesPerEpoch + 1,
          rowsSeen: step * configuration.discriminatorSteps * batchSize, seconds: clock.seconds,
          discriminatorLoss: scored.loss, generatorLoss: generatorLoss,
          probabilityReal: scored.probabilityReal,
          probabilityGenerated: scored.probabilityGenerated,
          progress: clock.progress(after: step))
        if !overflows.isEmpty { last.replaceNonFinite(by: previous) }
        epochMean.add(last)
        var decisions = try overflows.map { try onEvent(.overflow($0)) }
        decisions.append(try onEvent(.step(last)))
        if step % outline.batchesPerEpoch == 0 {
          decisions.append(try onEvent(.epoch(epochMean.take())))
        }
        if decisions.contains(.checkpoint) {
          decisions.append(
            try onEvent(.checkpoint(try checkpoint(last, fingerprint: fingerprint))))
        }
        if decisions.contains(.stop) {
          reason = "stopped by the caller"
          break
        }
      }
    }
    if let average { try generator.network.load(average.tensors) }
    _ = try onEvent(.finished(last, reason: reason))
    return last
  }
}

extension GANTrainer {
  /// What sampling needs to know of the conditions, where the generator is conditioned.
  var conditionFrequencies: ConditionFrequencies? { sampler.map(ConditionFrequencies.init) }
}
