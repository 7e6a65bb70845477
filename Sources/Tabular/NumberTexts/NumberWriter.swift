// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes the numbers of a column in its format.
struct NumberWriter: Sendable {
  private let format: NumberFormat
  private let scale: Double
  /// Nil if numbers are written plainly.
  private let affixes: NumberAffixes?

  /// Up to this limit, scaling to a whole number cannot change a digit: it is exact without
  /// decimals, and off by less than a quarter with them.
  private let exactLimit: Double

  init(_ format: NumberFormat) {
    self.format = format
    affixes = NumberAffixes(format)
    exactLimit = format.decimals == 0 ? 0x1p53 : 1e15
    scale = (0..<max(0, min(format.decimals, 15))).reduce(1.0) { scale, _ in scale * 10 }
  }

  /// Appends the text of a finite number.
  func write(_ value: Double, to output: inout [UInt8]) {
    guard let affixes else { return writePlain(value, to: &output) }
    var digits: [UInt8] = []
    writePlain(abs(value), to: &digits)
    // Values that round to zero have no sign.
    let isZero = !digits.contains { (0x31...0x39).contains($0) }
    affixes.write(digits, isNegative: value < 0 && !isZero, isZero: isZero, to: &output)
  }

  private func writePlain(_ value: Double, to output: inout [UInt8]) {
    if let exponent = format.exponent,
      value == 0 && exponent.isAlways
        || value != 0 && exponent.applies(to: ExponentSummary.power(abs(value)))
    {
      return ScientificText(format, exponent).write(value, to: &output)
    }
    if format.style != .seventeenDigits && format.decimals <= 15 {
      let scaled = (value * scale).rounded()
      if abs(scaled) < exactLimit {
        return writeScaled(
          Int64(scaled), negative: value.sign == .minus && scaled != 0, to: &output)
      }
    }
    var text: String
    switch format.style {
    case .fixed: text = String(format: "%.\(max(0, format.decimals))f", value)
    case .seventeenDigits: text = String(format: "%.17g", value)
    case .shortest, .shortestWithPoint, .widths:
      text = shortest(value)
      if text.hasSuffix(".0") && format.style != .shortestWithPoint { text.removeLast(2) }
    }
    if format.omitsLeadingZero, abs(value) < 1, let zero = text.range(of: "0.") {
      text.replaceSubrange(zero, with: ".")
    }
    output.append(contentsOf: text.utf8)
  }

  /// The fewest digits that identify the value. They have no exponent if the number is whole, or if
  /// only some of the column's numbers have one.
  private func shortest(_ value: Double) -> String {
    let text = value.description
    guard text.utf8.contains(UInt8(ascii: "e")) else { return text }
    if format.exponent != nil { return DecimalDigits(value).plainText }
    return value == value.rounded() ? DecimalDigits(value).plainText : text
  }

  private func writeScaled(_ scaled: Int64, negative: Bool, to output: inout [UInt8]) {
    var digits: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
    withUnsafeMutableBytes(of: &digits) { buffer in
      var rest = scaled.magnitude
      var at = buffer.count
      var decimals = max(0, format.decimals)
      if format.style != .fixed {
        let minimum = format.style == .shortestWithPoint ? 1 : 0
        while decimals > minimum && rest % 10 == 0 {
          rest /= 10
          decimals -= 1
        }
      }
      if decimals == 0 && format.style == .shortestWithPoint {
        rest *= 10
        decimals = 1
      }
      if format.style == .widths, let width = format.widths.first(where: { $0 >= decimals }) {
        for _ in decimals..<width { rest *= 10 }
        decimals = width
      }
      var written = 0
      let minDigits = decimals + (decimals > 0 ? format.integerDigits : 1)
      while rest > 0 || written < minDigits {
        if written == decimals && decimals > 0 {
          at -= 1
          buffer[at] = 0x2e
          if rest == 0 && format.omitsLeadingZero { break }
        }
        at -= 1
        buffer[at] = UInt8(0x30 + rest % 10)
        rest /= 10
        written += 1
      }
      if negative { output.append(0x2d) }
      output.append(contentsOf: buffer[at...])
    }
  }
}
