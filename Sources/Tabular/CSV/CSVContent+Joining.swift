// SPDX-License-Identifier: Apache-2.0

extension CSVContent {
  /// The rows of several files with the same columns as one table, in the order of the files; read
  /// each file but the first with the schema of the first. Formats are those of the first file, with
  /// the most decimals of any. O(cells).
  ///
  /// - Parameters:
  ///   - files: the paths and contents.
  ///   - declared: kinds and formats that override what is inferred.
  /// - Throws: ``TabularError`` where the columns or their types differ.
  public static func joining(
    _ files: [(path: String, content: CSVContent)], declared: Schema? = nil, threads: Int
  ) throws(TabularError) -> CSVContent {
    guard let first = files.first?.content else {
      throw .invalidTable("there are no files to join")
    }
    var result = first
    var tables = [first.table]
    for (path, content) in files.dropFirst() {
      let extra = content.schema.columns.map(\.name).filter { first.schema[$0] == nil }
      guard extra.isEmpty else {
        throw .malformed(
          path: path, line: nil,
          problem: "has columns that \(files[0].path) lacks: \(extra.joined(separator: ", "))",
          hint: "files of one table have the same columns")
      }
      var columns: [Column] = []
      for column in first.schema.columns {
        // Reading by the first file's schema made sure that it exists.
        guard let found = content.table[column.name] else { continue }
        columns.append(found)
      }
      tables.append(try Table(columns: columns))
      result.skippedRecords += content.skippedRecords
      result.notes += content.notes.filter { $0.topic != .fewRows && !result.notes.contains($0) }
    }
    result.table = try Table(joining: tables)
    let texts = zip(first.schema.columns, result.table.columns).map { column, values in
      SchemaInference.ColumnText(
        number: column.numberFormat?.withDecimals(of: values), datetime: column.datetimeFormat,
        missing: column.missingMarkers,
        padding: column.padding)
    }
    var columns = SchemaInference.infer(result.table, texts: texts, threads: threads).columns
    for c in columns.indices { columns[c].headerText = first.schema.columns[c].headerText }
    result.schema = Schema(columns: columns, dialect: first.schema.dialect)
    if let declared {
      result.schema = try declared.keepingTimeFormats(of: result.schema).overriding(result.schema)
    }
    result.notes.removeAll { $0.topic == .fewRows }
    if let note = SchemaNote.fewRows(result.table.rowCount) { result.notes.insert(note, at: 0) }
    return result
  }
}

extension NumberFormat {
  /// The format with as many decimals as the values have, if these are known.
  fileprivate func withDecimals(of column: Column) -> NumberFormat {
    guard exponent == nil, let needed = column.numbers?.packedDecimals, needed > decimals else {
      return self
    }
    var format = self
    format.decimals = needed
    if style == .fixed || style == .widths { format.style = .shortest }
    format.widths = []
    return format
  }
}

extension ColumnSchema {
  /// The markers of missing values, with counts in proportion to their shares.
  fileprivate var missingMarkers: [MissingText] {
    let others = otherMissingTexts.map { MissingText(text: $0.text, count: Int($0.share * 1000)) }
    let rest = 1000 - others.reduce(0) { $0 + $1.count }
    return [MissingText(text: missingText, count: max(rest, 1))] + others
  }
}
