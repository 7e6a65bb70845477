// SPDX-License-Identifier: Apache-2.0

/// Estimates the time left of a plan from what its runs have taken so far.
struct PlanClock {
  private let runs: [ExperimentRun]
  private let minutes: Double?
  private var trainingSeconds = 0.0
  private var trainedSize = 0
  private var evaluationSeconds = 0.0
  private var evaluations = 0

  init(_ plan: ExperimentPlan) {
    runs = plan.runs
    minutes = plan.minutes
  }

  mutating func noteTraining(_ run: ExperimentRun, seconds: Double) {
    trainingSeconds += seconds
    trainedSize += run.size
  }

  mutating func noteEvaluation(seconds: Double) {
    evaluationSeconds += seconds
    evaluations += 1
  }

  /// Seconds left after `run`, which is the current one and is done to `share` after `seconds`; nil
  /// while there is nothing to tell it from.
  ///
  /// Passes over a table cost in proportion to its rows.
  func secondsLeft(current run: ExperimentRun, share: Double, seconds: Double) -> Double? {
    guard share > 0 else { return nil }
    let thisLeft = seconds * (1 - share) / share
    let later = runs.drop { $0 != run }.dropFirst()
    let evaluation = evaluations > 0 ? evaluationSeconds / Double(evaluations) : 0
    let evaluationLeft = evaluation * Double(later.count + 1)
    if let minutes {
      return thisLeft + Double(later.count) * minutes * 60 + evaluationLeft
    }
    let perRow = (trainingSeconds + seconds / share) / Double(trainedSize + run.size)
    return thisLeft + perRow * Double(later.reduce(0) { $0 + $1.size }) + evaluationLeft
  }
}
