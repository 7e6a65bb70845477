/// How a column's fields are read.
enum FieldType: Sendable {
  case number
  case datetime(DatetimePattern, DatetimeFormat)
  case text
}

/// A field that did not fit its column's type.
struct Misfit: Sendable {
  var record: Int
  var line: Int
  var text: String
}

/// What the texts of a column of numbers looked like.
struct NumberTextSummary: Sendable {
  var cells = 0
  var bare = 0
  /// Cells by digits after the point, 0...20.
  var byDecimals = [Int](repeating: 0, count: 21)
  var trailingZeros = 0
  var zeroFractions = 0
  var omittedZeros = 0
  var exponents = 0
  /// Cells whose many digits spell out a single-precision number.
  var singlePrecision = 0
  var long = 0

  mutating func note(_ text: NumberText, _ value: Double) {
    cells += 1
    if text.hasExponent { exponents += 1 }
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
    if text.omitsLeadingZero { omittedZeros += 1 }
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
    exponents += other.exponents
    singlePrecision += other.singlePrecision
    long += other.long
  }

  /// The format that writes such numbers.
  var format: NumberFormat {
    let decimals = byDecimals.lastIndex { $0 > 0 } ?? 0
    let pointed = cells - bare
    if pointed == 0 { return NumberFormat(style: .shortest, decimals: 0) }
    let single = long > 0 && Double(singlePrecision) > 0.9 * Double(long)
    // All cells with the same number of digits, many of them zeros: a fixed format.
    if bare == 0 && byDecimals[decimals] == cells && decimals > 0 && decimals <= 15 && !single
      && (decimals > 1 || zeroFractions < cells || cells < 3)
      && trailingZeros + zeroFractions > 0
    {
      return NumberFormat(
        style: decimals == 1 ? .shortestWithPoint : .fixed, decimals: decimals,
        omitsLeadingZero: omittedZeros > 0)
    }
    return NumberFormat(
      style: zeroFractions > 0 && bare == 0 ? .shortestWithPoint : .shortest,
      decimals: decimals, singlePrecision: single, omitsLeadingZero: omittedZeros > 0)
  }
}

/// Collects the values of one column from one piece of a file.
struct ColumnBuilder {
  let type: FieldType
  var numbers: [Double] = []
  var codes: [Int32] = []
  var dictionary = ByteDictionary()
  var summary = NumberTextSummary()
  var misfitCount = 0
  var firstMisfit: Misfit?
  var missingCount = 0
  var missingText: String?

  init(type: FieldType) { self.type = type }

  /// Appends one field.
  @inline(__always)
  mutating func append(
    _ field: UnsafeBufferPointer<UInt8>, record: Int, line: Int, missing: MissingTexts
  ) {
    switch type {
    case .number:
      let trimmed = Self.trim(field)
      var text = NumberText()
      if let value = NumberParser.parse(trimmed, text: &text) {
        numbers.append(value)
        summary.note(text, value)
        return
      }
      appendOther(trimmed, record: record, line: line, missing: missing)
    case .datetime(let pattern, _):
      let trimmed = Self.trim(field)
      if let value = pattern.parse(trimmed) {
        numbers.append(value)
        return
      }
      appendOther(trimmed, record: record, line: line, missing: missing)
    case .text:
      if field.isEmpty {
        codes.append(-1)
        missingCount += 1
        missingText = missingText ?? ""
      } else {
        codes.append(dictionary.code(of: field))
      }
    }
  }

  private mutating func appendOther(
    _ field: UnsafeBufferPointer<UInt8>, record: Int, line: Int, missing: MissingTexts
  ) {
    numbers.append(.nan)
    if let text = missing.match(field) {
      missingCount += 1
      missingText = missingText ?? text
      return
    }
    misfitCount += 1
    if firstMisfit == nil {
      firstMisfit = Misfit(
        record: record, line: line, text: String(decoding: field.prefix(60), as: UTF8.self))
    }
  }

  private static func trim(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var (start, end) = (0, field.count)
    while start < end && field[start] == 0x20 { start += 1 }
    while end > start && field[end - 1] == 0x20 { end -= 1 }
    return UnsafeBufferPointer(rebasing: field[start..<end])
  }

  /// Puts another piece's values behind these.
  mutating func add(_ other: ColumnBuilder) {
    numbers += other.numbers
    if !other.codes.isEmpty {
      let map = other.dictionary.levels.map { level in
        level.withUnsafeBufferPointer { dictionary.code(of: $0) }
      }
      codes.reserveCapacity(codes.count + other.codes.count)
      for code in other.codes { codes.append(code < 0 ? -1 : map[Int(code)]) }
    }
    summary.add(other.summary)
    misfitCount += other.misfitCount
    firstMisfit = firstMisfit ?? other.firstMisfit
    missingCount += other.missingCount
    missingText = missingText ?? other.missingText
  }
}

/// The texts that stand for a missing value.
struct MissingTexts: Sendable {
  private let texts: [(bytes: [UInt8], text: String)]

  init(_ texts: Set<String>) {
    self.texts = texts.sorted().map { (Array($0.utf8), $0) }
  }

  func match(_ field: UnsafeBufferPointer<UInt8>) -> String? {
    if field.isEmpty { return "" }
    return texts.first { $0.bytes.elementsEqual(field) }?.text
  }
}
