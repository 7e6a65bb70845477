// SPDX-License-Identifier: Apache-2.0

/// Writes plain digits with a column's sign, affixes and digit grouping.
struct NumberAffixes: Sendable {
  private let notation: NumberNotation
  private let writesPlus: Bool

  /// Nil if the format writes plain digits only.
  init?(_ format: NumberFormat) {
    guard format.notation != nil || format.writesPlus else { return nil }
    notation = format.notation ?? NumberNotation()
    writesPlus = format.writesPlus
  }

  /// Appends a number.
  ///
  /// - Parameter digits: its magnitude, possibly with a decimal point and an exponent.
  func write(_ digits: [UInt8], isNegative: Bool, isZero: Bool, to output: inout [UInt8]) {
    let form = notation.negative
    if isNegative && form == .parentheses { output.append(UInt8(ascii: "(")) }
    if form != .signAfterPrefix { appendSign(isNegative, isZero, to: &output) }
    output.append(contentsOf: notation.prefix.utf8)
    if form == .signAfterPrefix { appendSign(isNegative, isZero, to: &output) }
    if isNegative && form == .parenthesesAfterPrefix { output.append(UInt8(ascii: "(")) }
    appendGrouped(digits, to: &output)
    if isNegative && form == .trailingSign { output.append(contentsOf: notation.minus.utf8) }
    if isNegative && form == .parenthesesAfterPrefix { output.append(UInt8(ascii: ")")) }
    output.append(contentsOf: notation.suffix.utf8)
    if isNegative && form == .parentheses { output.append(UInt8(ascii: ")")) }
  }

  private func appendSign(_ isNegative: Bool, _ isZero: Bool, to output: inout [UInt8]) {
    if isNegative {
      guard notation.negative == .sign || notation.negative == .signAfterPrefix else { return }
      output.append(contentsOf: notation.minus.utf8)
    } else if writesPlus && !isZero {
      output.append(UInt8(ascii: "+"))
    }
  }

  private func appendGrouped(_ digits: [UInt8], to output: inout [UInt8]) {
    let whole = digits.prefix { (0x30...0x39).contains($0) }.count
    for i in 0..<whole {
      let left = whole - i
      let isBoundary =
        switch notation.grouping {
        case .thousands: left % 3 == 0
        case .indian: left == 3 || left > 3 && left % 2 == 1
        }
      if i > 0 && isBoundary { output.append(contentsOf: notation.groupMark.utf8) }
      output.append(digits[i])
    }
    for byte in digits[whole...] {
      if byte == UInt8(ascii: ".") {
        output.append(contentsOf: notation.decimalMark.utf8)
      } else {
        output.append(byte)
      }
    }
  }
}
