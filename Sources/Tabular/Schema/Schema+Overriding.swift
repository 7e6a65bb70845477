extension Schema {
  /// This schema's kinds and formats on top of an inferred one; columns that it does not name stay
  /// as they are.
  ///
  /// - Throws: ``TabularError/missingColumns(_:available:)`` for columns that the table does not have.
  public func overriding(_ inferred: Schema) throws(TabularError) -> Schema {
    var result = inferred
    let missing = columns.map(\.name).filter { inferred[$0] == nil }
    guard missing.isEmpty else {
      throw .missingColumns(missing, available: inferred.columns.map(\.name))
    }
    for column in columns {
      guard let index = result.columns.firstIndex(where: { $0.name == column.name }) else {
        continue
      }
      result.columns[index].kind = column.kind
      if let format = column.numberFormat { result.columns[index].numberFormat = format }
      if let format = column.datetimeFormat { result.columns[index].datetimeFormat = format }
      if !column.atoms.isEmpty { result.columns[index].atoms = column.atoms }
    }
    return result
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
