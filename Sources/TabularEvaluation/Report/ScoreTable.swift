import Foundation

/// The table of a report's scores, one per line: synthetic rows, their interval, and the anchors.
struct ScoreTable {
  private(set) var lines: [String]
  private static let labelWidth = 48

  init() {
    lines = [Self.line("", "synthetic", "95 % interval", "floor", "control")]
  }

  /// Appends a score given as text; nil cells stay empty.
  mutating func append(
    _ label: String, _ synthetic: String, interval: String? = nil, floor: String? = nil,
    control: String? = nil
  ) {
    lines.append(Self.line(label, synthetic, interval, floor, control))
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

  private static func line(
    _ label: String, _ synthetic: String, _ interval: String?, _ floor: String?, _ control: String?
  ) -> String {
    var line = label.count > labelWidth ? label.prefix(labelWidth - 1) + "…" : label
    line += String(repeating: " ", count: labelWidth - line.count)
    for (cell, width) in [(synthetic, 11), (interval, 21), (floor, 11), (control, 11)] {
      let text = cell ?? ""
      line += String(repeating: " ", count: max(width - text.count, 1)) + text
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
