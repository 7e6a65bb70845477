// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Features of a number's text, used to infer the column's format.
struct ParsedNumber {
  /// Digits after the decimal point; -1 if there is none.
  var decimals = -1
  /// Digits before the decimal point.
  var integerDigits = 0
  var endsWithZero = false
  /// Whether a zero precedes other digits: "007", "07.5".
  var hasLeadingZero = false
  var hasPlus = false
  var exponent: Exponent?
  /// Whether it is a whole number that a double cannot hold, such as a key of 19 digits.
  var isInexact = false

  var omitsLeadingZero: Bool { integerDigits == 0 }
  /// Whether it is a whole number whose text holds more than its value.
  var isCode: Bool { decimals < 0 && exponent == nil && (hasLeadingZero || isInexact) }

  /// Features of an exponent.
  struct Exponent {
    var value = 0
    var digits = 0
    var isUppercase = false
    var hasPlus = false
  }
}

/// Parses decimal numbers to the nearest double.
enum NumberParser {
  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

  /// The number in `bytes`, or nil. Infinities and values that overflow are not numbers.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>, text: inout ParsedNumber) -> Double? {
    var i = 0
    let end = bytes.count
    guard end > 0 else { return nil }
    var negative = false
    text = ParsedNumber()
    if bytes[0] == 0x2d || bytes[0] == 0x2b {
      negative = bytes[0] == 0x2d
      text.hasPlus = !negative
      i = 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    let integerStart = i
    while i < end, case let digit = bytes[i] &- 0x30, digit < 10 {
      if significant > 0 || digit > 0 { significant += 1 }
      if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
      digits += 1
      i += 1
    }
    text.integerDigits = i - integerStart
    text.hasLeadingZero = text.integerDigits > 1 && bytes[integerStart] == 0x30
    var scale = significant > 19 ? significant - 19 : 0
    if i < end && bytes[i] == 0x2e {
      i += 1
      let fractionStart = i
      while i < end, case let digit = bytes[i] &- 0x30, digit < 10 {
        if significant > 0 || digit > 0 { significant += 1 }
        if significant <= 19 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
          scale -= 1
        }
        digits += 1
        i += 1
      }
      text.decimals = i - fractionStart
      text.endsWithZero = text.decimals > 0 && bytes[i - 1] == 0x30
    }
    guard digits > 0 else { return nil }
    if i < end && (bytes[i] | 0x20) == 0x65 {
      var exponent = ParsedNumber.Exponent(isUppercase: bytes[i] == 0x45)
      i += 1
      var isNegative = false
      if i < end && (bytes[i] == 0x2d || bytes[i] == 0x2b) {
        isNegative = bytes[i] == 0x2d
        exponent.hasPlus = !isNegative
        i += 1
      }
      let start = i
      while i < end, case let digit = bytes[i] &- 0x30, digit < 10 {
        exponent.value = min(exponent.value * 10 + Int(digit), 100_000)
        i += 1
      }
      guard i > start else { return nil }
      exponent.digits = i - start
      if isNegative { exponent.value = -exponent.value }
      scale += exponent.value
      text.exponent = exponent
    }
    guard i == end else { return nil }
    if text.decimals < 0 && text.exponent == nil && mantissa > 1 << 53 {
      text.isInexact = significant > 19 || UInt64(exactly: Double(mantissa)) != mantissa
    }
    // Both factors are exact, so one rounding gives the nearest double (Clinger, 1990).
    if significant <= 19, mantissa < 1 << 53, scale >= -22, scale <= 22 {
      let value =
        scale < 0 ? Double(mantissa) / powers[-scale] : Double(mantissa) * powers[scale]
      return negative ? -value : value
    }
    return slow(bytes)
  }

  private static func slow(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard bytes.count < 400 else { return nil }
    let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { copy in
      for i in bytes.indices { copy[i] = CChar(bitPattern: bytes[i]) }
      copy[bytes.count] = 0
      return strtod(copy.baseAddress!, nil)
    }
    return value.isFinite ? value : nil
  }
}
