import Tabular

/// A table as it was read, with its schema and what was done to it.
struct TableSource {
  var path: String
  var table: Table
  var schema: Schema
  /// What was read and left out, a line each, for people.
  var text: String

  /// Reads a table.
  ///
  /// - Parameter following: a schema that says what the columns mean; by default the one that
  ///   `options` name, if any, or what is inferred.
  init(_ path: String, options: ReadingOptions, following schema: Schema? = nil) throws {
    try InputFile.check(path)
    var reading = options.csv
    reading.schema = try schema ?? options.schemaFile()
    let content = try CSVReader.read(path: path, options: reading)
    self.path = path
    table = content.table
    self.schema = content.schema
    text =
      "\(path): \(NumberText.counted(table.rowCount, "row")), "
      + "\(NumberText.counted(self.schema.columns.count, "column"))\n"
    if content.skippedRecords > 0 {
      text +=
        "left out \(NumberText.counted(content.skippedRecords, "line")) with another number of fields"
        + " than the header (--bad-lines skip)\n"
    }
  }
}
