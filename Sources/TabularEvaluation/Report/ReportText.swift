// SPDX-License-Identifier: Apache-2.0

extension QualityReport {
  /// The report as text: a verdict, a table of all scores with intervals and baselines, the worst
  /// findings, and hints. Lines have about 116 characters at most.
  public var text: String {
    var lines = TextWrapping.lines("Verdict: \(verdict.text)", indent: 9) + [""]
    lines.append(
      "\(rows.train) train, \(rows.holdout) holdout, \(rows.synthetic) synthetic rows; "
        + "\(rows.used) compared on each side; seed \(seed)")
    if !notCompared.isEmpty {
      lines += TextWrapping.lines(
        "not compared: " + notCompared.map { "\($0.column) (\($0.text))" }.joined(separator: ", "))
    }
    lines += [""] + table + [""] + Self.terms + [""] + details
    if !hints.isEmpty {
      lines +=
        ["", "Hints:"] + hints.flatMap { TextWrapping.lines("- \($0)", first: 2, indent: 4) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: The table

  private static let terms = [
    "95 % interval: the range of scores that other samples of rows might give",
    "holdout: the holdout baseline, the score of real rows instead of synthetic ones",
    "independent: the independent-columns baseline, the score of train columns shuffled independently",
  ]

  private var table: [String] {
    var table = ScoreTable()
    let isDerived = features.contains(where: \.isDerived)
    table.append("shape error, mean % (0 is best)", shape.map(\.mean), digits: 2)
    if isDerived {
      table.append("shape error, derived features %", shape.map(\.meanDerived), digits: 2)
    }
    table.append("trend error, mean % (0 is best)", trend.map(\.mean), digits: 2)
    if isDerived {
      table.append("trend error, derived features %", trend.map(\.meanDerived), digits: 2)
    }
    appendClassifierTests(to: &table)
    appendUtility(to: &table)
    appendMemorization(to: &table)
    for rule in plausibility {
      table.append(
        "rows % with: \(rule.rule)", ScoreTable.decimals(rule.synthetic, 3),
        holdoutBaseline: ScoreTable.decimals(rule.holdoutBaseline, 3))
    }
    return table.lines
  }

  private func appendClassifierTests(to table: inout ScoreTable) {
    if let c2st {
      table.append(
        "C2ST AUC (0.5: indistinguishable; 1: separable)", c2st.map(\.auc),
        interval: c2st.synthetic.interval, digits: 4)
      table.append("C2ST accuracy (0.5)", c2st.map(\.accuracy), digits: 4)
      table.append("synthetic classified as real % (50)", c2st.map(\.classifiedReal), digits: 1)
    }
    if let engineeredC2ST {
      table.append(
        "C2ST AUC with engineered features", engineeredC2ST.map(\.auc),
        interval: engineeredC2ST.synthetic.interval, digits: 4)
    }
    if let logisticC2ST {
      table.append(
        "logistic C2ST AUC (sees no relations)", logisticC2ST,
        interval: logisticIntervals?.synthetic, digits: 4)
    }
  }

  private func appendUtility(to table: inout ScoreTable) {
    guard let utility else { return }
    table.append(
      "TSTR: \(utility.metric.rawValue) when trained on these rows",
      ScoreTable.decimals(utility.trainedOnSynthetic, 4),
      interval: utility.syntheticInterval.map { ScoreTable.range($0, 4) },
      holdoutBaseline: ScoreTable.decimals(utility.trainedOnReal, 4))
    table.append(
      "TSTR less TRTR (trained on real rows)",
      ScoreTable.decimals(utility.trainedOnSynthetic - utility.trainedOnReal, 4),
      interval: utility.differenceInterval.map { ScoreTable.range($0, 4) }, holdoutBaseline: "0")
  }

  private func appendMemorization(to table: inout ScoreTable) {
    guard let memorization else { return }
    table.append(
      "DCR share (0.5: no memorization)", ScoreTable.decimals(memorization.dcrShare, 4),
      interval: ScoreTable.range(memorization.dcrShareInterval, 4), holdoutBaseline: "0.5")
    if let memorizedShare = memorization.memorizationEstimate,
      let interval = memorization.memorizationInterval
    {
      table.append(
        "memorization: estimated share of copies (0)", ScoreTable.decimals(memorizedShare, 3),
        interval: ScoreTable.range(interval, 3), holdoutBaseline: "0")
    } else {
      table.append("memorization: estimated share of copies", "-", interval: "rows repeat")
    }
    table.append(
      "memorization: % of rows close to a train row", ScoreTable.decimals(memorization.nearTrain, 2)
    )
    table.append(
      "memorization: % of rows close to a holdout row",
      ScoreTable.decimals(memorization.nearHoldout, 2))
    table.append(
      "memorization: exact duplicates of train rows", "\(memorization.duplicatesOfTrain)")
    table.append(
      "memorization: exact duplicates of holdout rows", "\(memorization.duplicatesOfHoldout)")
  }

  // MARK: Details

  private var details: [String] {
    let list = { (items: [(String, Double)], digits: Int) in
      items.map { "\($0.0) \(ScoreTable.decimals($0.1, digits))" }.joined(separator: ", ")
    }
    let scores = { (items: [FeatureScore], digits: Int) in
      let shown = items.prefix(6).filter { $0.score >= 0.005 }
      return shown.isEmpty ? "nothing" : list(shown.map { ($0.feature, $0.score) }, digits)
    }
    let columns = shape.synthetic.columns.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var lines = [
      "worst columns (shape error %): " + list(columns.prefix(6).map { ($0.key, $0.value) }, 2),
      "worst pairs (trend error %): "
        + list(
          trend.synthetic.pairs.prefix(5).map { ("\($0.first) x \($0.second)", $0.error) }, 2),
    ]
    if let utility {
      lines.append("TSTR: \(utility.target) is predicted for the holdout rows")
    } else if utilityOmission == .noTarget {
      lines.append(
        "ML utility: not measured: no target column was named, and there are no two times whose "
          + "difference could be the target")
    }
    if let memorization, memorization.memorizationEstimate == nil {
      lines.append(
        "memorization: the share of copies cannot be estimated because rows repeat: "
          + "\(ScoreTable.decimals(memorization.undecided, 0)) % of these rows are equally near to train "
          + "and to holdout rows")
    }
    if let c2st {
      lines.append(
        "identified by (share of the classifier's gain): " + scores(c2st.synthetic.top, 2))
    }
    if let singleColumnC2ST {
      let bound = singleColumnChance(singleColumnC2ST.count)
      let told = singleColumnC2ST.filter { $0.score > bound }
      lines.append(
        "identified by one column alone (AUC; chance reaches \(ScoreTable.decimals(bound, 2))): "
          + scores(told, 2))
    }
    if let engineeredC2ST {
      lines.append(
        "C2ST with engineered features, identified by: " + scores(engineeredC2ST.synthetic.top, 2))
    }
    return lines.flatMap { TextWrapping.lines($0) }
  }

  /// The AUC that the best of all single-column C2STs exceeds by chance in 1 of 40 tables.
  func singleColumnChance(_ classifierTests: Int) -> Double {
    let rows = min(rows.used, SingleColumnTest.rows)
    return Intervals.maxAreaByChance(
      of: classifierTests, rows: rows, spread: TwoSampleTest.spread)
  }
}
