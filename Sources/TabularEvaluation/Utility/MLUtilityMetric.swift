// SPDX-License-Identifier: Apache-2.0

/// What can be learned from the rows.
enum MLUtilityMetric: Metric {
  static let key = "ml_utility"
  static let name = "ML utility (TSTR, TRTR)"
  static let goal: MetricGoal? = .maximize
  static let range = "R²: at most 1; AUC: 0 to 1"
  static let content =
    "`target`, `metric` (`R2` or `AUC`), `tstr`, `trtr`, `tstr_interval`, `trtr_interval`, "
    + "`difference_interval` (absent below 20 holdout rows), `withheld`"
  static let equivalent: String? = "ML efficacy"
  static let stage = EvaluationStage.utility
  static let part: EvaluationOptions.Part? = .utility

  static func measure(_ inputs: EvaluationInputs) -> MLUtility? {
    guard let target = inputs.target else { return nil }
    let samples = inputs.samples
    let test = MLUtilityTest(
      target: target, train: samples.holdoutBaseline, threads: inputs.threads)
    return test(
      synthetic: samples.synthetic, train: samples.holdoutBaseline, holdout: inputs.whole.holdout,
      seed: inputs.options.seed, threads: inputs.threads)
  }

  static func lines(_ result: MLUtility, _ facts: ReportFacts) -> [ScoreLine] {
    [
      ScoreLine(
        "TSTR: \(result.metric.rawValue) when trained on these rows",
        ScoreText.decimals(result.trainedOnSynthetic, 4),
        interval: result.syntheticInterval.map { ScoreText.range($0, 4) },
        holdoutBaseline: ScoreText.decimals(result.trainedOnReal, 4)),
      ScoreLine(
        "TSTR less TRTR (trained on real rows)",
        ScoreText.decimals(result.trainedOnSynthetic - result.trainedOnReal, 4),
        interval: result.differenceInterval.map { ScoreText.range($0, 4) }, holdoutBaseline: "0"),
    ]
  }

  static func details(_ result: MLUtility, _ facts: ReportFacts) -> [String] {
    ["TSTR: \(result.target) is predicted for the holdout rows"]
  }
}
