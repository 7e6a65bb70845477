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

  private var facts: ReportFacts { ReportFacts(usedRows: rows.used, features: features) }

  private var table: [String] {
    ScoreTable.text(Metrics.all.flatMap { results.lines(of: $0, facts) })
  }

  // MARK: Details

  private var details: [String] {
    var lines = Metrics.all.flatMap { results.details(of: $0, facts) }
    if utilityOmission == .noTarget {
      lines.append(
        "ML utility: not measured: no target column was named, and there are no two times whose "
          + "difference could be the target")
    }
    return lines.flatMap { TextWrapping.lines($0) }
  }
}
