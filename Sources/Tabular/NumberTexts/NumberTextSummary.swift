// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Statistics of the texts in a column of numbers, over all its cells.
struct NumberTextSummary: Sendable {
  /// Digits after the decimal point, of plain numbers or of mantissas.
  struct Decimals: Sendable {
    var cells = 0
    /// Cells without a decimal point.
    var bare = 0
    /// Number of cells by digits after the decimal point, 0...20.
    var byCount = [Int](repeating: 0, count: 21)
    /// Cells with two or more digits after the decimal point of which the last is zero.
    var trailingZeros = 0
    /// Cells that end in ".0".
    var zeroFractions = 0

    @inline(__always)
    mutating func note(_ text: ParsedNumber) {
      cells += 1
      if text.decimals < 0 {
        bare += 1
        return
      }
      byCount[min(text.decimals, 20)] += 1
      if text.decimals == 1 && text.endsWithZero {
        zeroFractions += 1
      } else if text.endsWithZero {
        trailingZeros += 1
      }
    }

    mutating func add(_ other: Decimals) {
      cells += other.cells
      bare += other.bare
      for i in byCount.indices { byCount[i] += other.byCount[i] }
      trailingZeros += other.trailingZeros
      zeroFractions += other.zeroFractions
    }

    /// The greatest number of digits after the decimal point.
    var maximum: Int { byCount.lastIndex { $0 > 0 } ?? 0 }

    /// The style that reproduces most of the cells; ties go to the one without padding.
    func style() -> (style: NumberFormat.Style, decimals: Int, widths: [Int]) {
      let pointed = cells - bare
      guard pointed > 0 else { return (.shortest, 0, []) }
      let fixed = byCount.indices.dropFirst().max { byCount[$0] < byCount[$1] }!
      let asShortest = cells - trailingZeros - zeroFractions
      let withPoint = pointed - trailingZeros
      if byCount[fixed] > max(asShortest, withPoint) && fixed <= 15 {
        // Finer values are not rounding errors and keep their digits.
        let finer = byCount.indices.filter { $0 > fixed && byCount[$0] > 0 }
        if let maximum = finer.last, maximum <= 15 { return (.widths, maximum, [fixed] + finer) }
        return (.fixed, fixed, [])
      }
      if withPoint > asShortest || withPoint == asShortest && maximum == 1 {
        return (.shortestWithPoint, maximum, [])
      }
      return (.shortest, maximum, [])
    }
  }

  /// Range of the magnitudes of cells other than zero.
  struct Magnitudes: Sendable {
    var minimum = Double.infinity
    var maximum = 0.0

    @inline(__always)
    mutating func note(_ value: Double) {
      let magnitude = abs(value)
      if magnitude == 0 { return }
      minimum = min(minimum, magnitude)
      maximum = max(maximum, magnitude)
    }

    mutating func add(_ other: Magnitudes) {
      minimum = min(minimum, other.minimum)
      maximum = max(maximum, other.maximum)
    }

    var isEmpty: Bool { maximum == 0 }
  }

  /// Cells without an exponent.
  var plain = Decimals()
  /// Cells with an exponent.
  var scientific = ExponentSummary()
  var plainMagnitudes = Magnitudes()
  /// Cells such as ".7", and cells such as "0.7".
  var omittedZeros = 0
  var leadingZeros = 0
  /// The first whole number whose text holds more than its value: "007", or more digits than a
  /// double holds.
  var firstCode: String?
  /// Cells such as "07.5", and the minimum number of digits before a decimal point.
  var paddedFractions = 0
  var minIntegerDigits = Int.max
  /// Cells with a plus sign, and other positive cells.
  var pluses = 0
  var unsignedPositives = 0
  /// Cells with nine or more decimals, and those of them that are single-precision numbers.
  var long = 0
  var singlePrecision = 0

  /// The number of cells.
  var cells: Int { plain.cells + scientific.mantissas.cells }

  /// Whether no cell has a decimal point or an exponent.
  var isBare: Bool { plain.bare == cells }

  @inline(__always)
  mutating func note(_ text: ParsedNumber, _ value: Double) {
    if text.hasPlus {
      pluses += 1
    } else if value > 0 {
      unsignedPositives += 1
    }
    if let exponent = text.exponent {
      scientific.note(text, exponent, value)
      return
    }
    plain.note(text)
    plainMagnitudes.note(value)
    if text.decimals < 0 { return }
    minIntegerDigits = min(minIntegerDigits, text.integerDigits)
    if text.hasLeadingZero { paddedFractions += 1 }
    if text.omitsLeadingZero {
      omittedZeros += 1
    } else if abs(value) < 1 && value != 0 {
      leadingZeros += 1
    }
    if text.decimals >= 9 {
      long += 1
      let single = Double(Float(value))
      if abs(single - value) <= abs(value) * 1e-11 { singlePrecision += 1 }
    }
  }

  mutating func add(_ other: NumberTextSummary) {
    plain.add(other.plain)
    scientific.add(other.scientific)
    plainMagnitudes.add(other.plainMagnitudes)
    omittedZeros += other.omittedZeros
    leadingZeros += other.leadingZeros
    firstCode = firstCode ?? other.firstCode
    paddedFractions += other.paddedFractions
    minIntegerDigits = min(minIntegerDigits, other.minIntegerDigits)
    pluses += other.pluses
    unsignedPositives += other.unsignedPositives
    long += other.long
    singlePrecision += other.singlePrecision
  }

  /// The format that reproduces most of the cells.
  ///
  /// - Parameters:
  ///   - hasSeventeenDigits: whether long fractions have 17 digits where fewer would suffice.
  ///   - notation: the notation the column was read with.
  func format(hasSeventeenDigits: Bool, notation: NumberNotation? = nil) -> NumberFormat {
    let isScientific = plain.cells == 0 && scientific.mantissas.cells > 0
    let (style, decimals, widths) =
      isScientific ? scientific.mantissas.style() : plain.style()
    var format = NumberFormat(
      style: style, decimals: decimals, widths: widths,
      singlePrecision: 2 * long > plain.cells - plain.bare
        && Double(singlePrecision) > 0.9 * Double(long),
      omitsLeadingZero: omittedZeros > leadingZeros,
      writesPlus: pluses > unsignedPositives,
      integerDigits: paddedFractions > 0 ? min(max(1, minIntegerDigits), 20) : 1,
      exponent: scientific.format(plain: plainMagnitudes), notation: notation)
    if !isScientific, format.exponent != nil, style == .shortest || style == .shortestWithPoint {
      // The number of decimals depends on the exponent.
      format.decimals = 17
    }
    if hasSeventeenDigits, style != .fixed, style != .widths, !isScientific {
      format.style = .seventeenDigits
    }
    return format
  }

  /// Whether more of these fields are printed with 17 digits than with the fewest that identify the
  /// value.
  static func hasSeventeenDigits(_ fields: [[UInt8]]) -> Bool {
    let writer = NumberWriter(NumberFormat(style: .seventeenDigits, decimals: 17))
    var balance = 0
    for field in fields where field.count > 15 {
      var text = ParsedNumber()
      guard let value = field.withUnsafeBufferPointer({ NumberParser.parse($0, text: &text) }),
        text.decimals > 0
      else { continue }
      var written: [UInt8] = []
      writer.write(value, to: &written)
      if written == field { balance += 1 }
      if value.description.utf8.elementsEqual(field) { balance -= 1 }
    }
    return balance > 0
  }
}
