// SPDX-License-Identifier: Apache-2.0

import AtomicFiles
import Foundation
import WorkSharing

/// Writes a table as CSV, chunk by chunk, in its schema's formats and dialect.
///
/// The file appears under its name only with ``finish()`` (see ``AtomicFile``); it is compressed
/// with gzip if the name ends in ".gz", and goes to standard output if the name is "-".
public final class CSVWriter: TableSink {
  /// The dialect of the file.
  public let dialect: CSVDialect
  private let file: AtomicFile
  private let schema: Schema
  private let transcoder: Transcoder?
  private let deflater: GzipDeflater?
  private let threads: Int
  private var writtenRows = 0

  /// Opens the file and writes a header that is already CSV text, with its line end; use
  /// ``write(records:)`` for the records.
  public init(path: String, header: UnsafeRawBufferPointer) throws(TabularError) {
    file = try Self.mappingErrors { () throws(FileError) in try AtomicFile(path: path) }
    schema = Schema(columns: [])
    dialect = CSVDialect()
    transcoder = nil
    threads = 1
    deflater = path.hasSuffix(".gz") ? GzipDeflater() : nil
    try write(records: header)
  }

  private func store(_ bytes: UnsafeRawBufferPointer) throws(TabularError) {
    try Self.mappingErrors { () throws(FileError) in try file.write(bytes) }
  }

  private static func mappingErrors<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(TabularError) -> Result {
    do { return try body() } catch { throw TabularError(error) }
  }

  /// The file that holds the bytes until the output is complete; see ``AtomicFile``.
  public var temporaryPath: String? { file.temporaryPath }

  /// Opens the file and writes the header, if the dialect has one.
  ///
  /// - Parameter dialect: how to write the file; nil for the schema's own.
  public init(
    path: String, schema: Schema, dialect: CSVDialect? = nil, threads: Int? = nil
  ) throws(TabularError) {
    file = try Self.mappingErrors { () throws(FileError) in try AtomicFile(path: path) }
    self.schema = schema
    let dialect = dialect ?? schema.dialect
    self.dialect = dialect
    self.threads = max(1, threads ?? usableProcessors())
    transcoder =
      dialect.encoding == .utf8
      ? nil : Transcoder(from: TextEncoding.utf8.name, to: dialect.encoding.name)
    deflater = path.hasSuffix(".gz") ? GzipDeflater() : nil
    if dialect.hasByteOrderMark { try compress(dialect.encoding.mark) }
    guard dialect.hasHeader else { return }
    let writer = FieldWriter(dialect)
    var header: [UInt8] = []
    for (i, column) in schema.columns.enumerated() {
      if i > 0 { header.append(contentsOf: writer.separator) }
      writer.append(
        (column.headerText ?? column.name).utf8, quoted: dialect.quoting != .minimal, to: &header)
    }
    header.append(contentsOf: dialect.lineEnd.bytes)
    try emit(header)
  }

  /// Appends the rows of a table that has the schema's columns. O(rows x columns).
  ///
  /// - Throws: ``TabularError`` if a column is missing or the file cannot be written.
  public func write(_ table: Table) throws(TabularError) {
    let writer = FieldWriter(dialect)
    var writers: [ColumnWriter] = []
    for column in schema.columns {
      guard let values = table[column.name] else {
        throw .invalidTable("there is no column '\(column.name)' to write")
      }
      if let row = values.numbers?.firstIndex(where: \.isInfinite) {
        throw .invalidTable("column '\(column.name)' holds an infinity in row \(row + 1)")
      }
      writers.append(ColumnWriter(values, schema: column, writer: writer))
    }
    let (fields, rows, before) = (writers, table.rowCount, writtenRows)
    let (separator, lineEnd) = (writer.separator, dialect.lineEnd.bytes)
    writtenRows += rows
    let pieces = (rows + Self.rowsOfPiece - 1) / Self.rowsOfPiece
    // One piece per thread at a time, so that the text of a large table is never held in full.
    for first in stride(from: 0, to: pieces, by: threads) {
      let count = min(threads, pieces - first)
      let texts = parallelMap(count, threads: threads) { i in
        let start = (first + i) * Self.rowsOfPiece
        return Self.text(
          of: fields, rows: start..<min(start + Self.rowsOfPiece, rows), behind: before,
          separator: separator, lineEnd: lineEnd)
      }
      for text in texts { try emit(text) }
    }
  }

  private static let rowsOfPiece = 16_384

  private static func text(
    of fields: [ColumnWriter], rows: Range<Int>, behind before: Int, separator: [UInt8],
    lineEnd: [UInt8]
  ) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(rows.count * fields.count * 10)
    for row in rows {
      let start = output.count
      for (c, writer) in fields.enumerated() {
        if c > 0 { output.append(contentsOf: separator) }
        writer.write(row, number: before + row, to: &output)
      }
      // A single empty field would be read as an empty line.
      if fields.count == 1 && output.count == start {
        output.append(contentsOf: [0x22, 0x22])
      }
      output.append(contentsOf: lineEnd)
    }
    return output
  }

  /// Appends records that are already text in the writer's dialect, in UTF-8, each with its line
  /// end.
  public func write(records: UnsafeRawBufferPointer) throws(TabularError) {
    guard transcoder == nil else { return try emit(Array(records)) }
    guard let deflater else { return try store(records) }
    try write(deflater.deflate(records, finish: false))
  }

  /// Completes the file and moves it to its path.
  public func finish() throws(TabularError) {
    if let deflater {
      let rest = deflater.deflate(UnsafeRawBufferPointer(start: nil, count: 0), finish: true)
      try write(rest)
    }
    try Self.mappingErrors { () throws(FileError) in try file.commit() }
  }

  /// Writes UTF-8 text, made of complete characters, in the dialect's encoding.
  private func emit(_ text: [UInt8]) throws(TabularError) {
    guard let transcoder else { return try compress(text) }
    let encoded: [UInt8]
    do {
      encoded = try transcoder.convert(text, isLast: true)
    } catch {
      let character = String(decoding: error.bytes, as: UTF8.self).prefix(1)
      throw .invalidTable(
        "'\(character)' cannot be written in the encoding \(dialect.encoding.name)",
        hint: "write UTF-8: --encoding utf-8")
    }
    try compress(encoded)
  }

  private func compress(_ bytes: [UInt8]) throws(TabularError) {
    guard let deflater else { return try write(bytes) }
    try write(bytes.withUnsafeBytes { deflater.deflate($0, finish: false) })
  }

  private func write(_ bytes: [UInt8]) throws(TabularError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(TabularError) in try store(buffer) }
    }
    try result.get()
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
  private let padding: FieldPadding
  private let writer: FieldWriter
  private let isQuoted: Bool

  init(_ column: Column, schema: ColumnSchema, writer: FieldWriter) {
    self.writer = writer
    missing = MissingWriter(schema, writer)
    padding = schema.padding
    switch column.values {
    case .number(let values):
      let format = schema.numberFormat ?? NumberFormat(style: .shortest, decimals: 15)
      source = .number(values, NumberWriter(format))
      isQuoted = writer.dialect.quoting == .all
    case .datetime(let values):
      let format = schema.datetimeFormat ?? DatetimeFormat(pattern: "yyyy-MM-dd HH:mm:ss")
      source = .datetime(
        values,
        DatetimePattern(format) ?? DatetimePattern(
          DatetimeFormat(pattern: "yyyy-MM-dd HH:mm:ss"))!)
      isQuoted = writer.dialect.quoting != .minimal
    case .text(let codes, let categories):
      let quoted = writer.dialect.quoting != .minimal
      source = .text(
        codes,
        categories.map { category in
          var field: [UInt8] = []
          writer.append(category.utf8, quoted: quoted, to: &field)
          return field
        })
      isQuoted = quoted
    }
  }

  /// Appends the field of a row.
  ///
  /// - Parameter number: the row's number in the file, which selects among the missing-value
  ///   markers.
  @inline(__always)
  func write(_ row: Int, number: Int, to output: inout [UInt8]) {
    let start = output.count
    switch source {
    case .number(let values, let numbers):
      let value = values[row]
      if value.isNaN {
        missing.write(number, to: &output)
        padding.pad(from: start, in: &output)
        return
      }
      numbers.write(value, to: &output)
    case .datetime(let values, let pattern):
      let value = values[row]
      if value.isNaN {
        missing.write(number, to: &output)
        padding.pad(from: start, in: &output)
        return
      }
      pattern.write(value, to: &output)
    case .text(let codes, let categories):
      // The categories are already quoted.
      let code = codes[row]
      if code < 0 {
        missing.write(number, to: &output)
      } else {
        output.append(contentsOf: categories[Int(code)])
      }
      return
    }
    // A decimal comma, a space or a colon may be the delimiter.
    padding.pad(from: start, in: &output)
    writer.quote(from: start, quoted: isQuoted, in: &output)
  }
}
