// SPDX-License-Identifier: Apache-2.0

import AtomicFiles
import CArrow
import Tabular
import WorkSharing

/// Writes a table as a Parquet file, block by block, with the types of its schema.
///
/// The engine writes on a thread of its own while the caller makes the next rows. The file appears
/// under its name only with ``finish()``. It holds the same bytes for any number of threads.
public final class ParquetWriter: TableSink {
  private let path: String
  private let file: AtomicFile
  private let rows: RowBlock
  private var consumer: BackgroundConsumer<Block, EngineError?>?

  /// Rows of a table that the engine takes at once.
  private static let rowsOfBlock = 1 << 16
  /// Blocks that may wait for the engine.
  private static let waitingBlocks = 2

  /// Rows for the engine; released with the value unless they were taken.
  private final class Block: @unchecked Sendable {
    private var array: ArrowArray

    init(_ array: ArrowArray) { self.array = array }

    deinit { array.release?(&array) }

    func take() -> ArrowArray {
      defer { array.release = nil }
      return array
    }
  }

  /// Opens the file.
  ///
  /// - Throws: ``EngineError`` if the library lacks a function, `TabularError` if the file cannot be
  ///   created.
  public init(
    path: String, schema: Schema, library: EngineLibrary, options: EngineOptions
  ) throws {
    self.path = path
    rows = RowBlock(schema)
    do throws(FileError) {
      file = try AtomicFile(path: path)
    } catch {
      throw TabularError.file(path: error.path, reason: error.reason)
    }
    guard let temporaryPath = file.temporaryPath else {
      throw TabularError.file(
        path: path, reason: "a Parquet file cannot go to a pipe or a device (name a file)")
    }
    // The engine's own threads would cut the file elsewhere.
    let session = try EngineSession(
      library, options: EngineOptions(threads: 1, memoryLimit: options.memoryLimit))
    let rows = rows
    let consumer = BackgroundConsumer<Block, EngineError?>(capacity: Self.waitingBlocks) { next in
      withoutActuallyEscaping(next) { next in
        Self.copy(to: temporaryPath, rows: rows, session: session) { try next()?.take() }
      }
    }
    guard let consumer else {
      throw TabularError.file(path: path, reason: "the system cannot create a thread")
    }
    self.consumer = consumer
  }

  /// Has the engine write the batches that `next` returns; returns the error, if any.
  private static func copy(
    to path: String, rows: RowBlock, session: EngineSession,
    next: @escaping () throws -> ArrowArray?
  ) -> EngineError? {
    let source = ArrowSource(schema: { rows.schema }, next: next)
    do {
      try source.withStream { stream in
        try session.addView("tabgan_rows", of: stream)
        try session.execute(
          "COPY (SELECT * FROM tabgan_rows) TO \(SQL.literal(path)) "
            + "(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)")
      }
      return nil
    } catch let error as EngineError {
      return error
    } catch {
      return .engine(kind: "Error", problem: "\(error)", details: [])
    }
  }

  deinit {
    // The engine must have closed the file before it is removed.
    consumer = nil
    file.abandon()
  }

  /// Where the file is until ``finish()`` renames it.
  public var temporaryPath: String? { file.temporaryPath }

  /// Hands rows to the engine, which writes them on a thread of its own. O(rows x columns).
  ///
  /// - Throws: `TabularError` where the columns are not those of the file, or the engine has stopped.
  public func write(_ table: Table) throws(TabularError) {
    let columns = try rows.columns(of: table)
    for start in stride(from: 0, to: table.rowCount, by: Self.rowsOfBlock) {
      let block: ArrowArray
      do throws(EngineError) {
        block = try rows.array(
          columns, rows: start..<min(start + Self.rowsOfBlock, table.rowCount))
      } catch {
        throw .invalidTable("\(error)")
      }
      guard consumer?.send(Block(block)) == true else {
        try finishConsumer()
        throw .file(path: path, reason: "the engine stopped early")
      }
    }
  }

  /// Waits for the engine and gives the file its name.
  ///
  /// - Throws: `TabularError.file` where it could not be written.
  public func finish() throws(TabularError) {
    try finishConsumer()
    do throws(FileError) {
      try file.commit()
    } catch {
      throw .file(path: error.path, reason: error.reason)
    }
  }

  /// Waits for the engine.
  private func finishConsumer() throws(TabularError) {
    guard let consumer else { return }
    self.consumer = nil
    if let error = consumer.finish() {
      throw .file(path: path, reason: "cannot be written: \(error)")
    }
  }
}
