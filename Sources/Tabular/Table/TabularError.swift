// SPDX-License-Identifier: Apache-2.0

import AtomicFiles

/// An error in a table, its file or its schema. Each description says what to do.
public enum TabularError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A file could not be opened, read or written: path, the system's reason, and what to do if the
  /// reason does not say it.
  case file(path: String, reason: String, hint: String? = nil)
  /// The content of a file is not a table: path, line (1-based, nil where there is none), problem,
  /// hint.
  case malformed(path: String, line: Int?, problem: String, hint: String)
  /// Columns that a schema names and the table lacks, and those that it has.
  case missingColumns([String], available: [String])
  /// The schema contradicts itself or the table: the problem, and what to do.
  case schema(String, hint: String? = nil)
  /// Columns that do not fit together, or not to what is to be done with them: the problem, and what
  /// to do.
  case invalidTable(String, hint: String? = nil)
  /// A transform was asked for something its fitted state cannot do.
  case encoding(String)

  init(_ error: FileError) {
    self = .file(path: error.path, reason: error.reason, hint: error.hint)
  }

  /// The problem and what to do about it.
  public var description: String {
    switch self {
    case .file(let path, let reason, let hint): "\(path): \(reason)\(Self.inParentheses(hint))"
    case .malformed(let path, let line, let problem, let hint):
      "\(path)\(line.map { ":\($0)" } ?? ""): \(problem) (\(hint))"
    case .missingColumns(let columns, let available):
      "schema: there is no column '\(columns.joined(separator: "', '"))' in the table "
        + "(\(Self.suggestion(for: columns, among: available)))"
    case .schema(let text, let hint): "schema: \(text)\(Self.inParentheses(hint))"
    case .invalidTable(let text, let hint): "table: \(text)\(Self.inParentheses(hint))"
    case .encoding(let text): "encoding: \(text)"
    }
  }

  private static func inParentheses(_ hint: String?) -> String {
    hint.map { " (\($0))" } ?? ""
  }

  /// A hint with similar names, or with the first available ones if none is similar.
  public static func suggestion(for columns: [String], among available: [String]) -> String {
    var near: [String] = []
    for name in columns {
      let distances = available.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }
      for (candidate, distance) in distances.sorted(by: { $0.1 < $1.1 }).prefix(3)
      where distance <= max(1, name.count / 3) && !near.contains(candidate) {
        near.append(candidate)
      }
    }
    if !near.isEmpty { return "did you mean \(near.joined(separator: ", "))?" }
    let shown = available.prefix(20).joined(separator: ", ")
    return "it has \(shown)"
      + (available.count > 20 ? " and \(available.count - 20) more" : "")
  }
}
