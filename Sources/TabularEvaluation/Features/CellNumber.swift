// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Numbers as text and back, as categorical column values need them: 1, 1.0 and "1" are one
/// category.
enum CellNumber {
  /// The number that `text` spells, blanks around it aside, or nil.
  static func parse(_ text: some StringProtocol) -> Double? {
    let trimmed = text.drop(while: \.isWhitespace)
    guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    let core = trimmed[...last]
    // Double(_:) alone would take hexadecimal numbers too.
    let digits = core.utf8.allSatisfy {
      (48...57).contains($0) || $0 == 43 || $0 == 45 || $0 == 46 || $0 == 69 || $0 == 101
    }
    if digits { return Double(core) }
    switch core.lowercased() {
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }

  /// The category that a number stands for: six significant digits.
  static func category(_ value: Double) -> String {
    // The common case, without the formatter.
    if value == value.rounded(), abs(value) < 1e6 {
      return value == 0 && value.sign == .minus ? "-0" : String(Int(value))
    }
    return String(format: "%g", value)
  }
}
