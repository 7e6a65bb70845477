// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Numbers as people read them; always with a point and comma, whatever the locale.
package enum NumberText {
  /// 1234567 as "1,234,567".
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0 && (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A share 0...1 as a percentage, "1.4 %"; small ones keep a digit that isn't 0.
  package static func percent(_ share: Double) -> String {
    if share == 0 { return "0 %" }
    if share == 1 { return "100 %" }
    if share < 0.001 { return String(format: "%.2g %%", share * 100) }
    return String(format: "%.1f %%", share * 100)
  }

  /// A number with `digits` significant digits.
  package static func significant(_ value: Double, digits: Int = 4) -> String {
    String(format: "%.\(digits)g", value)
  }

  /// "1 row", "1,200 rows".
  package static func pluralized(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A loss or a probability, in a width that seldom changes.
  package static func metric(_ value: Float) -> String {
    abs(value) >= 0.001 || value == 0
      ? String(format: "%.3f", value) : String(format: "%.0e", value)
  }

  /// Seconds with their unit: "0.42 s", "12.3 s", "2:05 min".
  package static func seconds(_ value: Double) -> String {
    value < 10
      ? String(format: "%.2f s", value)
      : value < 120
        ? String(format: "%.1f s", value) : duration(value) + (value < 3600 ? " min" : " h")
  }

  /// Seconds as "0:42", "12:05" or "1:02:33".
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e8 else { return "?" }
    let total = Int(seconds.rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, rest)
      : String(format: "%d:%02d", minutes, rest)
  }
}
