import Charts
import Foundation

/// The table of a report's scores, one per line: synthetic rows, their interval, and the anchors.
struct ScoreTable {
  private var table = TextTable([
    .left("", width: 48...48), .right("synthetic", width: 9...Int.max),
    .right("95 % interval", width: 19...Int.max), .right("floor", width: 9...Int.max),
    .right("control", width: 9...Int.max),
  ])

  /// The lines of the table.
  var lines: [String] { table.lines(underlined: false) }

  /// Appends a score given as text; nil cells stay empty.
  mutating func append(
    _ label: String, _ synthetic: String, interval: String? = nil, floor: String? = nil,
    control: String? = nil
  ) {
    table.append([label, synthetic, interval ?? "", floor ?? "", control ?? ""])
  }

  /// Appends a score with its anchors.
  mutating func append(
    _ label: String, _ score: Anchored<Double>, interval: ClosedRange<Double>? = nil, digits: Int
  ) {
    append(
      label, Self.decimals(score.synthetic, digits),
      interval: interval.map { Self.range($0, digits) },
      floor: Self.decimals(score.floor, digits),
      control: score.control.map { Self.decimals($0, digits) })
  }

  static func decimals(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  static func range(_ interval: ClosedRange<Double>, _ digits: Int) -> String {
    "\(decimals(interval.lowerBound, digits)) to \(decimals(interval.upperBound, digits))"
  }
}
