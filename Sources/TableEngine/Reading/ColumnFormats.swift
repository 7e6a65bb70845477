// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// How numbers or times of a typed column are written as text.
struct ColumnFormats {
  private(set) var number: NumberFormat?
  private(set) var datetime: DatetimeFormat?

  /// More decimals say nothing about the numbers.
  private static let maxDecimals = 9
  /// Digits that tell any double from its neighbors.
  private static let significantDigits = 17

  init(_ values: Numbers, type: StoredType) {
    switch type {
    case .date: datetime = DatetimeFormat(pattern: "yyyy-MM-dd")
    case .time: datetime = DatetimeFormat(pattern: "HH:mm:ss" + Self.fraction(values))
    case .timestamp(_, let zone):
      let pattern = "yyyy-MM-dd HH:mm:ss" + Self.fraction(values)
      datetime =
        zone == nil
        ? DatetimeFormat(pattern: pattern)
        : DatetimeFormat(
          pattern: pattern + "xxx", zones: [DatetimeFormat.Zone(since: 0, text: "+00:00")])
    case .decimal(_, let scale):
      number = NumberFormat(style: .fixed, decimals: min(scale, 20))
    case .float(let bits):
      number = Self.format(values, isSingle: bits == 32)
    default: number = NumberFormat(style: .shortest, decimals: 0)
    }
  }

  /// The format of binary numbers, which writes each so that it is read back to the bit.
  private static func format(_ values: Numbers, isSingle: Bool) -> NumberFormat {
    if let decimals = decimals(values) {
      return NumberFormat(style: .shortest, decimals: decimals)
    }
    var least = Double.infinity
    var greatest = 0.0
    for value in values where value != 0 && !value.isNaN {
      least = min(least, abs(value))
      greatest = max(greatest, abs(value))
    }
    // As most programs write doubles.
    if least < 1e-4 || greatest >= 1e16 {
      return NumberFormat(
        style: .shortest, decimals: significantDigits, singlePrecision: isSingle,
        exponent: ExponentFormat(below: -4, from: 16))
    }
    let leading = Int(log10(least).rounded(.down))
    return NumberFormat(
      style: .shortest, decimals: min(max(significantDigits - 1 - leading, 1), 20),
      singlePrecision: isSingle)
  }

  /// The fraction of a second in a pattern.
  private static func fraction(_ values: Numbers) -> String {
    switch decimals(values) {
    case 0: ""
    case 1, 2, 3: ".SSS"
    default: ".SSSSSS"
    }
  }

  /// The decimals that all values have; nil for more than a few. O(values).
  private static func decimals(_ values: Numbers) -> Int? {
    if let decimals = values.packedDecimals { return decimals }
    var decimals = 0
    var power = 1.0
    for value in values where !value.isNaN {
      while (value * power).rounded() / power != value {
        decimals += 1
        power *= 10
        if decimals > maxDecimals { return nil }
      }
    }
    return decimals
  }
}
