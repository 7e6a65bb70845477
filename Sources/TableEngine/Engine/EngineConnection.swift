// SPDX-License-Identifier: Apache-2.0

import CArrow

/// A connection to an in-memory database of the engine, by ADBC. Not for use by several threads at
/// once.
public final class EngineConnection {
  /// The options of the connection.
  public let options: EngineOptions
  private let library: EngineLibrary
  // The driver keeps pointers to these.
  private let driver: UnsafeMutablePointer<AdbcDriver>
  private let database: UnsafeMutablePointer<AdbcDatabase>
  private let connection: UnsafeMutablePointer<AdbcConnection>

  /// Opens an empty database in memory.
  ///
  /// - Parameter path: a database file of the engine, opened for reading; nil for an empty one.
  public init(
    _ library: EngineLibrary, options: EngineOptions, database path: String? = nil
  ) throws(EngineError) {
    self.library = library
    self.options = options
    let start = try library.function("duckdb_adbc_init", as: CArrowDriverInit.self)
    driver = .allocate(capacity: 1)
    database = .allocate(capacity: 1)
    connection = .allocate(capacity: 1)
    driver.initialize(to: AdbcDriver())
    database.initialize(to: AdbcDatabase())
    connection.initialize(to: AdbcConnection())
    try Self.check { start(Int32(CARROW_ADBC_VERSION), driver, $0) }
    guard
      [driver.pointee.DatabaseNew != nil, driver.pointee.DatabaseInit != nil].allSatisfy(\.self),
      driver.pointee.DatabaseSetOption != nil, driver.pointee.ConnectionNew != nil,
      driver.pointee.ConnectionInit != nil, driver.pointee.StatementNew != nil,
      driver.pointee.StatementSetSqlQuery != nil, driver.pointee.StatementExecuteQuery != nil,
      driver.pointee.StatementRelease != nil
    else { throw .function("the functions of ADBC 1.0.0", library: library.path) }
    try Self.check { driver.pointee.DatabaseNew(database, $0) }
    if let path {
      try Self.check { driver.pointee.DatabaseSetOption(database, "path", path, $0) }
      try Self.check {
        driver.pointee.DatabaseSetOption(database, "access_mode", "READ_ONLY", $0)
      }
    }
    try Self.check { driver.pointee.DatabaseInit(database, $0) }
    try Self.check { driver.pointee.ConnectionNew(connection, $0) }
    try Self.check { driver.pointee.ConnectionInit(connection, database, $0) }
    for statement in options.statements { try execute(statement) }
    // A setting of an extension that a library may lack.
    try? execute(EngineOptions.universalTime)
  }

  deinit {
    if connection.pointee.private_data != nil {
      _ = driver.pointee.ConnectionRelease?(connection, nil)
    }
    if database.pointee.private_data != nil {
      _ = driver.pointee.DatabaseRelease?(database, nil)
    }
    _ = driver.pointee.release?(driver, nil)
    connection.deallocate()
    database.deallocate()
    driver.deallocate()
  }

  /// Runs a statement and ignores its result.
  public func execute(_ sql: String) throws(EngineError) {
    let stream = try query(sql)
    while try stream.next() != nil {}
  }

  /// Runs a query; its rows come in order, each block as soon as it is found.
  func query(_ sql: String) throws(EngineError) -> ArrowStream {
    var statement = AdbcStatement()
    try Self.check { driver.pointee.StatementNew(connection, &statement, $0) }
    defer { _ = driver.pointee.StatementRelease(&statement, nil) }
    try Self.check { driver.pointee.StatementSetSqlQuery(&statement, sql, $0) }
    let stream = ArrowStream(keeping: self)
    try Self.check {
      driver.pointee.StatementExecuteQuery(&statement, stream.pointer, nil, $0)
    }
    guard stream.pointer.pointee.get_next != nil else {
      throw .malformed("a query without a result")
    }
    return stream
  }

  /// Calls a function of the driver and throws its error.
  private static func check(
    _ call: (UnsafeMutablePointer<AdbcError>) -> AdbcStatusCode
  ) throws(EngineError) {
    var error = AdbcError()
    guard call(&error) != 0 else { return }
    let message = error.message.map { String(cString: $0) } ?? "unknown error"
    error.release?(&error)
    throw EngineError(message: message)
  }
}

/// Quoting of SQL.
public enum SQL {
  /// A string literal.
  public static func literal(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  /// A quoted identifier.
  public static func identifier(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
