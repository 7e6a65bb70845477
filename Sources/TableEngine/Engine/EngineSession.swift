// SPDX-License-Identifier: Apache-2.0

import CArrow
import Foundation

/// A connection to an in-memory database of the engine, by its own C functions: those that write,
/// which ADBC has not.
///
/// Used by one thread at a time.
final class EngineSession: @unchecked Sendable {
  // The functions' signatures, from DuckDB's documentation of its C interface. Databases,
  // connections and streams are pointers; a status other than 0 is an error.
  private typealias Open =
    @convention(c) (
      UnsafePointer<CChar>?, UnsafeMutablePointer<OpaquePointer?>
    ) -> Int32
  private typealias Connect =
    @convention(c) (
      OpaquePointer, UnsafeMutablePointer<OpaquePointer?>
    ) -> Int32
  private typealias Close = @convention(c) (UnsafeMutablePointer<OpaquePointer?>) -> Void
  private typealias Query =
    @convention(c) (
      OpaquePointer, UnsafePointer<CChar>, UnsafeMutableRawPointer
    ) -> Int32
  private typealias ResultError = @convention(c) (UnsafeMutableRawPointer) -> UnsafePointer<CChar>?
  private typealias DestroyResult = @convention(c) (UnsafeMutableRawPointer) -> Void
  private typealias ArrowScan =
    @convention(c) (
      OpaquePointer, UnsafePointer<CChar>, UnsafeMutableRawPointer
    ) -> Int32

  private let disconnect: Close
  private let close: Close
  private let query: Query
  private let resultError: ResultError
  private let destroyResult: DestroyResult
  private let arrowScan: ArrowScan
  private var database: OpaquePointer?
  private var connection: OpaquePointer?

  /// A result is a struct of six words.
  private static let resultBytes = 64

  init(_ library: EngineLibrary, options: EngineOptions) throws(EngineError) {
    let open = try library.function("duckdb_open", as: Open.self)
    let connect = try library.function("duckdb_connect", as: Connect.self)
    disconnect = try library.function("duckdb_disconnect", as: Close.self)
    close = try library.function("duckdb_close", as: Close.self)
    query = try library.function("duckdb_query", as: Query.self)
    resultError = try library.function("duckdb_result_error", as: ResultError.self)
    destroyResult = try library.function("duckdb_destroy_result", as: DestroyResult.self)
    arrowScan = try library.function("duckdb_arrow_scan", as: ArrowScan.self)
    guard open(nil, &database) == 0, let database, connect(database, &connection) == 0 else {
      throw .engine(kind: "Error", problem: "the engine cannot be started", details: [])
    }
    for statement in options.statements { try execute(statement) }
    // A setting of an extension that a library may lack.
    try? execute(EngineOptions.universalTime)
  }

  deinit {
    if connection != nil { disconnect(&connection) }
    if database != nil { close(&database) }
  }

  /// Runs a statement and ignores its result.
  func execute(_ sql: String) throws(EngineError) {
    guard let connection else { return }
    let result = UnsafeMutableRawPointer.allocate(byteCount: Self.resultBytes, alignment: 16)
    memset(result, 0, Self.resultBytes)
    defer {
      destroyResult(result)
      result.deallocate()
    }
    guard query(connection, sql, result) != 0 else { return }
    throw EngineError(message: resultError(result).map { String(cString: $0) } ?? "unknown error")
  }

  /// Makes the rows of a stream, which can be read once, a view of this name.
  func addView(
    _ name: String, of stream: UnsafeMutablePointer<ArrowArrayStream>
  ) throws(EngineError) {
    guard let connection, arrowScan(connection, name, UnsafeMutableRawPointer(stream)) == 0 else {
      throw .engine(kind: "Error", problem: "the engine does not take the rows", details: [])
    }
  }
}
