// SPDX-License-Identifier: Apache-2.0

import Tabular
import WorkSharing

/// A table that an engine returned.
public struct EngineTable: Sendable {
  /// The values.
  public var table: Table
  /// The kinds, types and formats of the columns.
  public var schema: Schema
  /// Notes on how the table was interpreted.
  public var notes: [SchemaNote]
  /// Columns that were left out, since a table cannot hold them.
  public var skipped: [EngineError.UnsupportedColumn]
}

extension EngineConnection {
  /// The rows of a query as a table, in their order. O(cells).
  ///
  /// Rows come in batches, which are copied into columns as compact as ``Numbers``; beside the table
  /// stand only a few batches and the engine's own memory.
  ///
  /// - Parameters:
  ///   - skipsUnsupported: whether columns that a table cannot hold (lists, structs, maps, binary
  ///     data, intervals) are left out instead of causing an error.
  ///   - declared: a schema whose kinds and formats apply to the columns that it names.
  ///   - onRows: called with the number of rows so far; an error that it throws ends the query.
  /// - Throws: ``EngineError``, `TabularError` for a declared schema that does not fit, and what
  ///   `onRows` throws.
  public func table(
    _ sql: String, skipsUnsupported: Bool = false, declared: Schema? = nil,
    onRows: (Int) throws -> Void = { _ in }
  ) throws -> EngineTable {
    var reader = try reader(of: sql, skipsUnsupported: skipsUnsupported, onRows: onRows)
    return try reader.finish(declared: declared)
  }

  /// The rows of a query without a schema, which takes longer to infer than the rows take to read.
  public func values(_ sql: String) throws -> Table {
    var reader = try reader(of: sql, skipsUnsupported: false, onRows: { _ in })
    return try reader.values()
  }

  private func reader(
    of sql: String, skipsUnsupported: Bool, onRows: (Int) throws -> Void
  ) throws -> TableReader {
    let stream = try query(sql)
    var reader = try TableReader(
      fields: stream.fields(), skipsUnsupported: skipsUnsupported, threads: options.threads)
    while let batch = try stream.next() {
      if try reader.append(batch) { try onRows(reader.rows) }
    }
    return reader
  }
}

/// Collects batches into a table.
struct TableReader {
  /// Rows so far.
  private(set) var rows = 0
  private let fields: [ArrowField]
  private let skipped: [EngineError.UnsupportedColumn]
  private let readers: [ColumnReader]
  private let threads: Int
  /// The batches, which own what their columns refer to.
  private var batches: [(batch: ArrowBatch, columns: [ArrowColumn])] = []
  private var waiting = 0

  /// Rows that are copied at once.
  private static let rowsAtOnce = 1 << 16

  /// - Throws: ``EngineError/unsupported(_:)`` for columns that a table cannot hold, unless they
  ///   are skipped.
  init(fields: [ArrowField], skipsUnsupported: Bool, threads: Int) throws(EngineError) {
    self.fields = fields
    self.threads = threads
    var readers: [ColumnReader] = []
    var unsupported: [EngineError.UnsupportedColumn] = []
    for field in fields {
      if case .unsupported(let type) = field.layout {
        unsupported.append(.init(name: field.name, type: type))
      } else {
        readers.append(ColumnReader(field))
      }
    }
    guard unsupported.isEmpty || skipsUnsupported else { throw .unsupported(unsupported) }
    skipped = unsupported
    self.readers = readers
  }

  /// Appends a batch; returns whether batches were copied, which happens once there are enough.
  mutating func append(_ batch: ArrowBatch) throws(EngineError) -> Bool {
    // Looked at in full before anything is read or counted.
    let columns = try ArrowColumn.columns(of: batch.pointer, fields: fields)
    batches.append((batch, columns))
    waiting += Int(batch.pointer.pointee.length)
    guard waiting >= Self.rowsAtOnce else { return false }
    try flush()
    return true
  }

  private mutating func flush() throws(EngineError) {
    nonisolated(unsafe) let batches = batches
    let readers = readers
    parallelFor(readers.count, threads: threads) { c in
      for batch in batches { readers[c].append(batch.columns[c]) }
    }
    for reader in readers { if let problem = reader.problem { throw problem } }
    rows += waiting
    waiting = 0
    self.batches = []
  }

  /// The values of all batches, without a schema.
  mutating func values() throws -> Table { try Table(columns: columns().map(\.column)) }

  /// The table of all batches.
  mutating func finish(declared: Schema?) throws -> EngineTable {
    let parts = try columns()
    let table = try Table(columns: parts.map(\.column))
    var schema = SchemaInference.infer(table, texts: parts.map(\.text), threads: threads)
    if let declared { schema = try declared.keepingTimeFormats(of: schema).overriding(schema) }
    return EngineTable(
      table: table, schema: schema,
      notes: parts.flatMap(\.notes) + SchemaNote.all(on: table, schema: schema), skipped: skipped)
  }

  private mutating func columns() throws(EngineError) -> [ColumnReader.Result] {
    try flush()
    let readers = readers
    return parallelMap(readers.count, threads: threads) { readers[$0].finish() }
  }
}
