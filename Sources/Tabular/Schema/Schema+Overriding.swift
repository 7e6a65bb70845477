extension Schema {
  /// This schema's kinds and formats on top of an inferred one; columns that it does not name stay
  /// as they are.
  ///
  /// - Throws: ``TabularError/schema(_:)`` for a column that the table does not have.
  public func overriding(_ inferred: Schema) throws(TabularError) -> Schema {
    var result = inferred
    for column in columns {
      guard let index = result.columns.firstIndex(where: { $0.name == column.name }) else {
        throw .schema(
          "there is no column '\(column.name)' in the table\(Self.suggestion(column.name, inferred))"
        )
      }
      result.columns[index].kind = column.kind
      if let format = column.numberFormat { result.columns[index].numberFormat = format }
      if let format = column.datetimeFormat { result.columns[index].datetimeFormat = format }
      if !column.atoms.isEmpty { result.columns[index].atoms = column.atoms }
    }
    return result
  }

  private static func suggestion(_ name: String, _ schema: Schema) -> String {
    let near = schema.columns.map { ($0.name, distance(name.lowercased(), $0.name.lowercased())) }
      .filter { $0.1 <= max(2, name.count / 3) }.sorted { $0.1 < $1.1 }.prefix(3).map(\.0)
    if near.isEmpty {
      return " (it has \(schema.columns.map(\.name).joined(separator: ", ")))"
    }
    return " (did you mean \(near.joined(separator: ", "))?)"
  }

  /// Levenshtein's distance.
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
