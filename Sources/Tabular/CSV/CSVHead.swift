import Foundation

/// What the first bytes of a CSV file say of the rest.
struct CSVHead {
  let delimiter: UInt8
  /// The columns' names.
  let names: [String]
  /// Bytes and lines down to the end of the header.
  let bytes: Int
  let lines: Int

  /// Reads the header.
  ///
  /// - Parameter start: the file's first bytes, with its first record and some more as a sample.
  init(_ start: [UInt8], path: String, options: CSVOptions) throws(TabularError) {
    var bytes = start
    try Self.rejectForeignFormats(bytes, path: path)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
    let blank = bytes.firstIndex { $0 != 0x0a && $0 != 0x0d } ?? 0
    let blankLines = bytes[..<blank].withUnsafeBufferPointer(RecordParser.lineCount)
    bytes.removeFirst(blank)
    if bytes.allSatisfy({ $0 == 0x0a || $0 == 0x0d || $0 == 0x20 }) {
      throw Self.empty("is empty", path: path)
    }
    delimiter = options.delimiter ?? Self.findDelimiter(bytes)
    let parser = RecordParser(delimiter: delimiter)
    let end = Self.endOfFirstRecord(bytes)
    var fields: [[UInt8]] = []
    do {
      try bytes.withUnsafeBufferPointer { buffer throws(RecordParser.Problem) in
        try parser.parse(UnsafeBufferPointer(rebasing: buffer[..<end])) { _, record in
          if fields.isEmpty { fields = record.map(Array.init) }
        }
      }
    } catch {
      throw .malformed(
        path: path, line: 1, problem: "a quote in the header is never closed",
        hint: "double the quotes inside a quoted field")
    }
    names = try fields.map { (name) throws(TabularError) in
      try CSVText.decode(name, encoding: options.encoding, path: path, line: 1)
        .trimmingCharacters(in: .whitespaces)
    }
    try Self.check(names, path: path)
    let headerLines = bytes[..<end].withUnsafeBufferPointer(RecordParser.lineCount)
    self.bytes = start.count - bytes.count + end
    lines = blankLines + max(headerLines, 1)
  }

  /// The byte between fields, by a file's first bytes.
  static func delimiter(of start: [UInt8], path: String) throws(TabularError) -> UInt8 {
    try rejectForeignFormats(start, path: path)
    return findDelimiter(start)
  }

  static func empty(_ problem: String, path: String) -> TabularError {
    .malformed(
      path: path, line: nil, problem: "the file \(problem)",
      hint: "a table needs a header line and at least one row")
  }

  private static func check(_ names: [String], path: String) throws(TabularError) {
    for (index, name) in names.enumerated() {
      if name.isEmpty {
        throw .malformed(
          path: path, line: 1, problem: "column \(index + 1) has no name",
          hint: "the first line must name every column; pandas leaves out the index with "
            + "to_csv(index=False)")
      }
      if names[..<index].contains(name) {
        throw .malformed(
          path: path, line: 1, problem: "two columns are named '\(name)'",
          hint: "every column needs a name of its own")
      }
    }
  }

  private static func rejectForeignFormats(_ bytes: [UInt8], path: String) throws(TabularError) {
    let hints: [([UInt8], String)] = [
      ([0x50, 0x41, 0x52, 0x31], "it is a Parquet file: convert it to CSV first"),
      ([0x50, 0x4b, 0x03, 0x04], "it is a zip archive or a spreadsheet: unpack it, or export CSV"),
      ([0xff, 0xfe], "it is UTF-16: convert it to UTF-8"),
      ([0xfe, 0xff], "it is UTF-16: convert it to UTF-8"),
      ([0x28, 0xb5, 0x2f, 0xfd], "it is compressed with zstd: decompress it first"),
      ([0x42, 0x5a, 0x68], "it is compressed with bzip2: decompress it first"),
    ]
    for (magic, hint) in hints where bytes.starts(with: magic) {
      throw .malformed(path: path, line: nil, problem: "this is no CSV text", hint: hint)
    }
    // One further down is told with its line.
    if bytes.prefix(1024).contains(0) {
      throw .malformed(
        path: path, line: nil, problem: "this is no CSV text: it has NUL bytes",
        hint: "it looks like a binary file")
    }
  }

  private static func findDelimiter(_ bytes: [UInt8]) -> UInt8 {
    let head = bytes[..<endOfFirstRecord(bytes)]
    var counts: [UInt8: Int] = [:]
    var inside = false
    for byte in head {
      if byte == 0x22 { inside.toggle() } else if !inside { counts[byte, default: 0] += 1 }
    }
    // The most frequent of them; comma wins a tie.
    return [0x3b, 0x09, 0x7c].reduce(0x2c) { (counts[$1] ?? 0) > (counts[$0] ?? 0) ? $1 : $0 }
  }

  /// The bytes of the first record with its line end, or all where it does not end.
  static func endOfFirstRecord(_ bytes: [UInt8]) -> Int {
    var inside = false
    for (i, byte) in bytes.enumerated() {
      if byte == 0x22 {
        // A quote opens a name only at its beginning.
        let previous = i > 0 ? bytes[i - 1] : 0x2c
        inside = !inside && [0x2c, 0x3b, 0x09, 0x7c, 0x22, 0x0a, 0x0d].contains(previous)
      }
      if !inside && byte == 0x0a { return i + 1 }
      if !inside && byte == 0x0d {
        return i + 1 < bytes.count && bytes[i + 1] == 0x0a ? i + 2 : i + 1
      }
    }
    return bytes.count
  }
}
