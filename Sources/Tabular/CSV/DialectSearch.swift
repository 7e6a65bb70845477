// SPDX-License-Identifier: Apache-2.0

/// Detects a file's dialect from its first records.
///
/// The best delimiter splits the records into the same number of fields, more than one. Commas in
/// the header's names and decimal commas are therefore not misleading. If RFC 4180 does not explain
/// the sample, spaces before quotes and backslash escapes are tried.
struct DialectSearch {
  /// A record of the sample.
  struct Record {
    /// The record's line, 0-based.
    var line: Int
    var fields: Int
    /// Number of fields up to the last non-empty one.
    var filled: Int
    /// Bit mask of the first 64 fields that are numbers.
    var numbers: UInt64
  }

  /// A candidate dialect and the records it produces from the sample.
  struct Layout {
    var dialect: CSVDialect
    var records: [Record] = []
    /// Whether the entire sample could be read.
    var isWhole = true
    /// Fields that begin with exactly one space, and those that do not. The first field of a record
    /// and empty fields are not counted.
    var blankFields = 0
    var otherFields = 0
    /// Fields that begin with spaces and a quote.
    var blankQuotes = 0
    /// Quoted fields, and those of them in the header.
    var quotedFields = 0
    var quotedNames = 0
    /// Whether some unquoted field is neither a number nor a missing value, and whether some number
    /// is quoted.
    var hasBareTexts = false
    var hasQuotedNumbers = false
    var fieldCount = 0

    /// The most frequent number of fields.
    private(set) var width = 0
    /// The share of the records with ``width`` fields.
    private(set) var share = 0.0

    fileprivate mutating func discretize() {
      var counts: [Int: Int] = [:]
      for record in records { counts[record.fields, default: 0] += 1 }
      let mostFrequent = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
      width = mostFrequent?.key ?? 0
      share = records.isEmpty ? 0 : Double(mostFrequent?.value ?? 0) / Double(records.count)
    }

    fileprivate var isConsistent: Bool { isWhole && share >= 0.9 }

    /// How well the sample is explained; compared lexicographically.
    fileprivate var merits: [Double] {
      let fitsFirst = records.first.map { $0.fields == width } ?? false
      return [
        width > 1 ? 1 : 0, isWhole ? 1 : 0, share >= 0.9 ? 1 : 0, fitsFirst ? 1 : 0, share,
        Double(width),
      ]
    }
  }

  private let sample: [UInt8]
  private let isWholeFile: Bool
  private static let maxRecords = 1000
  private static let maxBytes = 1 << 20

  /// - Parameters:
  ///   - bytes: the file's first bytes, beginning at the start of a line.
  ///   - isWholeFile: whether `bytes` reaches the end of the file.
  ///   - firstRecord: the length of the first record in bytes; the sample is at least three times
  ///     as long, if the file is.
  init(_ bytes: ArraySlice<UInt8>, isWholeFile: Bool, firstRecord: Int) {
    let maximum = max(Self.maxBytes, 3 * firstRecord)
    if bytes.count <= maximum && isWholeFile {
      sample = Array(bytes)
      self.isWholeFile = true
    } else {
      // An incomplete record gives no information.
      let start = bytes.prefix(maximum)
      let end = start.lastIndex { $0 == 0x0A } ?? start.lastIndex { $0 == 0x0D }
      sample = Array(end.map { start[...$0] } ?? start)
      self.isWholeFile = false
    }
  }

  /// The best layout, which completes the dialect `known`.
  ///
  /// - Parameter delimiter: the delimiter to use; nil to detect it.
  func layout(delimiter: UInt8?, known: CSVDialect) -> Layout {
    var plain = best(delimiter, known)
    if plain.width < 2 && delimiter == nil {
      // One column, or hardly a table: the header may still show the delimiter.
      plain = layout(by: with(known, delimiter: delimiterOfNames))
    }
    if known.hasBackslashEscapes { return plain }
    if plain.blankFields > 0 && plain.otherFields == 0 {
      return relaid(plain) { $0.spaces = .delimiting } ?? plain
    }
    if plain.blankQuotes > 0 {
      if let layout = relaid(plain, { $0.spaces = .dropped }) { return layout }
      var dialect = known
      dialect.spaces = .dropped
      let other = best(delimiter, dialect)
      if other.isConsistent && other.width > 1 { return other }
    }
    if !plain.isConsistent && hasBackslashQuotes {
      var dialect = known
      dialect.hasBackslashEscapes = true
      let escaped = best(delimiter, dialect)
      if escaped.isConsistent && escaped.share >= plain.share { return escaped }
    }
    return plain
  }

  /// The layout with a changed dialect but the same delimiter; nil if it does not fit the sample
  /// well.
  private func relaid(_ layout: Layout, _ change: (inout CSVDialect) -> Void) -> Layout? {
    var dialect = layout.dialect
    change(&dialect)
    let other = self.layout(by: dialect)
    return other.isConsistent && other.width > 1 ? other : nil
  }

  private func best(_ delimiter: UInt8?, _ known: CSVDialect) -> Layout {
    if let delimiter { return layout(by: with(known, delimiter: delimiter)) }
    // A perfect tie does not go to the comma, which is most likely to occur in names and values.
    let layouts = [0x3B, 0x09, 0x7C, 0x2C].map { layout(by: with(known, delimiter: $0)) }
    return layouts.dropFirst().reduce(layouts[0]) { best, next in
      best.merits.lexicographicallyPrecedes(next.merits) ? next : best
    }
  }

  private func with(_ known: CSVDialect, delimiter: UInt8) -> CSVDialect {
    var dialect = known
    dialect.delimiter = delimiter
    return dialect
  }

  private var hasBackslashQuotes: Bool {
    zip(sample, sample.dropFirst()).contains { $0 == (0x5C, 0x22) }
  }

  /// The candidate that is most frequent in the first line; ties go to the comma.
  private var delimiterOfNames: UInt8 {
    var counts: [UInt8: Int] = [:]
    var inside = false
    for byte in sample {
      if !inside && (byte == 0x0A || byte == 0x0D) { break }
      if byte == 0x22 { inside.toggle() } else if !inside { counts[byte, default: 0] += 1 }
    }
    return [0x3B, 0x09, 0x7C].reduce(0x2C) { (counts[$1] ?? 0) > (counts[$0] ?? 0) ? $1 : $0 }
  }

  private func layout(by dialect: CSVDialect) -> Layout {
    var layout = Layout(dialect: dialect)
    sample.withUnsafeBufferPointer { bytes in
      do throws(RecordParser.Problem) {
        try RecordParser(dialect).parse(bytes) { line, fields in
          guard layout.records.count < Self.maxRecords else { return }
          layout.note(fields, line: line, in: bytes)
        }
      } catch {
        // A quote left open by the end of the sample is not an error.
        if case .unclosedQuote = error, !isWholeFile { return }
        layout.isWhole = false
      }
    }
    layout.discretize()
    return layout
  }
}

extension DialectSearch.Layout {
  fileprivate mutating func note(
    _ fields: [UnsafeBufferPointer<UInt8>], line: Int, in sample: UnsafeBufferPointer<UInt8>
  ) {
    var numbers: UInt64 = 0
    let isHeader = records.isEmpty && dialect.hasHeader
    for (c, field) in fields.enumerated() {
      let isNumber = Self.isNumber(field)
      if isNumber && c < 64 { numbers |= 1 << c }
      let isQuoted = Self.isQuoted(field, in: sample)
      if isQuoted {
        quotedFields += 1
        if isHeader { quotedNames += 1 } else if isNumber { hasQuotedNumbers = true }
      } else if !isHeader && !isNumber && !Self.isMissing(field) {
        hasBareTexts = true
      }
      if c > 0 && !field.isEmpty {
        let isBlank = !isQuoted && field[0] == 0x20 && (field.count == 1 || field[1] != 0x20)
        if isBlank { blankFields += 1 } else { otherFields += 1 }
        if !isQuoted && field[0] == 0x20 && field.first(where: { $0 != 0x20 }) == 0x22 {
          blankQuotes += 1
        }
      }
    }
    fieldCount += fields.count
    let filled = fields.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0
    records.append(
      DialectSearch.Record(line: line, fields: fields.count, filled: filled, numbers: numbers))
  }

  /// Whether a field is quoted: preceded by a quote, or rewritten because it contained quotes.
  private static func isQuoted(
    _ field: UnsafeBufferPointer<UInt8>, in sample: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard let start = field.baseAddress, let base = sample.baseAddress else { return false }
    let offset = start - base
    guard offset >= 0, offset <= sample.count else { return true }
    return offset > 0 && start[-1] == 0x22
  }

  private static func isNumber(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    var digits = 0
    var previous: UInt8 = 0x20
    for byte in field {
      defer { previous = byte }
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x20, 0x2C, 0x2E, 0x45, 0x65: break
      case 0x2B, 0x2D:
        // A sign is allowed at the start or after an "e".
        if previous != 0x20 && previous | 0x20 != 0x65 { return false }
      default: return false
      }
    }
    return digits > 0
  }

  private static func isMissing(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    field.isEmpty || field.elementsEqual("NA".utf8) || field.elementsEqual("NULL".utf8)
      || field.elementsEqual("\\N".utf8)
  }

  /// The quoting rule of the sample.
  var quoting: CSVDialect.Quoting {
    guard isWhole, records.count > 1, quotedFields > 0 else { return .minimal }
    if quotedFields == fieldCount { return .all }
    let hasQuotedValues = quotedFields > quotedNames
    let areNamesQuoted = !dialect.hasHeader || quotedNames == records[0].fields
    return areNamesQuoted && hasQuotedValues && !hasBareTexts && !hasQuotedNumbers
      ? .texts : .minimal
  }

  /// The index of the table's first record: the first with the table's number of fields if the
  /// lines above cannot be part of it; otherwise 0.
  ///
  /// Lines above a table have few fields, or begin with a "#".
  ///
  /// - Parameter isRemark: whether the given line begins with a "#".
  func start(hasHeader: Bool, isRemark: (_ line: Int) -> Bool) -> Int {
    guard width > 1 else { return 0 }
    let remarks = records.prefix { isRemark($0.line) }.count
    if remarks > 0, isTable(from: remarks, hasHeader: hasHeader, isSure: true) { return remarks }
    guard let first = records.firstIndex(where: { $0.fields == width }), first > 0,
      isTable(from: first, hasHeader: hasHeader, isSure: width < 3)
    else { return 0 }
    // A header may have fewer fields than the lines below if the extra fields are empty.
    let filled = records[first...].map(\.filled).max() ?? 0
    let isAbove = records[..<first].allSatisfy {
      $0.fields <= max(1, filled / 2) || isRemark($0.line)
    }
    return isAbove ? first : 0
  }

  /// Whether nearly all records from `first` on have the same number of fields and the first of
  /// them can be a header: not numbers only and, if `isSure` is required, not a number in some
  /// column where all other records have one.
  private func isTable(from first: Int, hasHeader: Bool, isSure: Bool) -> Bool {
    let table = records[first...].filter { $0.fields == width }
    guard table.count > 1, records[first].fields == width,
      table.count * 10 >= (records.count - first) * 9
    else { return false }
    guard hasHeader else { return true }
    let names = table[0].numbers
    let values = table.dropFirst().reduce(UInt64.max) { $0 & $1.numbers }
    return names.nonzeroBitCount < min(width, 64) && (!isSure || values & ~names != 0)
  }
}
