import Foundation

/// What the texts of a column of numbers looked like, counted over all its cells.
struct NumberTextSummary: Sendable {
  /// Digits after the point, of plain numbers or of mantissas.
  struct Decimals: Sendable {
    var cells = 0
    /// Cells without a point.
    var bare = 0
    /// Cells by digits after the point, 0...20.
    var byCount = [Int](repeating: 0, count: 21)
    /// Cells with two or more digits after the point, the last of them a zero.
    var trailingZeros = 0
    /// Cells that end in ".0".
    var zeroFractions = 0

    @inline(__always)
    mutating func note(_ text: NumberText) {
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

    /// The most digits after a point.
    var most: Int { byCount.lastIndex { $0 > 0 } ?? 0 }

    /// The style that writes most of the cells as they were; of equals the one without padding.
    func style() -> (style: NumberFormat.Style, decimals: Int, widths: [Int]) {
      let pointed = cells - bare
      guard pointed > 0 else { return (.shortest, 0, []) }
      let fixed = byCount.indices.dropFirst().max { byCount[$0] < byCount[$1] }!
      let asShortest = cells - trailingZeros - zeroFractions
      let withPoint = pointed - trailingZeros
      if byCount[fixed] > max(asShortest, withPoint) && fixed <= 15 {
        // Finer values are no rounding errors: they keep their digits.
        let finer = byCount.indices.filter { $0 > fixed && byCount[$0] > 0 }
        if let most = finer.last, most <= 15 { return (.widths, most, [fixed] + finer) }
        return (.fixed, fixed, [])
      }
      if withPoint > asShortest || withPoint == asShortest && most == 1 {
        return (.shortestWithPoint, most, [])
      }
      return (.shortest, most, [])
    }
  }

  /// Magnitudes of cells, zeros left out.
  struct Magnitudes: Sendable {
    var least = Double.infinity
    var greatest = 0.0

    @inline(__always)
    mutating func note(_ value: Double) {
      let magnitude = abs(value)
      if magnitude == 0 { return }
      least = min(least, magnitude)
      greatest = max(greatest, magnitude)
    }

    mutating func add(_ other: Magnitudes) {
      least = min(least, other.least)
      greatest = max(greatest, other.greatest)
    }

    var isEmpty: Bool { greatest == 0 }
  }

  /// Cells without an exponent, and mantissas of those with one.
  var plain = Decimals()
  var scientific = ExponentSummary()
  var plainMagnitudes = Magnitudes()
  /// Cells such as ".7", and such as "0.7".
  var omittedZeros = 0
  var leadingZeros = 0
  /// The first whole number whose text tells more than its value: "007", or more digits than a double
  /// holds.
  var firstCode: String?
  /// Cells such as "07.5", and the fewest digits before a point.
  var paddedFractions = 0
  var leastIntegerDigits = Int.max
  /// Cells with a plus, and other positive ones.
  var pluses = 0
  var unsignedPositives = 0
  /// Cells with many digits, and those that spell out a single-precision number.
  var long = 0
  var singlePrecision = 0

  /// Numbers that were read.
  var cells: Int { plain.cells + scientific.mantissas.cells }

  /// Whole numbers, none with a point or an exponent.
  var isBare: Bool { plain.bare == cells }

  @inline(__always)
  mutating func note(_ text: NumberText, _ value: Double) {
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
    leastIntegerDigits = min(leastIntegerDigits, text.integerDigits)
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
    leastIntegerDigits = min(leastIntegerDigits, other.leastIntegerDigits)
    pluses += other.pluses
    unsignedPositives += other.unsignedPositives
    long += other.long
    singlePrecision += other.singlePrecision
  }

  /// The format that writes most of the cells as they were.
  ///
  /// - Parameters:
  ///   - hasSeventeenDigits: whether long fractions have 17 digits where fewer would do.
  ///   - notation: how the column was read.
  func format(hasSeventeenDigits: Bool, notation: NumberNotation? = nil) -> NumberFormat {
    let isScientific = plain.cells == 0 && scientific.mantissas.cells > 0
    let (style, decimals, widths) =
      isScientific ? scientific.mantissas.style() : plain.style()
    var format = NumberFormat(
      style: style, decimals: decimals, widths: widths,
      singlePrecision: long > 0 && Double(singlePrecision) > 0.9 * Double(long),
      omitsLeadingZero: omittedZeros > leadingZeros,
      writesPlus: pluses > unsignedPositives,
      integerDigits: paddedFractions > 0 ? max(1, leastIntegerDigits) : 1,
      exponent: scientific.format(plain: plainMagnitudes), notation: notation)
    if !isScientific, format.exponent != nil, style == .shortest || style == .shortestWithPoint {
      // How many decimals there are depends on the exponent.
      format.decimals = 17
    }
    if hasSeventeenDigits, style != .fixed, style != .widths, !isScientific {
      format.style = .seventeenDigits
    }
    return format
  }

  /// Whether more of these fields are 17 digits of a number than the fewest that tell it apart.
  static func hasSeventeenDigits(_ fields: [[UInt8]]) -> Bool {
    let writer = NumberWriter(NumberFormat(style: .seventeenDigits, decimals: 17))
    var balance = 0
    for field in fields where field.count > 15 {
      var text = NumberText()
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
