import Foundation

extension QualityReport {
  /// Conspicuous findings and what to check, most important first.
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
    // The 95 % quantile of the Kolmogorov-Smirnov distance for this number of rows, in percent.
    let chance = 136 / Double(rows.used).squareRoot()
    let columns = shape.synthetic.columns
      .filter { $0.value > max(3 * (shape.floor.columns[$0.key] ?? 0), 5, chance) }
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
      $0.error > max(3 * (floors[[$0.first, $0.second]] ?? 0), 10, chance)
    }
    if let worst = pairs.first {
      hints.append(
        "the relation of \(worst.first) and \(worst.second) is off by \(percent(worst.error)) "
          + "(\(pairs.count) such pair\(pairs.count == 1 ? "" : "s"))")
    }
    if let soloDetection, let solo = soloDetection.first,
      solo.score > max(0.7, soloChance(soloDetection.count))
    {
      hints.append(
        "\(solo.feature) alone reveals rows (AUC \(String(format: "%.2f", solo.score))): look "
          + "at its decimals, its repeated values and its range")
    }
    if let usefulness, usefulness.trainedOnSynthetic < usefulness.trainedOnReal - 0.1,
      let difference = usefulness.differenceInterval, difference.upperBound < 0
    {
      hints.append(
        "a model of \(usefulness.target) learns less from these rows than from real ones")
    }
    if let copying, !copying.alarm, copying.duplicatesOfTrain > 0,
      Double(copying.duplicatesOfTrain) > 2 * copying.duplicatesExpected
    {
      let isOne = copying.duplicatesOfTrain == 1
      hints.append(
        "\(copying.duplicatesOfTrain) synthetic row\(isOne ? " is an" : "s are") exact "
          + "\(isOne ? "copy of a train row" : "copies of train rows"): too few for an alarm, but look "
          + "at \(isOne ? "it" : "them") before you share any rows")
    }
    if rows.used < 1000, verdict.answer != .tooFewRows {
      hints.append("only \(rows.used) rows were compared: smaller differences may be chance")
    }
    return hints
  }
}
