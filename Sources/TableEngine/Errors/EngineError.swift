// SPDX-License-Identifier: Apache-2.0

/// Why an engine could not read or write a table.
public enum EngineError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The library cannot be loaded: the paths that were tried, with the loader's reason for the last
  /// one that exists.
  case library(tried: [String], reason: String?)
  /// The library has no function of this name, so that it is not DuckDB's or a different version.
  case function(String, library: String)
  /// The engine reports an error: its kind, such as "Binder Error", the problem, and further lines.
  case engine(kind: String, problem: String, details: [String])
  /// The library returned Arrow data that contradict the specification.
  case malformed(String)
  /// Columns that a table cannot hold, with their types in words.
  case unsupported([UnsupportedColumn])
  /// A number that a table cannot hold: infinity.
  case infinity(column: String, row: Int)
  /// A value that the type of its column in the file cannot hold.
  case unstorable(value: String, column: String, type: String)

  /// A column of a type that a table cannot hold.
  public struct UnsupportedColumn: Sendable, Equatable {
    /// The column's name.
    public var name: String
    /// Its type, in words: "list", "binary".
    public var type: String

    /// Creates a column.
    public init(name: String, type: String) {
      self.name = name
      self.type = type
    }
  }

  /// The problem on one line.
  public var description: String {
    switch self {
    case .library(let tried, let reason):
      "the engine (DuckDB's library) "
        + (reason.map { "cannot be loaded: \($0)" }
          ?? "was not found: \(tried.joined(separator: ", "))")
    case .function(let name, let library):
      "\(library): this is not DuckDB's library, or a different version: it has no \(name)"
    case .engine(_, let problem, _): problem
    case .malformed(let problem): "the engine returned damaged data: \(problem)"
    case .unsupported(let columns):
      "a table cannot hold "
        + columns.map { "column '\($0.name)' (\($0.type))" }.joined(separator: ", ")
    case .infinity(let column, let row): "column '\(column)' holds an infinity in row \(row)"
    case .unstorable(let value, let column, let type):
      "column '\(column)': \(value) cannot be stored as \(type)"
    }
  }

  /// Parts an engine's message, such as "Binder Error: no such column\n\nLINE 1: ...".
  init(message: String) {
    let lines = message.split(whereSeparator: \.isNewline).map(String.init)
    let first = lines.first ?? "unknown error"
    let mark = " Error: "
    guard let end = first.range(of: mark) else {
      self = .engine(kind: "Error", problem: first, details: Array(lines.dropFirst()))
      return
    }
    self = .engine(
      kind: first[..<end.lowerBound] + " Error", problem: String(first[end.upperBound...]),
      details: Array(lines.dropFirst()))
  }
}
