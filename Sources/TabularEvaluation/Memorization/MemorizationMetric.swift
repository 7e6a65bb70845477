// SPDX-License-Identifier: Apache-2.0

/// Whether synthetic rows are copies of training rows.
enum MemorizationMetric: Metric {
  static let key = "memorization"
  static let name = "memorization: DCR share, estimated share of copies, duplicates"
  static let goal: MetricGoal? = .minimize
  static let range = "DCR share: 0 to 1, 0.5 without memorization; estimate: 0 to 1"
  static let content =
    "`detected`, `reasons`, `dcr_share`, `dcr_share_interval`, `memorization_estimate`, "
    + "`memorization_interval`, `undecided_pct`, `near_train_pct`, `near_holdout_pct`, "
    + "`effective_rows`, `duplicates_of_train`, `duplicates_of_holdout`, `duplicates_within`, "
    + "`duplicates_expected`"
  static let equivalent: String? =
    "`DCROverfittingProtection` = 2 (1 - DCR share), at most 1; `NewRowSynthesis` = 1 - share of "
    + "duplicates of training rows"
  static let stage = EvaluationStage.memorization
  static let part: EvaluationOptions.Part? = .memorization

  static func measure(_ inputs: EvaluationInputs) -> MemorizationEstimate? {
    MemorizationEstimator(
      train: inputs.whole.train, holdout: inputs.whole.holdout, threads: inputs.threads)(
        inputs.whole.synthetic, rows: inputs.options.memorizationRows, seed: inputs.options.seed)
  }

  static func lines(_ result: MemorizationEstimate, _ facts: ReportFacts) -> [ScoreLine] {
    var lines = [
      ScoreLine(
        "DCR share (0.5: no memorization)", ScoreText.decimals(result.dcrShare, 4),
        interval: ScoreText.range(result.dcrShareInterval, 4), holdoutBaseline: "0.5")
    ]
    if let share = result.memorizationEstimate, let interval = result.memorizationInterval {
      lines.append(
        ScoreLine(
          "memorization: estimated share of copies (0)", ScoreText.decimals(share, 3),
          interval: ScoreText.range(interval, 3), holdoutBaseline: "0"))
    } else {
      lines.append(
        ScoreLine("memorization: estimated share of copies", "-", interval: "rows repeat"))
    }
    return lines + [
      ScoreLine(
        "memorization: % of rows close to a train row", ScoreText.decimals(result.nearTrain, 2)),
      ScoreLine(
        "memorization: % of rows close to a holdout row",
        ScoreText.decimals(result.nearHoldout, 2)),
      ScoreLine("memorization: exact duplicates of train rows", "\(result.duplicatesOfTrain)"),
      ScoreLine("memorization: exact duplicates of holdout rows", "\(result.duplicatesOfHoldout)"),
    ]
  }

  static func details(_ result: MemorizationEstimate, _ facts: ReportFacts) -> [String] {
    if result.memorizationEstimate != nil { return [] }
    return [
      "memorization: the share of copies cannot be estimated because rows repeat: "
        + "\(ScoreText.decimals(result.undecided, 0)) % of these rows are equally near to train "
        + "and to holdout rows"
    ]
  }
}
