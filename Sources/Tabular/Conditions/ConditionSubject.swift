// SPDX-License-Identifier: Apache-2.0

/// What a condition is about: a column of a schema, or a part of a column of times.
///
/// A name is, in this order:
/// - the column of that name;
/// - `COLUMN.PART`, such as `start_time.hour`;
/// - `WORDS.PART` or `WORDS_PART`, such as `start_hour`, where exactly one column of times has the
///   words, next to each other, in its name: `trip_start_datetime`.
struct ConditionSubject {
  let column: ColumnSchema
  let part: DatetimePart?

  /// As messages name it.
  package var name: String { column.name + (part.map { ".\($0.rawValue)" } ?? "") }

  init(_ syntax: ConditionSyntax, condition: String, schema: Schema) throws(RowConditionError) {
    if syntax.part == nil, let column = schema[CSVHeader.trimmed(syntax.name)] {
      self.column = column
      part = nil
      return
    }
    let written = syntax.name + (syntax.part.map { ".\($0)" } ?? "")
    guard let (stem, ending, isDotted) = Self.split(syntax) else {
      throw .unknownColumn(
        condition: condition, name: written, suggestions: Self.suggestions(written, schema))
    }
    let part = DatetimePart(rawValue: ending.lowercased())
    if isDotted, let column = schema[CSVHeader.trimmed(stem)] {
      guard column.kind == .datetime else {
        throw .notTime(condition: condition, column: stem, kind: column.kind)
      }
      guard let part else { throw .unknownPart(condition: condition, part: ending) }
      self.column = column
      self.part = part
      return
    }
    let candidates = schema.columns.filter {
      $0.kind == .datetime && Self.hasWords(stem, in: $0.name)
    }
    if candidates.count == 1, isDotted, part == nil {
      throw .unknownPart(condition: condition, part: ending)
    }
    guard let part, let column = candidates.first else {
      throw .unknownColumn(
        condition: condition, name: written, suggestions: Self.suggestions(written, schema))
    }
    if candidates.count > 1 {
      throw .ambiguous(
        condition: condition, name: written,
        candidates: candidates.map { "\($0.name).\(part.rawValue)" })
    }
    self.column = column
    self.part = part
  }

  /// What stands before and behind the last dot or, without one, the last underscore.
  private static func split(_ syntax: ConditionSyntax) -> (String, String, isDotted: Bool)? {
    if let part = syntax.part { return (syntax.name, part, true) }
    for mark: Character in [".", "_"] {
      if let index = syntax.name.lastIndex(of: mark) {
        return (
          String(syntax.name[..<index]), String(syntax.name[index...].dropFirst()), mark == "."
        )
      }
    }
    return nil
  }

  private static func hasWords(_ stem: String, in name: String) -> Bool {
    func words(_ text: String) -> [Substring] {
      text.lowercased().split { !$0.isLetter && !$0.isNumber }
    }
    let sought = words(stem)
    let found = words(name)
    return !sought.isEmpty && sought.count <= found.count
      && (0...found.count - sought.count).contains { found[$0...].starts(with: sought) }
  }

  /// What may have been meant: the part that the name ends in, of each column of times, or the
  /// names that are nearest, or all names.
  private static func suggestions(_ name: String, _ schema: Schema) -> [String] {
    let near = schema.names(like: name)
    if !near.isEmpty { return near }
    let ending = name.lowercased().split { $0 == "." || $0 == "_" }.last.map(String.init)
    let parts = ending.flatMap(DatetimePart.init).map { part in
      schema.columns.filter { $0.kind == .datetime }.map { "\($0.name).\(part.rawValue)" }
    }
    return parts.flatMap { $0.isEmpty ? nil : $0 } ?? schema.columns.prefix(50).map(\.name)
  }
}
