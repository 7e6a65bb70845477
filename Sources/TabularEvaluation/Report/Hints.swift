// SPDX-License-Identifier: Apache-2.0

import Foundation

extension QualityReport {
  /// Conspicuous findings and what to check, most important first.
  public var hints: [String] {
    var hints: [String] = []
    if let memorization, memorization.detected {
      hints.append(
        "memorization: train for fewer epochs, on more rows, or with a smaller discriminator")
    }
    for rule in plausibility.filter({
      $0.synthetic > max(5 * $0.holdoutBaseline, $0.holdoutBaseline + 1)
    })
    .sorted(by: { $0.synthetic > $1.synthetic }).prefix(3) {
      hints.append(
        "\"\(rule.rule)\" in \(percent(rule.synthetic)) of the rows, in "
          + "\(percent(rule.holdoutBaseline)) of the real ones")
    }
    // The 95 % quantile of the Kolmogorov-Smirnov distance for this number of rows, in percent.
    let chance = 136 / Double(rows.used).squareRoot()
    let columns = shape.synthetic.columns
      .filter { $0.value > max(3 * (shape.holdoutBaseline.columns[$0.key] ?? 0), 5, chance) }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if let worst = columns.first {
      let more = columns.count > 1 ? ", and \(columns.count - 1) more" : ""
      hints.append(
        "the values of \(worst.key) are off by \(percent(worst.value))\(more): compare their "
          + "histograms with the real ones")
    }
    let holdoutBaselines = Dictionary(
      uniqueKeysWithValues: trend.holdoutBaseline.pairs.map { ([$0.first, $0.second], $0.error) })
    let pairs = trend.synthetic.pairs.filter {
      $0.error > max(3 * (holdoutBaselines[[$0.first, $0.second]] ?? 0), 10, chance)
    }
    if let worst = pairs.first {
      hints.append(
        "the relation of \(worst.first) and \(worst.second) is off by \(percent(worst.error)) "
          + "(\(pairs.count) such pair\(pairs.count == 1 ? "" : "s"))")
    }
    if let singleColumnC2ST, let singleColumn = singleColumnC2ST.first,
      singleColumn.score
        > max(0.7, SingleColumnTest.chance(tests: singleColumnC2ST.count, usedRows: rows.used))
    {
      hints.append(
        "\(singleColumn.feature) alone reveals rows (AUC \(String(format: "%.2f", singleColumn.score))): look "
          + "at its decimals, its repeated values and its range")
    }
    if let utility, utility.trainedOnSynthetic < utility.trainedOnReal - 0.1,
      let difference = utility.differenceInterval, difference.upperBound < 0
    {
      hints.append(
        "a model of \(utility.target) trained on these rows is worse than one trained on real rows")
    }
    if let memorization, !memorization.detected, memorization.duplicatesOfTrain > 0,
      Double(memorization.duplicatesOfTrain) > 2 * memorization.duplicatesExpected
    {
      let isOne = memorization.duplicatesOfTrain == 1
      hints.append(
        "\(memorization.duplicatesOfTrain) synthetic row\(isOne ? " is an" : "s are") exact "
          + "\(isOne ? "copy of a train row" : "copies of train rows"): too few to be significant, but look "
          + "at \(isOne ? "it" : "them") before you share any rows")
    }
    if rows.used < 1000, verdict.answer != .tooFewRows {
      hints.append("only \(rows.used) rows were compared: smaller differences may be chance")
    }
    return hints
  }
}
