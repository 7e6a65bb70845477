/// What the texts of a column of numbers looked like, counted over all its cells.
struct NumberTextSummary: Sendable {
  var cells = 0
  /// Cells without a point.
  var bare = 0
  /// Cells by digits after the point, 0...20.
  var byDecimals = [Int](repeating: 0, count: 21)
  /// Cells with two or more digits after the point, the last of them a zero.
  var trailingZeros = 0
  /// Cells that end in ".0".
  var zeroFractions = 0
  /// Cells such as ".7", and such as "0.7".
  var omittedZeros = 0
  var leadingZeros = 0
  var exponents = 0
  /// Whole numbers with zeros before them, as "007", or with more digits than a double holds.
  var codes = 0
  /// Cells with many digits, and those that spell out a single-precision number.
  var long = 0
  var singlePrecision = 0

  @inline(__always)
  mutating func note(_ text: NumberText, _ value: Double) {
    cells += 1
    if text.hasExponent { exponents += 1 }
    if text.isCode { codes += 1 }
    if text.decimals < 0 {
      bare += 1
      return
    }
    byDecimals[min(text.decimals, 20)] += 1
    if text.decimals == 1 && text.endsWithZero {
      zeroFractions += 1
    } else if text.endsWithZero {
      trailingZeros += 1
    }
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
    cells += other.cells
    bare += other.bare
    for i in byDecimals.indices { byDecimals[i] += other.byDecimals[i] }
    trailingZeros += other.trailingZeros
    zeroFractions += other.zeroFractions
    omittedZeros += other.omittedZeros
    leadingZeros += other.leadingZeros
    exponents += other.exponents
    codes += other.codes
    long += other.long
    singlePrecision += other.singlePrecision
  }

  /// The format that writes most of the cells as they were; of equals the one without padding.
  ///
  /// - Parameter hasSeventeenDigits: whether long fractions have 17 digits where fewer would do.
  func format(hasSeventeenDigits: Bool) -> NumberFormat {
    let pointed = cells - bare
    if pointed == 0 {
      return NumberFormat(style: .shortest, decimals: exponents > 0 ? 17 : 0)
    }
    let most = byDecimals.lastIndex { $0 > 0 }!
    let fixed = byDecimals.indices.dropFirst().max { byDecimals[$0] < byDecimals[$1] }!
    var format = NumberFormat(
      style: .shortest, decimals: exponents > 0 ? 17 : most,
      singlePrecision: long > 0 && Double(singlePrecision) > 0.9 * Double(long),
      omitsLeadingZero: omittedZeros > leadingZeros)
    let asShortest = cells - trailingZeros - zeroFractions
    let withPoint = pointed - trailingZeros
    if byDecimals[fixed] > max(asShortest, withPoint) && fixed <= 15 {
      format.style = .fixed
      format.decimals = fixed
    } else if hasSeventeenDigits {
      format.style = .seventeenDigits
    } else if withPoint > asShortest || withPoint == asShortest && most == 1 {
      format.style = .shortestWithPoint
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
