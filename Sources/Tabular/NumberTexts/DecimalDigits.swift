// SPDX-License-Identifier: Apache-2.0

/// The shortest decimal digits that identify a number: 0.d1d2d3... x 10^(exponent + 1).
struct DecimalDigits {
  /// Digits without leading or trailing zeros; "0" for zero.
  var digits: [UInt8]
  /// The power of ten of the first digit.
  var exponent: Int

  /// The digits of a finite number's magnitude.
  init(_ value: Double) {
    self.init(text: abs(value).description)
  }

  /// The digits of a number's text with or without an exponent.
  init(text: String) {
    var digits: [UInt8] = []
    var point: Int?
    var power = 0
    var isExponent = false
    var exponentText = ""
    for byte in text.utf8 {
      if isExponent {
        exponentText.unicodeScalars.append(Unicode.Scalar(byte))
      } else if byte == UInt8(ascii: ".") {
        point = digits.count
      } else if byte | 0x20 == UInt8(ascii: "e") {
        isExponent = true
      } else if (0x30...0x39).contains(byte) {
        digits.append(byte)
      }
    }
    power = Int(exponentText) ?? 0
    let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
    exponent = (point ?? digits.count) - leading - 1 + power
    digits.removeFirst(leading)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty {
      digits = [UInt8(ascii: "0")]
      exponent = 0
    }
    self.digits = digits
  }

  /// The number without an exponent; whole numbers end in ".0".
  var plainText: String {
    var text: [UInt8] = []
    if exponent < 0 {
      text = Array("0.".utf8) + repeatElement(UInt8(ascii: "0"), count: -exponent - 1) + digits
    } else {
      for i in 0..<max(digits.count, exponent + 1) {
        if i == exponent + 1 { text.append(UInt8(ascii: ".")) }
        text.append(i < digits.count ? digits[i] : UInt8(ascii: "0"))
      }
      if digits.count <= exponent + 1 { text += ".0".utf8 }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
