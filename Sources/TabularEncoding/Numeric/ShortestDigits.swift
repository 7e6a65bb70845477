// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The digits of the shortest decimal text that identifies a number.
struct ShortestDigits: Equatable {
  /// Digits after the decimal point, or minus the number of trailing zeros: 2 for 1.25, 0 for 7, -3
  /// for 12,000.
  let decimals: Int
  /// Significant digits without trailing zeros: 3 for 1.25, 2 for 12,000.
  let significant: Int
  /// Whether the last significant digit is a 5.
  let endsInFive: Bool

  /// Nil for 0, which has no significant digits, and for values that are not finite.
  init?(_ value: Double) {
    guard value.isFinite, value != 0 else { return nil }
    var digits = 0
    var zeros = 0
    var afterPoint = 0
    var last: UInt8 = 0
    var exponent = 0
    var isFraction = false
    var text = Substring(value.magnitude.description).utf8[...]
    if let e = text.firstIndex(of: 0x65) {
      exponent = Int(String(text[text.index(after: e)...])!) ?? 0
      text = text[..<e]
    }
    for byte in text {
      if byte == 0x2e {
        isFraction = true
        continue
      }
      if isFraction { afterPoint += 1 }
      if byte == 0x30 {
        if digits > 0 { zeros += 1 } else if !isFraction { continue }
      } else {
        digits += zeros + 1
        zeros = 0
        last = byte
      }
    }
    decimals = afterPoint - zeros - exponent
    significant = digits
    endsInFive = last == 0x35
  }

  /// The powers of ten that are exact: 10^0 to 10^22.
  static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

  /// The decimal exponent of the first digit: 0 for 1.25, -3 for 0.00125.
  static func decade(_ value: Double) -> Int { Int(log10(value.magnitude).rounded(.down)) }

  /// `factor` x 10^-decimals; 0 below the least positive number.
  static func step(decimals: Int, factor: Double = 1) -> Double {
    if decimals > 22 || decimals < -22 { return factor * pow(10, -Double(decimals)) }
    return decimals < 0 ? factor * powers[-decimals] : factor / powers[decimals]
  }

  /// The nearest multiple of `factor` x 10^-decimals: the same `Double` as its decimal text.
  static func round(_ value: Double, decimals: Int, factor: Double = 1) -> Double {
    if decimals > 22 || decimals < -22 {
      let digits = decimals + decade(value) + 1
      guard value != 0, digits > 0 else { return 0 }
      return digits > 16 ? value : Double(String(format: "%.\(digits - 1)e", value)) ?? value
    }
    if decimals < 0 {
      // A whole number times an exact power is rounded once, like its text.
      let step = factor * powers[-decimals]
      return (value / step).rounded() * step + 0
    }
    let scaled = value * powers[decimals] / factor
    guard abs(scaled) < 0x1p53 else { return value }
    return scaled.rounded() * factor / powers[decimals] + 0
  }
}
