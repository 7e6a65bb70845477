// SPDX-License-Identifier: Apache-2.0

/// Visits the records of a CSV file as raw bytes, without decoding or rewriting fields.
///
/// Records are defined as in ``CSVReader``: quoted fields may contain line ends, and empty lines
/// are skipped. Memory use depends only on the longest record, not on the size of the file.
public enum RecordScanner {
  /// The bytes of a record, including its line end.
  public typealias Record = UnsafeRawBufferPointer

  /// Calls `visit` with each record and its number: 0 is the header (with a byte order mark and any
  /// lines above it), 1 the first row. UTF-16 is converted to UTF-8.
  ///
  /// O(bytes).
  ///
  /// - Throws: ``TabularError`` if the file cannot be read or is not CSV, and whatever `visit`
  ///   throws. Each record is valid during its call only.
  public static func scan(
    path: String, visit: (_ number: Int, _ record: Record) throws -> Void
  ) throws {
    let source = BlockReader(try TableInput(path: path), encoding: nil)
    var bytes: [UInt8] = []
    var cutter: RecordCutter?
    var number = 0
    while true {
      let block = try source.next()
      let isLast = block.isEmpty
      bytes += block
      if cutter == nil {
        // Enough to see the whole header and detect the delimiter.
        if !isLast && bytes.count < 1 << 16 { continue }
        let head = try CSVHead(
          bytes, isWholeFile: isLast, path: path, options: CSVOptions(), encoding: source.encoding,
          hasByteOrderMark: source.hasByteOrderMark)
        cutter = RecordCutter(
          delimiter: head.dialect.delimiter,
          line: bytes[..<head.bytes].count { $0 == 0x0a } + 1)
        let mark = source.hasByteOrderMark ? TextEncoding.utf8.mark : []
        try (mark + bytes[..<head.bytes]).withUnsafeBytes { try visit(0, $0) }
        bytes.removeFirst(head.bytes)
        number = 1
      }
      let used = try bytes.withUnsafeBufferPointer { buffer in
        var start = 0
        while let end = try cutter?.end(in: buffer, from: start, isLast: isLast, path: path) {
          let record = UnsafeBufferPointer(rebasing: buffer[start..<end])
          if !record.allSatisfy({ $0 == 0x0a || $0 == 0x0d }) {
            try visit(number, Record(record))
            number += 1
          }
          start = end
        }
        return start
      }
      bytes.removeFirst(used)
      if isLast { return }
    }
  }
}

/// Finds the ends of records incrementally, independently of block boundaries.
private struct RecordCutter {
  private enum State {
    case fieldStart, plain, quoted
    /// After a quote in a quoted field: its end, or the first of two quotes.
    case closed
    /// After a carriage return, which ends a record unless a line feed follows.
    case carriageReturn
  }
  private let delimiter: UInt8
  private var state = State.fieldStart
  /// Bytes of the current record that were scanned already.
  private var seen = 0
  private var line: Int
  private var recordLine: Int

  /// - Parameter line: the number of the first record's line.
  init(delimiter: UInt8, line: Int) {
    self.delimiter = delimiter
    self.line = line
    recordLine = line
  }

  /// The end of the record that begins at `start`, or nil if more bytes are needed.
  mutating func end(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int, isLast: Bool, path: String
  ) throws(TabularError) -> Int? {
    var at = start + seen
    while at < bytes.count {
      let byte = bytes[at]
      if state == .carriageReturn { return finish(byte == 0x0a ? at + 1 : at) }
      at += 1
      if byte == 0x0a { line += 1 }
      switch (state, byte) {
      case (.quoted, 0x22): state = .closed
      case (.quoted, _): break
      case (.fieldStart, 0x22), (.closed, 0x22): state = .quoted
      case (_, 0x0a): return finish(at)
      case (_, 0x0d): state = .carriageReturn
      case (_, delimiter): state = .fieldStart
      case (.closed, _): throw notClosed(path)
      default: state = .plain
      }
    }
    if isLast {
      if state == .quoted { throw notClosed(path) }
      return at > start ? finish(at) : nil
    }
    seen = at - start
    return nil
  }

  private mutating func finish(_ end: Int) -> Int {
    state = .fieldStart
    seen = 0
    recordLine = line
    return end
  }

  private func notClosed(_ path: String) -> TabularError {
    .malformed(
      path: path, line: recordLine,
      problem: "a quoted field that begins here is not closed properly",
      hint: "double the quotes inside a quoted field")
  }
}
