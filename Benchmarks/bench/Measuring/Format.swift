// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How figures are written for people.
enum Format {
  /// A duration of one call in milliseconds, with three significant digits.
  static func milliseconds(_ seconds: Double) -> String { significant(seconds * 1e3) }

  static func microseconds(_ seconds: Double) -> String { significant(seconds * 1e6) }

  /// Thousand millions: GFLOP/s or GB/s.
  static func giga(_ rate: Double) -> String { significant(rate * 1e-9) }

  static func percent(_ share: Double) -> String { fixed(share * 100, digits: 0) + " %" }

  static func error(_ error: Double, isCorrect: Bool) -> String {
    scientific(error) + (isCorrect ? "" : " WRONG")
  }

  static func scientific(_ value: Double) -> String {
    value == 0 ? "0" : String(format: "%.1e", value)
  }

  /// Bytes in the unit that people use for caches and memory.
  static func bytes(_ count: Double) -> String {
    for (unit, size) in [("GiB", 1073741824.0), ("MiB", 1048576.0), ("KiB", 1024.0)]
    where count >= size {
      return significant(count / size) + " " + unit
    }
    return fixed(count, digits: 0) + " bytes"
  }

  /// Three significant digits without an exponent.
  static func significant(_ value: Double) -> String {
    let magnitude = abs(value)
    if magnitude >= 100 { return fixed(value, digits: 0) }
    if magnitude >= 10 { return fixed(value, digits: 1) }
    if magnitude >= 1 { return fixed(value, digits: 2) }
    return fixed(value, digits: magnitude >= 0.1 ? 3 : 4)
  }

  static func fixed(_ value: Double, digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
