// SPDX-License-Identifier: Apache-2.0

import AtomicFiles
import CArrow
import Foundation
import Tabular

/// Copies the rows of a source to two Parquet files, inside of the engine: every type and value is
/// kept, also those that a table cannot hold, and memory does not grow with the rows but for a byte
/// each.
public final class ParquetSplit {
  private let source: EngineSource
  private let session: EngineSession
  private var files: [AtomicFile] = []

  /// Opens both files.
  ///
  /// - Parameters:
  ///   - source: files; not a database or a query.
  ///   - paths: the file for the rows that are not held out, and the one for those that are.
  public init(
    _ source: EngineSource, to paths: [String], library: EngineLibrary, options: EngineOptions
  ) throws {
    self.source = source
    // The engine's own threads would cut the files elsewhere.
    session = try EngineSession(
      library, options: EngineOptions(threads: 1, memoryLimit: options.memoryLimit))
    for path in paths {
      do throws(FileError) {
        files.append(try AtomicFile(path: path))
      } catch {
        throw TabularError.file(path: error.path, reason: error.reason)
      }
    }
  }

  /// The files that hold the rows until they are complete.
  public var temporaryPaths: [String] { files.compactMap(\.temporaryPath) }

  /// Copies the rows to the files and completes both. O(cells) for each.
  ///
  /// - Parameter isHeld: of each row whether it goes to the second file.
  public func write(isHeld: [Bool]) throws {
    for (file, held) in zip(files, [false, true]) {
      guard let temporary = file.temporaryPath else {
        throw TabularError.file(
          path: file.path, reason: "a Parquet file cannot go to a pipe or a device (name a file)")
      }
      // A stream can be read once.
      try Self.flags(isHeld).withStream { stream in
        let name = held ? "tabgan_held" : "tabgan_kept"
        try session.addView(name, of: stream)
        try session.execute(
          "COPY (SELECT tabgan_input.* FROM \(source.relation(source.paths)) AS tabgan_input "
            + "POSITIONAL JOIN \(name) WHERE \(name).held = \(held)) "
            + "TO \(SQL.literal(temporary)) (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)")
      }
    }
    for file in files {
      do throws(FileError) {
        try file.commit()
      } catch {
        throw TabularError.file(path: error.path, reason: error.reason)
      }
    }
  }

  private static let rowsOfBlock = 1 << 16

  /// The flags as a stream of one column.
  private static func flags(_ isHeld: [Bool]) -> ArrowSource {
    var next = 0
    return ArrowSource(
      schema: {
        ArrowSchemaStorage.schema(
          name: "", format: "+s", children: [ArrowSchemaStorage.schema(name: "held", format: "b")])
      },
      next: {
        guard next < isHeld.count else { return nil }
        let rows = next..<min(next + rowsOfBlock, isHeld.count)
        next = rows.upperBound
        let bytes = (rows.count + 7) / 8
        let bits = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memset(bits, 0, bytes)
        for (i, row) in rows.enumerated() where isHeld[row] {
          let byte = bits.load(fromByteOffset: i >> 3, as: UInt8.self)
          bits.storeBytes(of: byte | 1 << UInt8(i & 7), toByteOffset: i >> 3, as: UInt8.self)
        }
        let column = ArrowStorage.array(count: rows.count, missing: 0, buffers: [nil, bits])
        return ArrowStorage.array(
          count: rows.count, missing: 0, buffers: [nil], children: [ArrowStorage.boxed(column)])
      })
  }
}

extension EngineConnection {
  /// The number of rows of files.
  public func rowCount(of source: EngineSource) throws -> Int {
    let text = try texts("SELECT count(*)::VARCHAR FROM \(source.relation(source.paths))")
    return text.first?.first?.flatMap { $0 }.flatMap { Int($0) } ?? 0
  }
}
