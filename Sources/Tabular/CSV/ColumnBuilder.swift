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

/// Collects the values of one column from one piece of a file.
struct ColumnBuilder {
  let type: FieldType
  /// What was read before `tail`.
  private(set) var numbers: Numbers = []
  /// The values of the piece that is being read.
  private var tail: [Double] = []
  var codes: [Int32] = []
  var dictionary = ByteDictionary()
  var summary = NumberTextSummary()
  var misfitCount = 0
  var firstMisfit: Misfit?
  /// The first text that is not UTF-8.
  var invalidText: Misfit?
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
        tail.append(value)
        summary.note(text, value)
        return
      }
      appendOther(trimmed, record: record, line: line, missing: missing)
    case .datetime(let pattern, _):
      let trimmed = Self.trim(field)
      if let value = pattern.parse(trimmed) {
        tail.append(value)
        return
      }
      appendOther(trimmed, record: record, line: line, missing: missing)
    case .text:
      if field.isEmpty {
        codes.append(-1)
        missingCount += 1
        missingText = missingText ?? ""
      } else {
        let known = dictionary.levels.count
        codes.append(dictionary.code(of: field))
        if dictionary.levels.count > known, invalidText == nil,
          String(validating: field, as: UTF8.self) == nil
        {
          invalidText = Misfit(
            record: record, line: line, text: String(decoding: field.prefix(60), as: UTF8.self))
        }
      }
    }
  }

  private mutating func appendOther(
    _ field: UnsafeBufferPointer<UInt8>, record: Int, line: Int, missing: MissingTexts
  ) {
    tail.append(.nan)
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

  /// Holds the piece's numbers as compactly as they allow.
  mutating func finish() {
    numbers.append(contentsOf: Numbers(packing: tail))
    tail = []
  }

  /// Puts another piece's values, which is finished, behind these.
  mutating func add(_ other: ColumnBuilder) {
    numbers.append(contentsOf: other.numbers)
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
    invalidText = invalidText ?? other.invalidText
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
