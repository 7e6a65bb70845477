// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Numbers as axis labels.
enum NumberLabel {
  /// Numbers with as many decimals as the finest of them needs; thousands are set off by a comma
  /// where they, or the `others` beside them, have five digits or more.
  static func plain(_ values: [Double], like others: [Double] = []) -> [String] {
    let maximum = (values + others).map(abs).max() ?? 0
    if maximum >= 1e9 || maximum > 0 && maximum < 1e-4 {
      return values.map { $0 == 0 ? "0" : String(format: "%.3g", $0) }
    }
    let decimals =
      (0...6).first { digits in
        let power = pow(10, Double(digits))
        return values.allSatisfy {
          abs($0 * power - ($0 * power).rounded()) <= max(abs($0) * power, 1) * 1e-9
        }
      } ?? 6
    // Four digits are read at a glance, unless five are next to them.
    let isGrouped = maximum >= 9999.5
    return values.map { value in
      let text = String(format: "%.\(decimals)f", abs(value))
      let parts = text.split(separator: ".")
      var whole = String(parts[0])
      if isGrouped {
        var position = whole.count - 3
        while position > 0 {
          whole.insert(",", at: whole.index(whole.startIndex, offsetBy: position))
          position -= 3
        }
      }
      let isZero = value == 0 || text.allSatisfy { $0 == "0" || $0 == "." }
      return (value < 0 && !isZero ? "\u{2212}" : "") + whole
        + (parts.count > 1 ? "." + parts[1] : "")
    }
  }

  /// Powers of ten by exponent: as plain numbers where all are short, else as 10 with an exponent.
  static func powers(_ exponents: [Double]) -> [String] {
    if exponents.allSatisfy({ $0 >= -3 && $0 <= 6 }) {
      let numbers = exponents.map { pow(10, $0) }
      return numbers.map { plain([$0], like: numbers)[0] }
    }
    return exponents.map { exponent in
      exponent == 0 ? "1" : "10" + superscript(Int(exponent.rounded()))
    }
  }

  /// A number in a few digits, for bars, cells and reference lines.
  static func short(_ value: Double) -> String {
    if !value.isFinite { return "–" }
    let size = abs(value)
    if size != 0, size < 1e-3 || size >= 1e6 { return String(format: "%.2g", value) }
    let decimals = size < 0.1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0
    return String(format: "%.\(decimals)f", value)
  }

  /// A number in the little room of a cell: "-.42", "37".
  static func cell(_ value: Double) -> String {
    if abs(value) >= 10 { return String(format: "%.0f", value) }
    if abs(value) >= 1 { return String(format: "%.1f", value) }
    let text = String(format: "%.2f", value)
    if Double(text) == 0 { return "0" }
    return text.replacingOccurrences(of: "0.", with: ".")
  }

  private static func superscript(_ value: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return (value < 0 ? "⁻" : "") + String(String(abs(value)).map { digits[$0.wholeNumberValue!] })
  }
}
