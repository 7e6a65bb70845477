/// Writes the numbers of a column in its format.
struct NumberWriter: Sendable {
  private let format: NumberFormat
  private let scale: Double
  /// Whether rounding to the format's digits is exact arithmetic on whole numbers.
  private let rounds: Bool

  init(_ format: NumberFormat) {
    self.format = format
    rounds = format.decimals <= 15 && !format.singlePrecision
    var scale = 1.0
    for _ in 0..<min(format.decimals, 15) { scale *= 10 }
    self.scale = scale
  }

  /// Appends the text of a number that is not NaN.
  func write(_ value: Double, to output: inout [UInt8]) {
    let scaled = (value * scale).rounded()
    if rounds && abs(scaled) < 0x1p53 {
      writeScaled(Int64(scaled), negative: value.sign == .minus && scaled != 0, to: &output)
      return
    }
    let shown = format.singlePrecision ? Double(Float(value)) : value
    var text = shown.description
    if text.hasSuffix(".0") && format.style != .shortestWithPoint { text.removeLast(2) }
    output.append(contentsOf: text.utf8)
  }

  private func writeScaled(_ scaled: Int64, negative: Bool, to output: inout [UInt8]) {
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &digits) { buffer in
      var rest = scaled.magnitude
      var at = buffer.count
      var decimals = format.decimals
      if format.style != .fixed {
        let least = format.style == .shortestWithPoint ? 1 : 0
        while decimals > least && rest % 10 == 0 {
          rest /= 10
          decimals -= 1
        }
      }
      var written = 0
      while rest > 0 || written <= decimals {
        if written == decimals && decimals > 0 {
          at -= 1
          buffer[at] = 0x2e
        }
        if rest == 0 && written == decimals && format.omitsLeadingZero && decimals > 0 { break }
        at -= 1
        buffer[at] = UInt8(0x30 + rest % 10)
        rest /= 10
        written += 1
      }
      if format.decimals == 0 && format.style == .shortestWithPoint {
        if negative { output.append(0x2d) }
        output.append(contentsOf: buffer[at...])
        output.append(contentsOf: [0x2e, 0x30])
        return
      }
      if negative { output.append(0x2d) }
      output.append(contentsOf: buffer[at...])
    }
  }
}
