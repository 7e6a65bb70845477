// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The content of a CSV file.
public struct CSVContent: Sendable {
  /// The values.
  public var table: Table
  /// The kinds and formats of the columns, and the file's dialect.
  public var schema: Schema
  /// Number of records skipped because their field count differs from the header's.
  public var skippedRecords: Int
  /// Notes on how the table was interpreted.
  public var notes: [SchemaNote] = []
}

/// Reads CSV files, plain or gzip, in blocks that are parsed in parallel.
///
/// Types are guessed from the first block and revised where the rest of the file contradicts them;
/// the file is then read again, so the result does not depend on where the contradiction occurs.
public enum CSVReader {
  /// Reads a table and infers its schema. O(bytes).
  ///
  /// - Throws: ``TabularError`` that names the file and, if there is one, the line.
  public static func readTable(
    path: String, options: CSVOptions = CSVOptions()
  ) throws(TabularError) -> (table: Table, schema: Schema) {
    let content = try read(path: path, options: options)
    return (content.table, content.schema)
  }

  /// Reads a table with its schema, notes and the number of skipped records. O(bytes).
  public static func read(
    path: String, options: CSVOptions = CSVOptions()
  ) throws(TabularError) -> CSVContent {
    try read(TableInput(path: path), options: options)
  }

  /// Reads a table from a file, a pipe or memory. O(bytes) for each pass; the input is read again
  /// if a column's type had to be revised.
  public static func read(
    _ input: TableInput, options: CSVOptions = CSVOptions()
  ) throws(TabularError) -> CSVContent {
    var plans: [ColumnPlan]?
    while true {
      var pass = CSVPass(input: input, options: options, plans: plans)
      try pass.run()
      if let revised = try pass.revisedPlans() {
        plans = revised
        continue
      }
      var content = try pass.content()
      content.notes += SchemaNote.all(on: content.table, schema: content.schema)
      return content
    }
  }
}
