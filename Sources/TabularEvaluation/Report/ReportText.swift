extension QualityReport {
  /// The report as text: a verdict, a table of all scores with intervals and anchors, the worst
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
    "floor: the same score of real rows (holdout or train) in the synthetic rows' place",
    "control: the same score of train columns, shuffled independently, so that no relations remain",
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
    appendDetectors(to: &table)
    appendUsefulness(to: &table)
    appendCopying(to: &table)
    for rule in plausibility {
      table.append(
        "rows % with: \(rule.rule)", ScoreTable.decimals(rule.synthetic, 3),
        floor: ScoreTable.decimals(rule.floor, 3))
    }
    return table.lines
  }

  private func appendDetectors(to table: inout ScoreTable) {
    if let detection {
      table.append(
        "detector AUC (0.5: cannot tell; 1: always can)", detection.map(\.auc),
        interval: detection.synthetic.interval, digits: 4)
      table.append("detector accuracy (0.5)", detection.map(\.accuracy), digits: 4)
      table.append("synthetic classified as real % (50)", detection.map(\.takenForReal), digits: 1)
    }
    if let strictDetection {
      table.append(
        "strict detector AUC (sees digits and seconds)", strictDetection.map(\.auc),
        interval: strictDetection.synthetic.interval, digits: 4)
    }
    if let linearDetection {
      table.append(
        "linear detector AUC (sees no relations)", linearDetection,
        interval: linearIntervals?.synthetic, digits: 4)
    }
  }

  private func appendUsefulness(to table: inout ScoreTable) {
    guard let usefulness else { return }
    table.append(
      "usefulness: \(usefulness.metric.rawValue) learned on these rows",
      ScoreTable.decimals(usefulness.trainedOnSynthetic, 4),
      interval: usefulness.syntheticInterval.map { ScoreTable.range($0, 4) },
      floor: ScoreTable.decimals(usefulness.trainedOnReal, 4))
    table.append(
      "usefulness: these rows less real rows",
      ScoreTable.decimals(usefulness.trainedOnSynthetic - usefulness.trainedOnReal, 4),
      interval: usefulness.differenceInterval.map { ScoreTable.range($0, 4) }, floor: "0")
  }

  private func appendCopying(to table: inout ScoreTable) {
    guard let copying else { return }
    table.append(
      "copying: share nearer to train than to holdout", ScoreTable.decimals(copying.share, 4),
      interval: ScoreTable.range(copying.shareInterval, 4), floor: "0.5")
    if let copied = copying.copiedEstimate, let interval = copying.copiedInterval {
      table.append(
        "copying: estimated share of copies (0: none)", ScoreTable.decimals(copied, 3),
        interval: ScoreTable.range(interval, 3), floor: "0")
    } else {
      table.append("copying: estimated share of copies", "-", interval: "rows repeat")
    }
    table.append(
      "copying: % of rows almost on a train row", ScoreTable.decimals(copying.nearTrain, 2))
    table.append(
      "copying: % of rows almost on a holdout row", ScoreTable.decimals(copying.nearHoldout, 2))
    table.append("copying: exact duplicates of train rows", "\(copying.duplicatesOfTrain)")
    table.append("copying: exact duplicates of holdout rows", "\(copying.duplicatesOfHoldout)")
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
    if let usefulness {
      lines.append("usefulness: \(usefulness.target) is predicted for the holdout rows")
    } else if usefulnessOmission == .noTarget {
      lines.append(
        "usefulness: not measured: no target column was named, and there are no two times whose "
          + "difference could be the target")
    }
    if let copying, copying.copiedEstimate == nil {
      lines.append(
        "copying: the share of copies cannot be estimated because rows repeat: "
          + "\(ScoreTable.decimals(copying.undecided, 0)) % of these rows are equally near to train "
          + "and to holdout rows")
    }
    if let detection {
      lines.append(
        "identified by (share of what the detector learned): " + scores(detection.synthetic.top, 2))
    }
    if let soloDetection {
      let bound = soloChance(soloDetection.count)
      let told = soloDetection.filter { $0.score > bound }
      lines.append(
        "identified by one column alone (AUC; chance reaches \(ScoreTable.decimals(bound, 2))): "
          + scores(told, 2))
    }
    if let strictDetection {
      lines.append("strict detector, identified by: " + scores(strictDetection.synthetic.top, 2))
    }
    return lines.flatMap { TextWrapping.lines($0) }
  }

  /// The AUC that the best of all single-column detectors exceeds by chance in 1 of 40 tables.
  func soloChance(_ detectors: Int) -> Double {
    let rows = min(rows.used, SoloDetection.rows)
    return Intervals.greatestAreaByChance(
      of: detectors, rows: rows, spread: TwoSampleTest.spread)
  }
}
