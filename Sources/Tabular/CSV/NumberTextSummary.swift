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
  /// Of a sample of the cells with many digits, those that the shortest text and that 17 digits
  /// would reproduce.
  var shortest = 0
  var seventeen = 0

  @inline(__always)
  mutating func note(_ text: NumberText, _ value: Double, _ bytes: UnsafeBufferPointer<UInt8>) {
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
    if text.decimals >= 9 { noteLong(text, value, bytes) }
  }

  private mutating func noteLong(
    _ text: NumberText, _ value: Double, _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    long += 1
    let single = Double(Float(value))
    if abs(single - value) <= abs(value) * 1e-11 { singlePrecision += 1 }
    // A part of the cells, chosen by their value, so that no thread has a say in it.
    guard text.decimals >= 13, (value.bitPattern &* 0x9E37_79B9_7F4A_7C15) >> 61 == 0 else {
      return
    }
    if value.description.utf8.elementsEqual(bytes) { shortest += 1 }
    var written: [UInt8] = []
    NumberWriter(NumberFormat(style: .seventeenDigits, decimals: 17)).write(value, to: &written)
    if written.elementsEqual(bytes) { seventeen += 1 }
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
    shortest += other.shortest
    seventeen += other.seventeen
  }

  /// The format that writes most of the cells as they were; of equals the one without padding.
  var format: NumberFormat {
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
    } else if seventeen > shortest {
      format.style = .seventeenDigits
    } else if withPoint > asShortest || withPoint == asShortest && most == 1 {
      format.style = .shortestWithPoint
    }
    return format
  }
}
