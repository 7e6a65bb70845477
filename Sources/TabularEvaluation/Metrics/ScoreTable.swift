// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation

/// A line of the table of scores: cells as text, empty ones nil.
struct ScoreLine {
  var label: String
  var synthetic: String
  var interval: String?
  var holdoutBaseline: String?
  var independentColumnsBaseline: String?

  /// A score given as text.
  init(
    _ label: String, _ synthetic: String, interval: String? = nil, holdoutBaseline: String? = nil
  ) {
    self.label = label
    self.synthetic = synthetic
    self.interval = interval
    self.holdoutBaseline = holdoutBaseline
  }

  /// A score with its baselines.
  init(
    _ label: String, _ score: BaselinedScore<Double>, interval: ClosedRange<Double>? = nil,
    digits: Int
  ) {
    self.init(
      label, ScoreText.decimals(score.synthetic, digits),
      interval: interval.map { ScoreText.range($0, digits) },
      holdoutBaseline: ScoreText.decimals(score.holdoutBaseline, digits))
    independentColumnsBaseline = score.independentColumnsBaseline.map {
      ScoreText.decimals($0, digits)
    }
  }
}

/// The table of a report's scores, one per line: synthetic rows, their interval, and the baselines.
enum ScoreTable {
  /// The lines of the table, with a header.
  static func text(_ lines: [ScoreLine]) -> [String] {
    var table = TextTable([
      .left("", width: 48...48), .right("synthetic", width: 9...Int.max),
      .right("95 % interval", width: 19...Int.max),
      .right("holdout_baseline", width: 9...Int.max),
      .right("independent_columns", width: 9...Int.max),
    ])
    for line in lines {
      table.append([
        line.label, line.synthetic, line.interval ?? "", line.holdoutBaseline ?? "",
        line.independentColumnsBaseline ?? "",
      ])
    }
    return table.lines(underlined: false)
  }
}

/// Scores as text.
enum ScoreText {
  static func decimals(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  static func range(_ interval: ClosedRange<Double>, _ digits: Int) -> String {
    "\(decimals(interval.lowerBound, digits)) to \(decimals(interval.upperBound, digits))"
  }

  /// "a 0.12, b 0.03".
  static func list(_ items: [(String, Double)], _ digits: Int) -> String {
    items.map { "\($0.0) \(decimals($0.1, digits))" }.joined(separator: ", ")
  }
}
