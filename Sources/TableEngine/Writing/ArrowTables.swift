// SPDX-License-Identifier: Apache-2.0

import CArrow
import Tabular

/// Tables from and to Arrow streams of any producer or consumer in this process.
public enum ArrowTables {
  /// Reads a stream to its end. O(cells).
  ///
  /// - Parameters:
  ///   - stream: is moved: its `release` is called when it has been read, or an error was found.
  ///   - skipsUnsupported: whether columns that a table cannot hold are left out.
  ///   - threads: number of threads; the table does not depend on it.
  /// - Throws: ``EngineError``.
  public static func read(
    _ stream: UnsafeMutablePointer<ArrowArrayStream>, skipsUnsupported: Bool = false,
    threads: Int = 1
  ) throws -> EngineTable {
    let moved = ArrowStream()
    moved.pointer.pointee = stream.pointee
    stream.pointee.release = nil
    var reader = try TableReader(
      fields: moved.fields(), skipsUnsupported: skipsUnsupported, threads: threads)
    while let batch = try moved.next() { _ = try reader.append(batch) }
    return try reader.finish(declared: nil)
  }

  /// Calls `body` with a stream of a table's rows, in the types of its schema.
  ///
  /// - Parameter rowsOfBlock: rows of each batch.
  public static func withStream<Result>(
    of table: Table, schema: Schema, rowsOfBlock: Int = 1 << 16,
    _ body: (UnsafeMutablePointer<ArrowArrayStream>) throws -> Result
  ) throws -> Result {
    let block = RowBlock(schema)
    var next = 0
    let source = ArrowSource(
      schema: { block.schema },
      next: {
        guard next < table.rowCount else { return nil }
        let rows = next..<min(next + rowsOfBlock, table.rowCount)
        next = rows.upperBound
        return try block.array(block.columns(of: table), rows: rows)
      })
    return try source.withStream(body)
  }
}
