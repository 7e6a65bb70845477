// SPDX-License-Identifier: Apache-2.0

/// The mean of the losses and probabilities over a pass; counters are the last ones.
struct MetricsMean {
  private var sum = (Double(0), Double(0), Double(0), Double(0))
  private var count = 0
  private var last = TrainingMetrics.none

  mutating func add(_ metrics: TrainingMetrics) {
    sum.0 += Double(metrics.discriminatorLoss)
    sum.1 += Double(metrics.generatorLoss)
    sum.2 += Double(metrics.probabilityReal)
    sum.3 += Double(metrics.probabilityGenerated)
    count += 1
    last = metrics
  }

  /// The means since the last call, which begins a new pass.
  mutating func take() -> TrainingMetrics {
    var mean = last
    let n = Double(max(count, 1))
    mean.discriminatorLoss = Float(sum.0 / n)
    mean.generatorLoss = Float(sum.1 / n)
    mean.probabilityReal = Float(sum.2 / n)
    mean.probabilityGenerated = Float(sum.3 / n)
    self = MetricsMean()
    return mean
  }
}

extension TrainingMetrics {
  /// A step that overflowed has no losses of its own: those of the step before stand for them.
  mutating func replaceNonFinite(by previous: TrainingMetrics) {
    for value in [
      \TrainingMetrics.discriminatorLoss, \.generatorLoss, \.probabilityReal,
      \.probabilityGenerated,
    ] where !self[keyPath: value].isFinite {
      self[keyPath: value] = previous[keyPath: value]
    }
  }

  /// Before the first step.
  static let none = TrainingMetrics(
    step: 0, epoch: 0, rowsSeen: 0, seconds: 0, discriminatorLoss: 0, generatorLoss: 0,
    probabilityReal: 0, probabilityGenerated: 0, progress: 0)
}
