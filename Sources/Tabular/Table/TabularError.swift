/// What can go wrong with a table, its file or its schema. Each description says what to do.
public enum TabularError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A file could not be opened, read or written: path and the system's reason.
  case file(path: String, reason: String)
  /// The content of a file is not a table: path, line (1-based, nil where there is none), problem, hint.
  case malformed(path: String, line: Int?, problem: String, hint: String)
  /// The schema contradicts itself or the table.
  case schema(String)
  /// Columns that do not fit together.
  case invalidTable(String)
  /// A transform was asked for something its fitted state cannot do.
  case encoding(String)

  public var description: String {
    switch self {
    case .file(let path, let reason): "\(path): \(reason)"
    case .malformed(let path, let line, let problem, let hint):
      "\(path)\(line.map { ":\($0)" } ?? ""): \(problem) (\(hint))"
    case .schema(let text): "schema: \(text)"
    case .invalidTable(let text): "table: \(text)"
    case .encoding(let text): "encoding: \(text)"
    }
  }
}
