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

  /// Without the rows that a cleaning leaves out.
  func cleaned(_ cleaning: Cleaning) throws -> TableSource {
    switch cleaning {
    case .none: return self
    case .taxi:
      let (kept, report) = try TaxiCleaning().apply(to: table)
      guard kept.rowCount > 0 else {
        throw CommandFailure(
          .data, "\(path): no row is left once those that break a rule of taxi trips are left out",
          hint: "learn the table as it is, with --clean none")
      }
      var copy = self
      copy.table = kept
      copy.text +=
        "left out \(NumberText.grouped(report.rowsBefore - report.rowsAfter)) of "
        + "\(NumberText.grouped(report.rowsBefore)) rows (--clean taxi):\n"
      for entry in report.entries {
        guard let rows = entry.rows, rows > 0 else { continue }
        copy.text += "  \(NumberText.grouped(rows)): \(entry.rule.rawValue)\n"
      }
      return copy
    }
  }

  /// The rows that meet all conditions.
  func rows(where conditions: [RowCondition]) throws -> TableSource {
    if conditions.isEmpty { return self }
    var copy = self
    copy.table = table.selecting(rows: try table.rows(where: conditions))
    guard copy.table.rowCount > 0 else {
      throw CommandFailure(
        .data, "\(path): none of \(NumberText.grouped(table.rowCount)) rows meets the conditions",
        hint: "widen them: --where \(conditions.map(\.description).joined(separator: ", "))")
    }
    return copy
  }

  /// A random subset of `rows` rows, or all.
  func subset(_ rows: Int?, seed: UInt64) throws(CommandFailure) -> TableSource {
    guard let rows else { return self }
    guard rows <= table.rowCount else {
      throw CommandFailure(
        .data,
        "\(path): --rows asks for \(rows) rows, there are \(NumberText.grouped(table.rowCount)) rows",
        hint: "ask for fewer, or leave --rows away to learn all")
    }
    var copy = self
    copy.table = table.selecting(
      rows: RowSubset(count: table.rowCount, seed: seed).first(rows))
    copy.text += "learning a random subset of \(NumberText.grouped(rows)) rows\n"
    return copy
  }
}

extension TableOptions {
  /// The table that these options describe.
  func read(_ path: String, seed: UInt64) throws -> TableSource {
    try TableSource(path, options: reading).cleaned(cleaning.clean).subset(rows, seed: seed)
  }
}
