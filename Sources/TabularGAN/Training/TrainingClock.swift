// SPDX-License-Identifier: Apache-2.0

/// Turns a budget into "how much of the run is done".
struct TrainingClock {
  private let start = ContinuousClock.now
  /// What earlier parts of the run took.
  private let spentSeconds: Double
  private let totalSteps: Int?
  private let totalSeconds: Double?

  init(
    budget: TrainingBudget, defaultEpochs: Int, batchesPerEpoch: Int, spentSeconds: Double = 0
  ) {
    self.spentSeconds = spentSeconds
    totalSeconds = budget.minutes.map { $0 * 60 }
    let epochs = budget.epochs ?? (budget.minutes == nil ? defaultEpochs : nil)
    totalSteps = epochs.map { $0 * batchesPerEpoch }
  }

  /// Since the start of the run.
  var seconds: Double {
    let elapsed = (ContinuousClock.now - start).components
    return spentSeconds + Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }

  /// Share of the run that is done after `steps` steps; with both bounds, of the one that ends
  /// first.
  func progress(after steps: Int) -> Double {
    let bySteps = totalSteps.map { Double(steps) / Double($0) } ?? 0
    let byTime = totalSeconds.map { seconds / $0 } ?? 0
    return min(1, max(bySteps, byTime))
  }

  func isSpent(after steps: Int) -> Bool { progress(after: steps) >= 1 }
}
