import Foundation
import WorkSharing

/// Writes a table as CSV, chunk after chunk, in its schema's formats.
///
/// The file appears under its name only with ``finish()`` (see ``AtomicFile``); it is gzip where the
/// name ends in ".gz", and goes to standard output where it is "-".
public final class CSVWriter {
  private let file: AtomicFile
  private let schema: Schema
  private let deflater: GzipDeflater?
  private let threads: Int
  private var writtenRows = 0

  /// Opens the file and writes a header that is CSV text already, with its line end; records of the
  /// same kind follow (``write(records:)``).
  public init(path: String, header: UnsafeRawBufferPointer) throws(TabularError) {
    file = try AtomicFile(path: path)
    schema = Schema(columns: [])
    threads = 1
    deflater = path.hasSuffix(".gz") ? GzipDeflater() : nil
    try write(records: header)
  }

  /// Opens the file and writes the header.
  public init(path: String, schema: Schema, threads: Int? = nil) throws(TabularError) {
    file = try AtomicFile(path: path)
    self.schema = schema
    self.threads = max(1, threads ?? usableProcessors())
    deflater = path.hasSuffix(".gz") ? GzipDeflater() : nil
    var header: [UInt8] = []
    for (i, column) in schema.columns.enumerated() {
      if i > 0 { header.append(0x2c) }
      Self.appendText(column.name, to: &header)
    }
    header.append(0x0a)
    try emit(header)
  }

  /// Appends the rows of a table that has the schema's columns. O(rows x columns).
  ///
  /// - Throws: ``TabularError`` where a column is missing or the file cannot be written.
  public func write(_ table: Table) throws(TabularError) {
    var writers: [ColumnWriter] = []
    for column in schema.columns {
      guard let values = table[column.name] else {
        throw .invalidTable("there is no column '\(column.name)' to write")
      }
      if let row = values.numbers?.firstIndex(where: \.isInfinite) {
        throw .invalidTable("column '\(column.name)' holds an infinity in row \(row + 1)")
      }
      writers.append(ColumnWriter(values, schema: column))
    }
    let (fields, rows, before) = (writers, table.rowCount, writtenRows)
    writtenRows += rows
    let pieces = (rows + Self.rowsOfPiece - 1) / Self.rowsOfPiece
    // As many pieces at a time as there are threads: the text of a large table is never held whole.
    for first in stride(from: 0, to: pieces, by: threads) {
      let count = min(threads, pieces - first)
      let texts = parallelMap(count, threads: threads) { i in
        let start = (first + i) * Self.rowsOfPiece
        return Self.text(
          of: fields, rows: start..<min(start + Self.rowsOfPiece, rows), behind: before)
      }
      for text in texts { try emit(text) }
    }
  }

  private static let rowsOfPiece = 16_384

  private static func text(
    of fields: [ColumnWriter], rows: Range<Int>, behind before: Int
  ) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(rows.count * fields.count * 10)
    for row in rows {
      for (c, writer) in fields.enumerated() {
        if c > 0 { output.append(0x2c) }
        writer.write(row, number: before + row, to: &output)
      }
      // A lone empty field would read as an empty line.
      if fields.count == 1 && (output.isEmpty || output.last == 0x0a) {
        output.append(contentsOf: [0x22, 0x22])
      }
      output.append(0x0a)
    }
    return output
  }

  /// Appends records that are CSV text already, each with its line feed.
  public func write(records: UnsafeRawBufferPointer) throws(TabularError) {
    guard let deflater else { return try file.write(records) }
    try write(deflater.deflate(records, finish: false))
  }

  /// Puts the file in its place.
  public func finish() throws(TabularError) {
    if let deflater {
      let rest = deflater.deflate(UnsafeRawBufferPointer(start: nil, count: 0), finish: true)
      try write(rest)
    }
    try file.commit()
  }

  private func emit(_ text: [UInt8]) throws(TabularError) {
    guard let deflater else { return try write(text) }
    try write(text.withUnsafeBytes { deflater.deflate($0, finish: false) })
  }

  private func write(_ bytes: [UInt8]) throws(TabularError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(TabularError) in try file.write(buffer) }
    }
    try result.get()
  }

  /// Appends a text, quoted where a reader would else misread it.
  static func appendText(_ text: String, to output: inout [UInt8]) {
    let needsQuotes = text.utf8.contains {
      $0 == 0x2c || $0 == 0x22 || $0 == 0x0a || $0 == 0x0d
    }
    guard needsQuotes else { return output.append(contentsOf: text.utf8) }
    output.append(0x22)
    for byte in text.utf8 {
      if byte == 0x22 { output.append(0x22) }
      output.append(byte)
    }
    output.append(0x22)
  }
}

/// Writes the fields of one column.
private struct ColumnWriter: Sendable {
  private enum Source: Sendable {
    case number(Numbers, NumberWriter)
    case datetime(Numbers, DatetimePattern)
    case text([Int32], [[UInt8]])
  }
  private let source: Source
  private let missing: MissingWriter
  private let blanks: [UInt8]

  init(_ column: Column, schema: ColumnSchema) {
    missing = MissingWriter(schema)
    blanks = [UInt8](repeating: 0x20, count: schema.leadingBlanks)
    switch column.values {
    case .number(let values):
      let format = schema.numberFormat ?? NumberFormat(style: .shortest, decimals: 15)
      source = .number(values, NumberWriter(format))
    case .datetime(let values):
      let format = schema.datetimeFormat ?? DatetimeFormat(pattern: "yyyy-MM-dd HH:mm:ss")
      source = .datetime(
        values,
        DatetimePattern(format) ?? DatetimePattern(
          DatetimeFormat(pattern: "yyyy-MM-dd HH:mm:ss"))!)
    case .text(let codes, let levels):
      source = .text(
        codes,
        levels.map { level in
          var field: [UInt8] = []
          CSVWriter.appendText(level, to: &field)
          return field
        })
    }
  }

  /// Appends the field of a row.
  ///
  /// - Parameter number: the row's number in the file, which chooses among ways to write a missing value.
  @inline(__always)
  func write(_ row: Int, number: Int, to output: inout [UInt8]) {
    switch source {
    case .number(let values, let writer):
      let value = values[row]
      output.append(contentsOf: blanks)
      if value.isNaN {
        missing.write(number, to: &output)
      } else if writer.mayNeedQuotes {
        var field: [UInt8] = []
        writer.write(value, to: &field)
        CSVWriter.appendText(String(decoding: field, as: UTF8.self), to: &output)
      } else {
        writer.write(value, to: &output)
      }
    case .datetime(let values, let pattern):
      let value = values[row]
      output.append(contentsOf: blanks)
      if value.isNaN {
        missing.write(number, to: &output)
      } else if pattern.mayNeedQuotes {
        var field: [UInt8] = []
        pattern.write(value, to: &field)
        CSVWriter.appendText(String(decoding: field, as: UTF8.self), to: &output)
      } else {
        pattern.write(value, to: &output)
      }
    case .text(let codes, let levels):
      let code = codes[row]
      if code < 0 {
        missing.write(number, to: &output)
      } else {
        output.append(contentsOf: levels[Int(code)])
      }
    }
  }
}
