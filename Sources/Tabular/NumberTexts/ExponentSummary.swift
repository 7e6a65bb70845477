// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Statistics of the exponents in a column's cells.
struct ExponentSummary: Sendable {
  var mantissas = NumberTextSummary.Decimals()
  var uppercase = 0
  /// Non-negative exponents, and exponents with a plus sign.
  var positive = 0
  var pluses = 0
  var minDigits = Int.max
  /// Mantissas below 1, and of two or three digits before the point.
  var fractions = 0
  var multiples = 0
  /// Magnitudes of cells below 1, and of the others.
  var small = NumberTextSummary.Magnitudes()
  var large = NumberTextSummary.Magnitudes()

  mutating func note(_ text: ParsedNumber, _ exponent: ParsedNumber.Exponent, _ value: Double) {
    mantissas.note(text)
    if exponent.isUppercase { uppercase += 1 }
    if exponent.value >= 0 { positive += 1 }
    if exponent.hasPlus { pluses += 1 }
    minDigits = min(minDigits, exponent.digits)
    if value != 0
      && (text.integerDigits == 0 || text.integerDigits == 1 && isBelowOne(exponent, value))
    {
      fractions += 1
    }
    if text.integerDigits > 1 { multiples += 1 }
    if abs(value) < 1 { small.note(value) } else { large.note(value) }
  }

  /// Whether the mantissa is below 1.
  private func isBelowOne(_ exponent: ParsedNumber.Exponent, _ value: Double) -> Bool {
    abs(value) < pow(10, Double(exponent.value)) * (1 - 1e-12)
  }

  mutating func add(_ other: ExponentSummary) {
    mantissas.add(other.mantissas)
    uppercase += other.uppercase
    positive += other.positive
    pluses += other.pluses
    minDigits = min(minDigits, other.minDigits)
    fractions += other.fractions
    multiples += other.multiples
    small.add(other.small)
    large.add(other.large)
  }

  /// The format of the column's exponents; nil if it has none.
  ///
  /// - Parameter plain: the magnitudes of its numbers without an exponent.
  func format(plain: NumberTextSummary.Magnitudes) -> ExponentFormat? {
    guard mantissas.cells > 0 else { return nil }
    var format = ExponentFormat(
      isUppercase: 2 * uppercase > mantissas.cells,
      writesPlus: positive == 0 || 2 * pluses > positive,
      digits: min(max(minDigits, 1), 9))
    if 2 * fractions > mantissas.cells {
      format.mantissa = .fraction
    } else if multiples > 0 {
      format.mantissa = .engineering
    }
    guard !plain.isEmpty else { return format }
    // The threshold lies between the largest small number with an exponent and the smallest plain
    // one.
    format.below =
      small.isEmpty ? -400 : min(Self.power(small.maximum) + 1, Self.power(plain.minimum))
    format.from =
      large.isEmpty ? 400 : max(Self.power(large.minimum), Self.power(plain.maximum) + 1)
    if format.isAlways { format.from = format.below + 1 }
    return format
  }

  /// The decimal exponent of a positive number.
  static func power(_ value: Double) -> Int {
    let text = value.description
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
    else {
      return Int(floor(log10(value) + 1e-12))
    }
    return exponent
  }
}
