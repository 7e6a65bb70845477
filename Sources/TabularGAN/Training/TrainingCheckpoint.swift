// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks

/// Everything that the rest of a training run depends on, beside its table, configuration, seed and
/// budget: a run that resumes from one gives, bit for bit, the model of an uninterrupted run
/// (where epochs bound it, not time).
public struct TrainingCheckpoint: Sendable, Equatable {
  /// The last step that was made.
  public let metrics: TrainingMetrics
  /// Ties it to its run; see ``GANTrainer/fingerprint``.
  let fingerprint: String
  /// Weights, buffers, averages and the optimizers' running averages, by ``Part`` and name.
  package let tensors: [String: Tensor]
  let generatorSteps: Int
  let discriminatorSteps: Int
  let averageUpdates: Int
  /// What the networks have learned of half precision's range; empty in other precisions.
  let overflow: [TrainedNetwork: OverflowPolicy]

  /// Prefixes of the tensors' names.
  enum Part: String {
    case generator, discriminator, average
    case generatorOptimizer = "generator-optimizer"
    case discriminatorOptimizer = "discriminator-optimizer"

    func prefixed(_ tensors: [String: Tensor]) -> [(String, Tensor)] {
      tensors.map { ("\(rawValue)/\($0.key)", $0.value) }
    }
  }

  /// The tensors of one part under their own names.
  func tensors(of part: Part) -> [String: Tensor] {
    let prefix = part.rawValue + "/"
    return Dictionary(
      uniqueKeysWithValues: tensors.compactMap { name, tensor in
        name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), tensor) : nil
      })
  }
}

extension GANTrainer {
  /// The state after the step of `metrics`. O(weights).
  func checkpoint(_ metrics: TrainingMetrics, fingerprint: String) throws -> TrainingCheckpoint {
    let (one, two) = (generatorOptimizer.state, discriminatorOptimizer.state)
    var tensors: [(String, Tensor)] = []
    tensors += TrainingCheckpoint.Part.generator.prefixed(try generator.network.tensors())
    tensors += TrainingCheckpoint.Part.discriminator.prefixed(try discriminator.network.tensors())
    tensors += TrainingCheckpoint.Part.average.prefixed(average?.tensors ?? [:])
    tensors += TrainingCheckpoint.Part.generatorOptimizer.prefixed(one.tensors)
    tensors += TrainingCheckpoint.Part.discriminatorOptimizer.prefixed(two.tensors)
    return TrainingCheckpoint(
      metrics: metrics, fingerprint: fingerprint,
      tensors: Dictionary(uniqueKeysWithValues: tensors), generatorSteps: one.step,
      discriminatorSteps: two.step, averageUpdates: average?.updates ?? 0, overflow: overflow)
  }

  /// Restores the state.
  ///
  /// - Throws: ``TrainingError/damagedCheckpoint(_:)`` if it cannot belong to this run.
  func restore(_ checkpoint: TrainingCheckpoint, budget: TrainingBudget) throws {
    if let validationProblem = validationProblem(of: checkpoint, budget: budget) {
      throw TrainingError.damagedCheckpoint(validationProblem)
    }
    let one = OptimizerState(
      step: checkpoint.generatorSteps, tensors: checkpoint.tensors(of: .generatorOptimizer))
    let two = OptimizerState(
      step: checkpoint.discriminatorSteps, tensors: checkpoint.tensors(of: .discriminatorOptimizer))
    do throws(NeuralNetworkError) {
      try generatorOptimizer.validate(one, for: generator.network.parameters)
      try discriminatorOptimizer.validate(two, for: discriminator.network.parameters)
      try generator.network.load(checkpoint.tensors(of: .generator))
      try discriminator.network.load(checkpoint.tensors(of: .discriminator))
      try average?.load(checkpoint.tensors(of: .average), updates: checkpoint.averageUpdates)
    } catch {
      throw TrainingError.damagedCheckpoint("\(error)")
    }
    restoreOverflow(checkpoint.overflow)
    generatorOptimizer.state = one
    discriminatorOptimizer.state = two
  }

  /// The reason, with the field's name, why no step of this run has these counts; nil if they are
  /// valid.
  private func validationProblem(of checkpoint: TrainingCheckpoint, budget: TrainingBudget)
    -> String?
  {
    let metrics = checkpoint.metrics
    let (perStep, overflows) = batchSize.multipliedReportingOverflow(
      by: configuration.discriminatorSteps)
    let rowsSeen = metrics.step.multipliedReportingOverflow(by: perStep)
    guard !overflows, !rowsSeen.overflow, rowsSeen.partialValue == metrics.rowsSeen else {
      return "'metrics': rowsSeen can't be \(metrics.rowsSeen) after step \(metrics.step)"
    }
    guard metrics.epoch == (metrics.step - 1) / outline.batchesPerEpoch + 1 else {
      return "'metrics': epoch can't be \(metrics.epoch) after step \(metrics.step)"
    }
    let epochs =
      budget.epochs
      ?? (budget.minutes == nil ? configuration.defaultEpochs(rows: table.rowCount) : nil)
    if let epochs, metrics.epoch > epochs {
      return "'metrics': epoch \(metrics.epoch) is beyond the last, \(epochs)"
    }
    // Half precision may skip steps; otherwise every step is performed.
    let counts = [
      ("generatorSteps", checkpoint.generatorSteps, metrics.step),
      (
        "discriminatorSteps", checkpoint.discriminatorSteps,
        metrics.step * configuration.discriminatorSteps
      ),
      ("averageUpdates", checkpoint.averageUpdates, average == nil ? 0 : metrics.step),
    ]
    for (name, found, maximum) in counts {
      guard found <= maximum, found == maximum || !checkpoint.overflow.isEmpty else {
        return "'\(name)' can't be \(found) after step \(metrics.step)"
      }
    }
    return nil
  }

  /// What a checkpoint must have in common with a run: the encoded table, the configuration, the
  /// seed and the budget, in one number.
  func fingerprint(budget: TrainingBudget) throws -> String {
    var hash = Fingerprint()
    hash.add(seed)
    // How rows are chosen is learned afterwards and may differ, but for what it does to the
    // batches.
    var steps = configuration
    steps.resampling = nil
    hash.add(try steps.canonicalText)
    hash.add(rareCategories == nil ? 0 : 1)
    hash.add(UInt64(budget.epochs ?? 0))
    hash.add((budget.minutes ?? 0).bitPattern)
    for (span, block) in zip(table.spans, table.blocks) {
      hash.add(UInt64(span.width))
      switch block {
      case .scalar(let values): for value in values { hash.add(UInt64(value.bitPattern)) }
      case .code(let codes): for code in codes { hash.add(UInt64(code)) }
      case .byte(let codes): for code in codes { hash.add(UInt64(code)) }
      }
    }
    return hash.text
  }
}
