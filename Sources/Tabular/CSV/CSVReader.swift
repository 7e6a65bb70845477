import Foundation

/// What a CSV file holds.
public struct CSVContent: Sendable {
  public var table: Table
  public var schema: Schema
  /// Records left out because they had another number of fields than the header.
  public var skippedRecords: Int
  /// What a user should know about how the table was understood.
  public var notes: [SchemaNote] = []
}

/// Reads CSV files, plain or gzip, in blocks that are parsed in parallel.
///
/// Types are guessed from the first block and revised where the rest of the file contradicts them;
/// the file is then read again, so that a table never depends on where the surprise was.
public enum CSVReader {
  /// Reads a table and infers its schema. O(bytes).
  ///
  /// - Throws: ``TabularError`` that names the file, and the line where there is one.
  public static func readTable(
    path: String, options: CSVOptions = CSVOptions()
  ) throws(TabularError) -> (table: Table, schema: Schema) {
    let content = try read(path: path, options: options)
    return (content.table, content.schema)
  }

  /// As ``readTable(path:options:)``, with what else there is to know.
  public static func read(
    path: String, options: CSVOptions = CSVOptions()
  ) throws(TabularError) -> CSVContent {
    try read(TableInput(path: path), options: options)
  }

  /// Reads a table from a file, a pipe or memory.
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
