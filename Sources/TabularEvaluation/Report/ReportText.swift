import Foundation

extension QualityReport {
  /// The report as a compact table for people: a verdict in one line, every score beside its
  /// anchors, what is worst, and what to do about it.
  public var text: String {
    var lines = ["Verdict: \(verdict)", ""]
    lines.append(
      "\(rows.train) train, \(rows.holdout) holdout, \(rows.synthetic) synthetic rows; "
        + "\(rows.used) compared on each side; seed \(seed)")
    if !leftOut.isEmpty { lines.append("not judged: \(leftOut.joined(separator: ", "))") }
    lines += [""] + table + [""] + details
    if !hints.isEmpty { lines += ["", "Hints:"] + hints.map { "  - \($0)" } }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: The table

  private static func line(_ label: String, _ cells: [String?]) -> String {
    let name = label.count > 50 ? label.prefix(49) + "…" : label[...]
    return name + String(repeating: " ", count: 52 - name.count)
      + cells.map { cell in
        let text = cell ?? ""
        return String(repeating: " ", count: max(11 - text.count, 1)) + text
      }.joined()
  }

  private static func decimals(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private static func line(_ label: String, _ score: Anchored<Double>, digits: Int) -> String {
    line(
      label,
      [score.synthetic, score.floor, score.control].map { value in
        value.map { decimals($0, digits) }
      })
  }

  private var table: [String] {
    var lines = [Self.line("", ["synthetic", "floor", "control"])]
    lines.append(Self.line("shape error, mean % (0 is best)", shape.map(\.mean), digits: 2))
    if features.contains(where: \.isDerived) {
      lines.append(
        Self.line("shape error, derived features %", shape.map(\.meanDerived), digits: 2))
    }
    lines.append(Self.line("trend error, mean % (0 is best)", trend.map(\.mean), digits: 2))
    if features.contains(where: \.isDerived) {
      lines.append(
        Self.line("trend error, derived features %", trend.map(\.meanDerived), digits: 2))
    }
    if let detection {
      lines.append(
        Self.line("detector AUC (0.5 = cannot tell)", detection.map(\.auc), digits: 4))
      lines.append(Self.line("detector accuracy (0.5)", detection.map(\.accuracy), digits: 4))
      lines.append(
        Self.line("synthetic taken for real % (50)", detection.map(\.takenForReal), digits: 1))
    }
    if let strictDetection {
      lines.append(Self.line("strict detector AUC (0.5)", strictDetection.map(\.auc), digits: 4))
    }
    if let linearDetection {
      lines.append(Self.line("linear detector AUC (0.5)", linearDetection, digits: 4))
    }
    if let usefulness {
      lines.append(
        Self.line(
          "usefulness: \(usefulness.metric.rawValue) on synthetic | on real rows",
          [usefulness.trainedOnSynthetic, usefulness.trainedOnReal].map { Self.decimals($0, 4) }))
    }
    if let copying {
      lines.append(
        Self.line(
          "copying: share nearer to train (0.5)", [Self.decimals(copying.share, 4), "0.5000"]))
      lines.append(
        Self.line(
          "copying: estimated copied share (0)", [Self.decimals(copying.copiedEstimate, 3), "0"]))
      lines.append(
        Self.line(
          "copying: almost on a train | holdout row %",
          [copying.nearTrain, copying.nearHoldout].map { Self.decimals($0, 2) }))
      lines.append(
        Self.line(
          "copying: duplicates of train | holdout",
          ["\(copying.duplicatesOfTrain)", "\(copying.duplicatesOfHoldout)"]))
    }
    for rule in plausibility {
      lines.append(
        Self.line(
          "rows % with: \(rule.rule)", [rule.synthetic, rule.floor].map { Self.decimals($0, 3) }))
    }
    return lines
  }

  private var details: [String] {
    let list = { (items: [(String, Double)], digits: Int) in
      items.map { "\($0.0) \(Self.decimals($0.1, digits))" }.joined(separator: ", ")
    }
    let scores = { (items: [FeatureScore], digits: Int) in
      list(items.prefix(6).filter { $0.score >= 0.005 }.map { ($0.feature, $0.score) }, digits)
    }
    let columns = shape.synthetic.columns.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var lines = [
      "worst columns (shape error %): " + list(columns.prefix(6).map { ($0.key, $0.value) }, 2),
      "worst pairs (trend error %): "
        + list(
          trend.synthetic.pairs.prefix(5).map { ("\($0.first) x \($0.second)", $0.error) }, 2),
    ]
    if let usefulness {
      lines.append("usefulness: predicts \(usefulness.target)")
    }
    if let detection {
      lines.append("given away by (share of gain): " + scores(detection.synthetic.top, 2))
    }
    if let soloDetection { lines.append("given away alone (AUC): " + scores(soloDetection, 2)) }
    if let strictDetection {
      lines.append("strict, given away by: " + scores(strictDetection.synthetic.top, 2))
    }
    return lines
  }
}
