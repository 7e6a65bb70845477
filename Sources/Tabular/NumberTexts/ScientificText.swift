// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes numbers with an exponent.
struct ScientificText {
  private let format: NumberFormat
  private let exponent: ExponentFormat

  init(_ format: NumberFormat, _ exponent: ExponentFormat) {
    self.format = format
    self.exponent = exponent
  }

  /// Appends the text of a finite number.
  func write(_ value: Double, to output: inout [UInt8]) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    var number = DecimalDigits(value)
    var before = digitsBeforePoint(number)
    if format.style == .fixed {
      number = rounded(value, significant: max(1, before + format.decimals))
      // 9.99 may have become 10.0.
      let after = digitsBeforePoint(number)
      if after != before {
        before = after
        number = rounded(value, significant: max(1, before + format.decimals))
      }
    }
    let power = number.digits == [UInt8(ascii: "0")] ? 0 : number.exponent - before + 1
    append(number.digits, before: before, to: &output)
    output.append(exponent.isUppercase ? 0x45 : 0x65)
    if power < 0 {
      output.append(UInt8(ascii: "-"))
    } else if exponent.writesPlus {
      output.append(UInt8(ascii: "+"))
    }
    let digits = String(abs(power))
    output.append(
      contentsOf: repeatElement(
        UInt8(ascii: "0"), count: max(0, exponent.digits - digits.utf8.count)))
    output.append(contentsOf: digits.utf8)
  }

  private func rounded(_ value: Double, significant: Int) -> DecimalDigits {
    DecimalDigits(text: String(format: "%.\(significant - 1)e", abs(value)))
  }

  private func digitsBeforePoint(_ number: DecimalDigits) -> Int {
    switch exponent.mantissa {
    case .normalized: 1
    case .fraction: 0
    case .engineering: (number.exponent % 3 + 3) % 3 + 1
    }
  }

  /// Appends the mantissa.
  private func append(_ digits: [UInt8], before: Int, to output: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    if before == 0 && !format.omitsLeadingZero { output.append(zero) }
    for i in 0..<before { output.append(i < digits.count ? digits[i] : zero) }
    var fraction = Array(digits.dropFirst(before))
    if before > 0 && digits == [zero] { fraction = [] }
    let minimum: Int
    switch format.style {
    case .fixed: minimum = format.decimals
    case .widths: minimum = format.widths.first { $0 >= fraction.count } ?? fraction.count
    case .shortestWithPoint: minimum = 1
    case .shortest, .seventeenDigits: minimum = 0
    }
    while fraction.count < minimum { fraction.append(zero) }
    if fraction.isEmpty { return }
    output.append(UInt8(ascii: "."))
    output.append(contentsOf: fraction)
  }
}
