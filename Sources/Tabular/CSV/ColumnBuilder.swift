// SPDX-License-Identifier: Apache-2.0

/// A field that is not UTF-8.
struct InvalidText: Sendable {
  var line: Int
  var bytes: [UInt8]
}

/// Collects the values of one column from one piece of a file.
struct ColumnBuilder {
  let plan: ColumnPlan
  /// The values read before `tail`.
  private(set) var numbers: Numbers = []
  /// The values of the piece being read.
  private var tail: [Double] = []
  var codes: [Int32] = []
  var dictionary = ByteDictionary()
  var summary = NumberTextSummary()
  var mismatches = MismatchTally()
  var zones = ZoneTally()
  /// Times that cannot be read with day and month swapped.
  var unambiguousTimes = 0
  /// Times with a finer resolution than microseconds.
  var truncatedTimes = 0
  /// The first field that is not UTF-8.
  var invalidText: InvalidText?
  /// The blanks around the column's numbers or times so far.
  private(set) var padding = PaddingTally()
  /// Number of missing values by marker index.
  private(set) var missingCounts: [Int]

  init(plan: ColumnPlan) {
    self.plan = plan
    missingCounts = Array(repeating: 0, count: plan.missing.count)
  }

  var missingCount: Int { missingCounts.reduce(0, +) }

  /// The missing-value markers with their counts, most frequent first.
  var missingTexts: [(text: String, count: Int)] {
    missingCounts.indices.filter { missingCounts[$0] > 0 }
      .map { (plan.missing.text($0), missingCounts[$0]) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.text < $1.text }
  }

  /// Appends one field.
  @inline(__always)
  mutating func append(_ field: UnsafeBufferPointer<UInt8>, record: Int, line: Int) {
    switch plan.type {
    case .number:
      let trimmed = trimmed(field)
      var text = ParsedNumber()
      if let value = NumberParser.parse(trimmed, text: &text) {
        tail.append(value)
        summary.note(text, value)
        if text.isCode && summary.firstCode == nil {
          summary.firstCode = String(decoding: trimmed, as: UTF8.self)
        }
        return
      }
      appendOther(trimmed, record: record, line: line)
    case .affixed(let reader):
      let trimmed = trimmed(field)
      var text = ParsedNumber()
      if let value = reader.parse(trimmed, text: &text) {
        tail.append(value)
        summary.note(text, value)
        return
      }
      appendOther(trimmed, record: record, line: line)
    case .datetime(let reader):
      let trimmed = trimmed(field)
      if let value = time(trimmed, reader) {
        tail.append(value)
        return
      }
      appendOther(trimmed, record: record, line: line)
    case .text:
      if let missing = plan.missing.matchText(field) {
        codes.append(-1)
        missingCounts[missing] += 1
      } else {
        let known = dictionary.categories.count
        codes.append(dictionary.code(of: field))
        if dictionary.categories.count > known, invalidText == nil,
          String(validating: field, as: UTF8.self) == nil
        {
          invalidText = InvalidText(line: line, bytes: Array(field.prefix(60)))
        }
      }
    }
  }

  private mutating func time(
    _ field: UnsafeBufferPointer<UInt8>, _ reader: TimeReader
  ) -> Double? {
    let pattern = reader.pattern
    if let alternative = reader.alternative, alternative.parse(field) == nil,
      pattern.parse(field) != nil
    {
      unambiguousTimes += 1
    }
    if pattern.fractionDigits > 6, field.count > 6, Self.hasNanoseconds(field) {
      truncatedTimes += 1
    }
    guard pattern.hasZone else { return pattern.parse(field) }
    var range: Range<Int>?
    guard let value = pattern.parse(field, zone: &range) else { return nil }
    guard let range else { return value }
    let text = UnsafeBufferPointer(rebasing: field[range])
    zones.note(day: Int((value / 86_400).rounded(.down)), text: text)
    guard reader.isUniversal else { return value }
    guard let offset = TimeZoneText.seconds(String(decoding: text, as: UTF8.self)) else {
      return nil
    }
    return value - Double(offset)
  }

  /// Whether any digit of a fraction after the sixth is not 0.
  private static func hasNanoseconds(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let point = field.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let digits = field[(point + 1)...].prefix { (0x30...0x39).contains($0) }
    return digits.dropFirst(6).contains { $0 != 0x30 }
  }

  private mutating func appendOther(
    _ field: UnsafeBufferPointer<UInt8>, record: Int, line: Int
  ) {
    tail.append(.nan)
    if let missing = plan.missing.match(field) {
      missingCounts[missing] += 1
    } else {
      mismatches.note(field, record: record, line: line)
    }
  }

  /// The field without surrounding spaces; the leading ones are counted.
  @inline(__always)
  private mutating func trimmed(
    _ field: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    let trimmed = Self.trim(field)
    guard let start = field.baseAddress, let first = trimmed.baseAddress else { return trimmed }
    if !field.isEmpty {
      padding.note(leading: first - start, trimmed: trimmed.count, length: field.count)
    }
    return trimmed
  }

  /// The field without surrounding spaces.
  static func trim(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var (start, end) = (0, field.count)
    while start < end && field[start] == 0x20 { start += 1 }
    while end > start && field[end - 1] == 0x20 { end -= 1 }
    return UnsafeBufferPointer(rebasing: field[start..<end])
  }

  /// Packs the piece's numbers as compactly as possible.
  mutating func finish() {
    numbers.append(contentsOf: Numbers(packing: tail))
    tail = []
    zones.flush()
  }

  /// Appends the values of another, finished piece.
  mutating func add(_ other: ColumnBuilder) {
    numbers.append(contentsOf: other.numbers)
    if !other.codes.isEmpty {
      let map = other.dictionary.categories.map { category in
        category.withUnsafeBufferPointer { dictionary.code(of: $0) }
      }
      codes.reserveCapacity(codes.count + other.codes.count)
      for code in other.codes { codes.append(code < 0 ? -1 : map[Int(code)]) }
    }
    summary.add(other.summary)
    mismatches.add(other.mismatches)
    zones.add(other.zones)
    unambiguousTimes += other.unambiguousTimes
    truncatedTimes += other.truncatedTimes
    invalidText = invalidText ?? other.invalidText
    padding.add(other.padding)
    for i in missingCounts.indices { missingCounts[i] += other.missingCounts[i] }
  }
}
