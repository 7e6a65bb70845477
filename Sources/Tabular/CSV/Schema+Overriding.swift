// SPDX-License-Identifier: Apache-2.0

extension Schema {
  /// Applies this schema's kinds and formats to an inferred schema; columns that this schema does
  /// not name are unchanged.
  ///
  /// - Throws: ``TabularError/missingColumns(_:available:)`` if this schema names columns that the
  ///   table lacks.
  public func overriding(_ inferred: Schema) throws(TabularError) -> Schema {
    var result = inferred.columns
    let columnIndices = Dictionary(zip(result.map(\.name), 0...)) { first, _ in first }
    func position(_ name: String) -> Int? {
      columnIndices[name] ?? columnIndices[CSVHeader.trimmed(name)]
    }
    let missing = columns.map(\.name).filter { position($0) == nil }
    guard missing.isEmpty else {
      throw .missingColumns(missing, available: inferred.columns.map(\.name))
    }
    for column in columns {
      guard let index = position(column.name) else {
        continue
      }
      result[index].kind = column.kind
      if let format = column.numberFormat { result[index].numberFormat = format }
      if let format = column.datetimeFormat { result[index].datetimeFormat = format }
      if !column.pointMasses.isEmpty { result[index].pointMasses = column.pointMasses }
    }
    return Schema(columns: result, dialect: inferred.dialect)
  }

  /// This schema with the time formats that were found where it declares others: a declared format
  /// is read leniently, and written in the form found.
  package func keepingTimeFormats(of found: Schema) -> Schema {
    var columns = columns
    for c in columns.indices where columns[c].datetimeFormat != nil {
      if let format = found[columns[c].name]?.datetimeFormat { columns[c].datetimeFormat = format }
    }
    return Schema(columns: columns, dialect: dialect)
  }

  /// Limit on the number of names to compare.
  private static let maxNamesCompared = 5000

  /// Up to three similar column names, the most similar first.
  package func names(like name: String) -> [String] {
    columns.prefix(Self.maxNamesCompared)
      .map { ($0.name, editDistance(name.lowercased(), $0.name.lowercased())) }
      .filter { $0.1 <= max(2, name.count / 3) }.sorted { $0.1 < $1.1 }.prefix(3).map(\.0)
  }
}
