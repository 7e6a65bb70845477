// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation

/// The table of a report's scores, one per line: synthetic rows, their interval, and the baselines.
struct ScoreTable {
  private var table = TextTable([
    .left("", width: 48...48), .right("synthetic", width: 9...Int.max),
    .right("95 % interval", width: 19...Int.max), .right("holdout_baseline", width: 9...Int.max),
    .right("independent_columns", width: 9...Int.max),
  ])

  /// The lines of the table.
  var lines: [String] { table.lines(underlined: false) }

  /// Appends a score given as text; nil cells stay empty.
  mutating func append(
    _ label: String, _ synthetic: String, interval: String? = nil, holdoutBaseline: String? = nil,
    independentColumnsBaseline: String? = nil
  ) {
    table.append([
      label, synthetic, interval ?? "", holdoutBaseline ?? "", independentColumnsBaseline ?? "",
    ])
  }

  /// Appends a score with its baselines.
  mutating func append(
    _ label: String, _ score: BaselinedScore<Double>, interval: ClosedRange<Double>? = nil,
    digits: Int
  ) {
    append(
      label, Self.decimals(score.synthetic, digits),
      interval: interval.map { Self.range($0, digits) },
      holdoutBaseline: Self.decimals(score.holdoutBaseline, digits),
      independentColumnsBaseline: score.independentColumnsBaseline.map { Self.decimals($0, digits) }
    )
  }

  static func decimals(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  static func range(_ interval: ClosedRange<Double>, _ digits: Int) -> String {
    "\(decimals(interval.lowerBound, digits)) to \(decimals(interval.upperBound, digits))"
  }
}
