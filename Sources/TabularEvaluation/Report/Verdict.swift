import Foundation

extension QualityReport {
  /// The report in one sentence.
  public var verdict: String {
    if let copying, copying.alarm {
      return "COPYING ALARM, do not pass these rows on: "
        + copying.reasons.joined(separator: "; ") + "."
    }
    guard let detection, let control = detection.control else {
      return "mean shape error \(percent(shape.synthetic.mean)) (real rows: "
        + "\(percent(shape.floor.mean))), mean trend error \(percent(trend.synthetic.mean)) "
        + "(\(percent(trend.floor.mean)))."
    }
    let auc = detection.synthetic.auc
    let numbers = String(
      format: "detector AUC %.3f, real rows %.3f, shuffled columns %.3f", auc, detection.floor.auc,
      control.auc)
    // Within the noise of the test, real rows score no better.
    if auc <= max(detection.floor.auc, 0.5) + 0.02 {
      return "cannot be told from real rows (\(numbers))."
    }
    if auc < 0.75 { return "close to real rows (\(numbers))." }
    if auc < 0.95 { return "can often be told from real rows (\(numbers))." }
    if auc < control.auc - 0.001 {
      return "easily told from real rows, but better than shuffled columns (\(numbers))."
    }
    return "easily told from real rows, as shuffled columns are (\(numbers))."
  }

  /// What stands out, and what to look at, most important first.
  public var hints: [String] {
    var hints: [String] = []
    if let copying, copying.alarm {
      hints.append(
        "copying: train for fewer epochs, on more rows, or with a smaller discriminator")
    }
    for rule in plausibility.filter({ $0.synthetic > max(5 * $0.floor, $0.floor + 1) })
      .sorted(by: { $0.synthetic > $1.synthetic }).prefix(3)
    {
      hints.append(
        "\"\(rule.rule)\" in \(percent(rule.synthetic)) of the rows, in "
          + "\(percent(rule.floor)) of the real ones")
    }
    let columns = shape.synthetic.columns
      .filter { $0.value > max(3 * (shape.floor.columns[$0.key] ?? 0), 5) }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if let worst = columns.first {
      let more = columns.count > 1 ? ", and \(columns.count - 1) more" : ""
      hints.append(
        "the values of \(worst.key) are off by \(percent(worst.value))\(more): compare their "
          + "histograms with the real ones")
    }
    let floors = Dictionary(
      uniqueKeysWithValues: trend.floor.pairs.map { ([$0.first, $0.second], $0.error) })
    let pairs = trend.synthetic.pairs.filter {
      $0.error > max(3 * (floors[[$0.first, $0.second]] ?? 0), 10)
    }
    if let worst = pairs.first {
      hints.append(
        "the relation of \(worst.first) and \(worst.second) is off by \(percent(worst.error)) "
          + "(\(pairs.count) pairs above 10%)")
    }
    if let solo = soloDetection?.first, solo.score > 0.7 {
      hints.append(
        "\(solo.feature) alone gives rows away (AUC \(String(format: "%.2f", solo.score))): look "
          + "at its decimals, its repeated values and its range")
    }
    if let usefulness, usefulness.trainedOnSynthetic < usefulness.trainedOnReal - 0.1 {
      hints.append(
        "a model of \(usefulness.target) learns less from these rows than from real ones")
    }
    if rows.used < 1000 {
      hints.append("only \(rows.used) rows were compared: differences may be chance")
    }
    return hints
  }

  private func percent(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f%%" : "%.0f%%", value)
  }
}
