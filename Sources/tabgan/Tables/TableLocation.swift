// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import TableEngine
import Tabular

/// What the names that a user gives for a table stand for; the one place that decides by a name's
/// form who reads it.
struct TableLocation {
  /// Who reads the table.
  enum Reader: Equatable {
    /// The project's own reader of CSV: a file, a pipe, or several files with the same columns.
    case text
    case engine(EngineSource.Kind)
  }

  let reader: Reader
  /// Paths, with patterns expanded; URLs as given.
  let paths: [String]
  /// The name of the table in messages.
  let name: String
  /// The opened files, if they are CSV: a pipe can be opened once only.
  let inputs: [TableInput]

  /// The files of this machine among the paths.
  var files: [String] { paths.filter { !Self.isAddress($0) && $0 != "-" } }

  /// - Parameters:
  ///   - names: files, patterns of files, or addresses, of one kind.
  ///   - query: whether a query selects the rows, which only the engine can do.
  /// - Throws: a failure if a file is missing, a pattern matches nothing, or the kinds differ.
  init(_ names: [String], hasQuery: Bool = false) throws {
    paths = try names.flatMap { try Self.expanded($0) }
    for path in paths where !Self.isAddress(path) { try InputFile.check(path) }
    name = names.count > 1 ? "\(names[0]) and \(names.count - 1) more" : names.first ?? "--query"
    guard let first = paths.first else {
      reader = .engine(.database)
      inputs = []
      return
    }
    let kind = try Self.kind(first)
    for path in paths.dropFirst() where try Self.kind(path) != kind {
      throw CommandFailure(
        .usage, "\(first) and \(path) are files of different kinds",
        hint: "one table has files of one kind; read others with --query")
    }
    if kind == .engine(.database), paths.count > 1 {
      throw CommandFailure(
        .usage, "\(paths[1]): only one database can be read",
        hint: "attach others in the query: --query")
    }
    if kind == .text, paths.count > 1, paths.contains("-") {
      throw CommandFailure(
        .usage, "standard input (-) is a table of its own", hint: "name files, or pipe them all")
    }
    if kind == .text, hasQuery, paths.contains("-") {
      throw CommandFailure(
        .usage, "--query cannot read standard input", hint: "name a file instead of -")
    }
    reader = kind == .text && hasQuery ? .engine(.csv) : kind
    inputs = reader == .text ? try paths.map(InputFile.open) : []
  }

  /// Who reads a path, by its form.
  private static func kind(_ path: String) throws(CommandFailure) -> Reader {
    if isAddress(path) {
      let scheme = path.prefix { $0 != ":" }.lowercased()
      if databaseSchemes.contains(scheme) { return .engine(.database) }
      guard fileSchemes.contains(scheme) else {
        throw CommandFailure(
          .usage, "\(path): '\(scheme)' addresses cannot be read",
          hint: "known are \((fileSchemes + databaseSchemes).sorted().joined(separator: ", "))")
      }
      // Without the query of a URL.
      let kind = Self.byEnding(String(path.prefix { $0 != "?" && $0 != "#" }))
      return kind == .text ? .engine(.csv) : kind
    }
    return byEnding(path)
  }

  private static func byEnding(_ path: String) -> Reader {
    var name = path.lowercased()
    if endings.database.contains(where: name.hasSuffix) { return .engine(.database) }
    if endings.parquet.contains(where: name.hasSuffix) { return .engine(.parquet) }
    for compression in [".gz", ".zst"] where name.hasSuffix(compression) {
      name.removeLast(compression.count)
    }
    return endings.json.contains(where: name.hasSuffix) ? .engine(.json) : .text
  }

  private static let endings = (
    parquet: [".parquet", ".parq", ".pq"], json: [".json", ".jsonl", ".ndjson"],
    database: [".duckdb", ".ddb", ".db", ".sqlite", ".sqlite3"]
  )
  private static let fileSchemes = ["http", "https", "s3", "gs", "gcs", "r2", "hf"]
  private static let databaseSchemes = ["postgres", "postgresql", "mysql", "sqlite", "duckdb"]

  /// Whether a name is a URL rather than a path.
  static func isAddress(_ name: String) -> Bool {
    guard let colon = name.range(of: "://") else { return false }
    return name[..<colon.lowerBound].allSatisfy { $0.isLetter || $0.isNumber }
  }

  /// The files that a pattern matches, in the order of their names; a name without a pattern stays
  /// unchanged.
  private static func expanded(_ name: String) throws(CommandFailure) -> [String] {
    guard !isAddress(name), name.contains(where: { "*?[".contains($0) }),
      access(name, F_OK) != 0
    else { return [name] }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(name, 0, nil, &found) == 0, found.gl_pathc > 0 else {
      throw CommandFailure(
        .missingInput, "\(name): no file matches this pattern",
        hint: "check it; it is taken from \(FileManager.default.currentDirectoryPath)")
    }
    return (0..<Int(found.gl_pathc)).compactMap { i in
      found.gl_pathv[i].map { String(cString: $0) }
    }
  }

  /// The path that an engine attaches: an SQLite file needs its kind in front.
  var enginePaths: [String] {
    guard reader == .engine(.database), let path = paths.first, !Self.isAddress(path),
      let file = FileHandle(forReadingAtPath: path),
      let start = try? file.read(upToCount: 15), start == Data("SQLite format 3".utf8)
    else {
      return paths.map { $0.hasPrefix("sqlite://") ? "sqlite:" + $0.dropFirst(9) : $0 }
    }
    return ["sqlite:" + path]
  }
}
