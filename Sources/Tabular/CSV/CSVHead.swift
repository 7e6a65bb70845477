// SPDX-License-Identifier: Apache-2.0

/// What the first bytes of a CSV file show about the rest.
struct CSVHead {
  /// The detected dialect.
  let dialect: CSVDialect
  let header: CSVHeader
  /// Number of empty fields at the end of each record that belong to no column.
  let extraFields: Int
  /// Bytes and lines before the first row.
  let bytes: Int
  let lines: Int
  /// Lines above the header that were skipped.
  let skippedLines: Int

  /// Limit on the length of the header and of a record, in bytes.
  static let maxBytes = 1 << 26

  /// Reads the header.
  ///
  /// - Parameters:
  ///   - start: the file's first bytes: the first record and a sample of the following ones.
  ///   - isWholeFile: whether `start` is the entire file.
  ///   - encoding: the file's encoding before conversion to UTF-8.
  init(
    _ start: [UInt8], isWholeFile: Bool, path: String, options: CSVOptions,
    encoding: TextEncoding, hasByteOrderMark: Bool
  ) throws(TabularError) {
    try Self.rejectForeignFormats(start, path: path)
    var known = CSVDialect(encoding: encoding, hasByteOrderMark: hasByteOrderMark)
    known.hasBackslashEscapes = options.hasBackslashEscapes
    known.hasHeader = options.hasHeader
    var offset = Self.endOfLines(options.skippedLines ?? 0, in: start[...])
    var delimiter = options.delimiter
    // Excel's "sep=" line above the header.
    if let (byte, length) = Self.separatorLine(start[offset...]) {
      delimiter = delimiter ?? byte
      offset += length
    }
    offset = start[offset...].firstIndex { $0 != 0x0A && $0 != 0x0D } ?? start.count
    if start[offset...].allSatisfy({ $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }) {
      throw Self.empty("is empty", path: path)
    }
    let first = Self.endOfFirstRecord(start[offset...])
    known.lineEnd = Self.lineEnd(start[..<first])
    let layout = DialectSearch(
      start[offset...], isWholeFile: isWholeFile, firstRecord: first - offset
    ).layout(delimiter: delimiter, known: known)
    var found = layout.dialect
    found.quoting = layout.quoting

    let begin =
      options.skippedLines != nil
      ? 0
      : layout.start(hasHeader: known.hasHeader) { line in
        let at = Self.endOfLines(line, in: start[offset...])
        return at < start.count && start[at] == UInt8(ascii: "#")
      }
    var skipped = 0
    if begin > 0 {
      skipped = layout.records[begin].line
      offset = Self.endOfLines(skipped, in: start[offset...])
    }
    let linesAbove = Self.lines(start[..<offset])
    let end = Self.endOfFirstRecord(start[offset...])
    let fields = try Self.fields(start[offset..<end], found, path: path, line: linesAbove + 1)
    guard known.hasHeader else {
      dialect = found
      let width = max(layout.width, 1)
      header = CSVHeader(unnamed: width)
      extraFields = 0
      (bytes, lines, skippedLines) = (offset, linesAbove, skipped)
      return
    }
    var texts: [String] = []
    for field in fields {
      texts.append(try CSVText.decode(field, path: path, line: linesAbove + 1))
    }
    // A delimiter at the end of every line, including the header, does not make a column.
    var extra = 0
    let filled = layout.records.dropFirst(begin + 1).map(\.filled).max() ?? 0
    while texts.count - extra > max(filled, 1), texts[texts.count - extra - 1].isEmpty {
      extra += 1
    }
    texts.removeLast(extra)
    dialect = found
    header = try CSVHeader(
      texts, renames: options.renamesColumns, path: path, line: linesAbove + 1)
    extraFields = extra
    bytes = end
    lines = linesAbove + max(Self.lines(start[offset..<end]), 1)
    skippedLines = skipped
  }

  static func empty(_ problem: String, path: String) -> TabularError {
    .malformed(
      path: path, line: nil, problem: "the file \(problem)",
      hint: "a table needs a header line and at least one row")
  }

  private static func fields(
    _ record: ArraySlice<UInt8>, _ dialect: CSVDialect, path: String, line: Int
  ) throws(TabularError) -> [[UInt8]] {
    var fields: [[UInt8]] = []
    var problem: RecordParser.Problem?
    record.withUnsafeBufferPointer { buffer in
      do throws(RecordParser.Problem) {
        try RecordParser(dialect).parse(buffer) { _, record in
          if fields.isEmpty { fields = record.map(Array.init) }
        }
      } catch { problem = error }
    }
    guard problem == nil || !dialect.hasHeader else {
      throw .malformed(
        path: path, line: line, problem: "a quote in the header is never closed",
        hint: "double the quotes inside a quoted field")
    }
    return fields
  }

  private static func rejectForeignFormats(
    _ bytes: [UInt8], path: String
  ) throws(TabularError) {
    let hints: [([UInt8], String)] = [
      ([0x50, 0x41, 0x52, 0x31], "it is a Parquet file: give it a name that ends in .parquet"),
      ([0x50, 0x4b, 0x03, 0x04], "it is a zip archive or a spreadsheet: unpack it, or export CSV"),
      ([0x42, 0x5a, 0x68], "it is compressed with bzip2: decompress it first"),
    ]
    for (magic, hint) in hints where bytes.starts(with: magic) {
      throw .malformed(path: path, line: nil, problem: "this is not CSV text", hint: hint)
    }
    // A NUL byte further down is reported with its line.
    if bytes.prefix(1024).contains(0) {
      throw .malformed(
        path: path, line: nil, problem: "this is not CSV text: it has NUL bytes",
        hint: "it looks like a binary file")
    }
  }

  /// The delimiter of a line such as "sep=;", and the line's length.
  private static func separatorLine(_ bytes: ArraySlice<UInt8>) -> (UInt8, Int)? {
    let line = Array(bytes.prefix(7))
    guard line.count >= 6, String(decoding: line[..<4], as: UTF8.self).lowercased() == "sep=",
      CSVDialect.isDelimiter(line[4]), line[5] == 0x0A || line[5] == 0x0D
    else { return nil }
    return (line[4], line.count > 6 && line[5] == 0x0D && line[6] == 0x0A ? 7 : 6)
  }

  // MARK: Lines

  private static func lineEnd(_ record: ArraySlice<UInt8>) -> CSVDialect.LineEnd {
    guard let last = record.last else { return .lf }
    if last == 0x0D { return .cr }
    return record.dropLast().last == 0x0D ? .crlf : .lf
  }

  private static func lines(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer(LineEnds.count(in:))
  }

  /// The index after `count` lines, or the end.
  private static func endOfLines(_ count: Int, in bytes: ArraySlice<UInt8>) -> Int {
    guard count > 0 else { return bytes.startIndex }
    let length = bytes.withUnsafeBufferPointer { buffer in
      var lines = 0
      for i in buffer.indices where LineEnds.endsLine(buffer, i) {
        lines += 1
        if lines == count { return i + 1 }
      }
      return buffer.count
    }
    return bytes.startIndex + length
  }

  /// The index after the first record and its line end, or the end if the record is incomplete.
  static func endOfFirstRecord(_ bytes: ArraySlice<UInt8>) -> Int {
    let length = bytes.withUnsafeBufferPointer { buffer in
      var inside = false
      // A quote opens a name only at its start, for any candidate delimiter.
      var isAtStart = true
      for i in buffer.indices {
        let byte = buffer[i]
        if byte == 0x22 {
          inside = !inside && isAtStart
          // A quote directly after a closing quote belongs to the name.
          isAtStart = true
        } else if inside {
          continue
        } else if byte == 0x0A {
          return i + 1
        } else if byte == 0x0D {
          return i + 1 < buffer.count && buffer[i + 1] == 0x0A ? i + 2 : i + 1
        } else {
          isAtStart = [0x2C, 0x3B, 0x09, 0x7C].contains(byte) || isAtStart && byte == 0x20
        }
      }
      return buffer.count
    }
    return bytes.startIndex + length
  }
}
