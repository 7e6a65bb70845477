// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Tables that an engine reads: files, a database, or a query on either.
public struct EngineSource: Sendable, Equatable {
  /// The kinds of sources.
  public enum Kind: Sendable, Equatable {
    /// Parquet files, the rows of one after the other; columns are matched by name.
    case parquet
    /// Files of JSON lines, plain or compressed.
    case json
    /// CSV files, plain or compressed, with the engine's own guess of types.
    case csv
    /// A database: a file, or an address that the engine attaches.
    case database
  }

  /// The kind of all paths.
  public var kind: Kind
  /// Paths, URLs, or the one database; empty for a query that names its own sources.
  public var paths: [String]
  /// A query on the rows, which are named `input`, or on the tables of the database; nil for all
  /// rows.
  public var query: String?

  /// Creates a source.
  public init(kind: Kind, paths: [String], query: String? = nil) {
    self.kind = kind
    self.paths = paths
    self.query = query
  }

  /// The name of the rows in a query.
  public static let inputName = "input"

  /// A name for the source in errors.
  var name: String {
    paths.isEmpty ? "--query" : paths[0] + (paths.count > 1 ? " and \(paths.count - 1) more" : "")
  }

  /// All rows of the files as SQL.
  func relation(_ paths: [String]) -> String {
    let list = "[" + paths.map(SQL.literal).joined(separator: ", ") + "]"
    // Columns are those in the files, not those in the names of folders.
    let union = "union_by_name = \(paths.count > 1), hive_partitioning = false"
    return switch kind {
    case .parquet: "read_parquet(\(list), \(union))"
    case .json: "read_json(\(list), \(union))"
    case .csv: "read_csv(\(list), \(union))"
    case .database: ""
    }
  }
}

/// A table read from a source, with what became of its rows.
public struct SourceTable: Sendable {
  /// The table.
  public var content: EngineTable
  /// The rows of the source before the query; nil if they are not known.
  public var rowsRead: Int?
}

extension EngineConnection {
  /// Reads a source. The order of rows is that of the files, or of the query, for any number of
  /// threads: a query whose plan does not keep the order runs on one thread.
  ///
  /// - Parameters: as in ``table(_:skipsUnsupported:declared:onRows:)``.
  public func read(
    _ source: EngineSource, skipsUnsupported: Bool = false, declared: Schema? = nil,
    onRows: (Int) throws -> Void = { _ in }
  ) throws -> SourceTable {
    var notes: [SchemaNote] = []
    let sql: String
    if source.kind == .database, !source.paths.isEmpty {
      try attach(source.paths[0])
      sql = try source.query ?? "SELECT * FROM \(SQL.identifier(onlyTable(of: source)))"
    } else if source.paths.isEmpty {
      sql = source.query ?? ""
    } else {
      try loadExtensions(for: source.paths)
      if source.paths.count > 1 { notes = try differences(between: source) }
      try execute(
        "CREATE TEMP VIEW \(EngineSource.inputName) AS SELECT * FROM "
          + source.relation(source.paths))
      sql = source.query ?? "SELECT * FROM \(EngineSource.inputName)"
    }
    if source.query != nil, try !keepsOrder(sql) { try execute("SET threads = 1") }
    var content = try table(
      sql, skipsUnsupported: skipsUnsupported, declared: declared, onRows: onRows)
    content.notes = notes + content.notes
    var rowsRead: Int?
    if source.query == nil {
      rowsRead = content.table.rowCount
      if source.kind == .parquet { try addMilliseconds(to: &content.schema, of: source) }
    } else if !source.paths.isEmpty, source.kind != .database {
      let count = try texts("SELECT count(*)::VARCHAR FROM \(EngineSource.inputName)")
      rowsRead = count.first?.first?.flatMap { $0 }.flatMap { Int($0) }
    }
    return SourceTable(content: content, rowsRead: rowsRead)
  }

  /// The result of a query whose columns are texts, row by row.
  func texts(_ sql: String) throws -> [[String?]] {
    let result = try table(sql).table
    return (0..<result.rowCount).map { row in
      result.columns.map { column in
        guard case .text(let codes, let categories) = column.values, codes[row] >= 0 else {
          return nil
        }
        return categories[Int(codes[row])]
      }
    }
  }

  // MARK: Databases and addresses

  /// Opens a database as the one that queries refer to.
  private func attach(_ path: String) throws {
    let address = path.hasPrefix("postgresql://") ? "postgres:" + path : path
    let prefixes = ["postgres", "mysql", "sqlite"]
    if let name = prefixes.first(where: { address.hasPrefix($0 + ":") }) {
      try load(name == "sqlite" ? "sqlite" : name, for: path)
    }
    let target =
      address.hasPrefix("postgres://")
      ? "postgres:" + address
      : address.hasPrefix("duckdb:") ? String(address.dropFirst("duckdb:".count)) : address
    try execute("ATTACH \(SQL.literal(target)) AS tabgan_source (READ_ONLY)")
    try execute("USE tabgan_source")
  }

  private func onlyTable(of source: EngineSource) throws -> String {
    let tables = try texts(
      "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'tabgan_source' "
        + "ORDER BY table_name"
    ).compactMap { $0.first ?? nil }
    guard tables.count == 1 else {
      throw EngineError.engine(
        kind: "Catalog Error",
        problem: tables.isEmpty
          ? "\(source.name): the database has no tables"
          : "\(source.name): the database has \(tables.count) tables: "
            + tables.prefix(20).joined(separator: ", "),
        details: tables.isEmpty
          ? [] : ["name one: --query 'select * from \(SQL.identifier(tables[0]))'"])
    }
    return tables[0]
  }

  private func loadExtensions(for paths: [String]) throws {
    if let path = paths.first(where: { $0.contains("://") }) { try load("httpfs", for: path) }
  }

  /// Loads an extension of the engine, and installs it first if that is possible.
  private func load(_ name: String, for path: String) throws {
    if (try? execute("LOAD \(name)")) != nil { return }
    do throws(EngineError) {
      try execute("INSTALL \(name)")
      try execute("LOAD \(name)")
    } catch {
      throw EngineError.engine(
        kind: "Extension Error",
        problem: "\(path): the engine's extension '\(name)' cannot be installed: "
          + "\(error.description.prefix(200))",
        details: [
          "install it with DuckDB where the network is reachable (INSTALL \(name)), or copy the file "
            + "here first"
        ])
    }
  }

  // MARK: Several files

  /// Notes on how the columns of files differ.
  ///
  /// - Throws: ``EngineError`` where a column has types that do not fit.
  private func differences(between source: EngineSource) throws -> [SchemaNote] {
    var types: [String: [(path: String, type: String)]] = [:]
    var names: [(key: String, name: String)] = []
    for path in source.paths {
      for row in try texts(
        "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM \(source.relation([path])))")
      {
        guard let name = row[0], let type = row[1] else { continue }
        // The engine ignores the case of names.
        let key = name.lowercased()
        if types[key] == nil { names.append((key, name)) }
        types[key, default: []].append((path, type))
      }
    }
    var notes: [SchemaNote] = []
    for (key, name) in names {
      let found = types[key] ?? []
      var distinct: [(path: String, type: String)] = []
      for entry in found where !distinct.contains(where: { $0.type == entry.type }) {
        distinct.append(entry)
      }
      let shown = distinct.map { "\($0.type) in \($0.path)" }.joined(separator: ", ")
      guard Set(distinct.map { Self.family($0.type) }).count == 1 else {
        throw EngineError.engine(
          kind: "Mismatch Error", problem: "column '\(name)' differs between files: \(shown)",
          details: [
            "read files of one kind, or convert the column: --query 'select ... from "
              + "read_parquet(...)'"
          ])
      }
      if distinct.count > 1 {
        notes.append(
          SchemaNote(
            column: name, topic: .file,
            text: "has different types, and is read as the widest: \(shown)"))
      }
      if found.count < source.paths.count {
        let present = Set(found.map(\.path))
        let first = source.paths.first { !present.contains($0) } ?? ""
        notes.append(
          SchemaNote(
            column: name, topic: .file,
            text: "is missing in \(source.paths.count - found.count) of \(source.paths.count) "
              + "files, such as \(first): its values are missing there"))
      }
    }
    return notes
  }

  /// Types of one family can be read as the widest of them.
  private static func family(_ type: String) -> String {
    let name = String(type.prefix { $0 != "(" && $0 != "[" })
    if type.hasSuffix("]") { return type }
    switch name {
    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
      "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL":
      return "number"
    case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE": return "time"
    default: return type
    }
  }

  /// The engine reads timestamps in milliseconds as microseconds; the files say which they are.
  private func addMilliseconds(to schema: inout Schema, of source: EngineSource) throws {
    let list = "[" + source.paths.map(SQL.literal).joined(separator: ", ") + "]"
    let names = try texts(
      """
      SELECT name FROM parquet_schema(\(list))
      WHERE logical_type LIKE 'TimestampType(isAdjustedToUTC=0%MILLIS=MilliSeconds()%'
      GROUP BY name HAVING count(*) = \(source.paths.count)
      """)
    for name in names.compactMap({ $0.first ?? nil }) {
      guard let c = schema.columns.firstIndex(where: { $0.name == name }),
        schema.columns[c].storedType == .timestamp(.microseconds, zone: nil)
      else { continue }
      schema.columns[c].storedType = .timestamp(.milliseconds, zone: nil)
    }
  }

  // MARK: Order

  /// Operators that return rows in the order of their input on any number of threads.
  private static let orderedOperators: Set<String> = [
    "PROJECTION", "FILTER", "STREAMING_LIMIT", "LIMIT", "SEQ_SCAN", "TABLE_SCAN", "READ_PARQUET",
    "PARQUET_SCAN", "READ_JSON", "READ_JSON_AUTO", "READ_CSV", "READ_CSV_AUTO", "DUMMY_SCAN",
    "EMPTY_RESULT",
  ]

  /// Whether a query returns the same rows in the same order on any number of threads.
  private func keepsOrder(_ sql: String) throws -> Bool {
    // Text of a query that is not one statement fails here.
    let plan = try texts("EXPLAIN (FORMAT json) \(sql)").flatMap { $0.compactMap(\.self) }
    let text = plan.joined(separator: "\n")
    guard let start = text.firstIndex(of: "[") else { return false }
    let names = text[start...].split(separator: "\"name\":").dropFirst().map { rest in
      rest.drop { $0 != "\"" }.dropFirst().prefix { $0 != "\"" }
    }
    let isRandom = ["random", "sample", "uuid"].contains { sql.lowercased().contains($0) }
    return !names.isEmpty && !isRandom
      && names.allSatisfy { name in
        Self.orderedOperators.contains(name.trimmingCharacters(in: .whitespaces))
      }
  }
}
