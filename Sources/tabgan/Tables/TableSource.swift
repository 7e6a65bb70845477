// SPDX-License-Identifier: Apache-2.0

import Charts
import TableEngine
import Tabular

/// A table as it was read, with its schema and what was done to it.
struct TableSource {
  var path: String
  var table: Table
  var schema: Schema
  /// What was read and left out, a line each, for people.
  var text: String
  /// Notes on how the table was interpreted.
  var notes: [SchemaNote]

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - following: a table whose schema applies; by default, the schema given by `options`, if
  ///     any, or the inferred one.
  ///   - threads: number of threads.
  init(
    _ location: TableLocation, options: ReadingOptions, following other: TableSource? = nil,
    threads: Int
  ) throws {
    let schema = try other?.schema ?? options.schemaFile()
    do {
      switch location.reader {
      case .text:
        try self.init(text: location, options: options, schema: schema, threads: threads)
      case .engine(let kind):
        try self.init(
          EngineSource(kind: kind, paths: location.enginePaths, query: options.query),
          name: location.name, options: options, schema: schema, threads: threads)
      }
    } catch TabularError.missingColumns(let columns, let available) {
      throw Self.missing(columns, available, in: location.name, options: options, following: other)
    }
  }

  /// Reads a table that is one CSV file, or several with the same columns.
  private init(
    text location: TableLocation, options: ReadingOptions, schema: Schema?, threads: Int
  ) throws {
    var reading = options.csv(schema: schema)
    reading.threads = threads
    var content = try CSVReader.read(location.inputs[0], options: reading)
    if location.inputs.count > 1 {
      var files = [(location.paths[0], content)]
      reading.schema = content.schema
      for (path, input) in zip(location.paths, location.inputs).dropFirst() {
        files.append((path, try CSVReader.read(input, options: reading)))
      }
      content = try CSVContent.joining(files, declared: schema, threads: threads)
    }
    path = location.name
    table = content.table
    self.schema = content.schema
    notes = content.notes
    text =
      "\(VisibleText.line(path)): \(NumberText.pluralized(table.rowCount, "row")), "
      + "\(NumberText.pluralized(self.schema.columns.count, "column"))"
      + "\(DialectText.differences(self.schema.dialect))\n"
    if content.skippedRecords > 0 {
      text +=
        "skipped \(NumberText.pluralized(content.skippedRecords, "line")) with a different number of fields"
        + " than the header (--bad-lines skip)\n"
    }
  }

  /// Reads a table with the engine.
  private init(
    _ source: EngineSource, name: String, options: ReadingOptions, schema: Schema?, threads: Int
  ) throws {
    let connection = try EngineConnection(
      options.engine.library(), options: EngineOption.limits(threads: threads))
    let found = try connection.read(
      source, skipsUnsupported: options.skipUnsupported, declared: schema)
    path = name
    table = found.content.table
    self.schema = found.content.schema
    notes = found.content.notes
    if source.kind == .csv {
      notes.insert(
        SchemaNote(
          topic: .file,
          text: "read by the engine: numbers and times are not written back as the file has them"),
        at: 0)
    }
    guard table.rowCount > 0 else {
      throw CommandFailure(
        .data, "\(name): there are no rows",
        hint: options.query == nil ? "check the file" : "widen the query")
    }
    text =
      "\(VisibleText.line(name)): "
      + (source.paths.count > 1 ? "\(source.paths.count) files, " : "")
      + "\(NumberText.pluralized(table.rowCount, "row")), "
      + "\(NumberText.pluralized(self.schema.columns.count, "column"))\n"
    if options.query != nil, let read = found.rowsRead {
      text += Self.counts(read: read, kept: table.rowCount)
    }
    if !found.content.skipped.isEmpty {
      text +=
        "skipped \(CommandFailure.columns(found.content.skipped.map(\.name)))"
        + " (--skip-unsupported)\n"
    }
  }

  /// What a query left of the rows.
  private static func counts(read: Int, kept: Int) -> String {
    var table = TextTable([.left("--query"), .right("rows"), .right("share")])
    let share = { (count: Int) in NumberText.percent(Double(count) / Double(max(read, 1))) }
    table.append(["read", NumberText.grouped(read), share(read)])
    // A query may also make rows: a join, a list taken apart.
    if kept <= read {
      table.append(["left out", NumberText.grouped(read - kept), share(read - kept)])
    }
    table.append(["kept", NumberText.grouped(kept), share(kept)])
    return table.rendered() + "\n"
  }

  /// Adds the file names to an error on columns.
  private static func missing(
    _ columns: [String], _ available: [String], in path: String, options: ReadingOptions,
    following other: TableSource?
  ) -> CommandFailure {
    let names = CommandFailure.columns(columns)
    let hint = TabularError.suggestion(for: columns, among: available)
    guard let other else {
      return CommandFailure(
        .data, "\(path): has no \(names) that \(options.schema ?? "the schema") names", hint: hint)
    }
    return CommandFailure(
      .data, "\(path): has no \(names) that \(other.path) has",
      hint: hint.hasPrefix("did") ? hint : "tables are compared column by column; \(hint)")
  }

  /// A note on columns that only this table has; nil if there are none.
  func extraColumns(missingFrom other: TableSource) -> SchemaNote? {
    let columns = schema.columns.map(\.name).filter { other.schema[$0] == nil }
    guard !columns.isEmpty else { return nil }
    return SchemaNote(
      topic: .notCompared,
      text: "\(path): \(CommandFailure.columns(columns)) \(columns.count == 1 ? "is" : "are") not "
        + "compared: \(other.path) has no such \(columns.count == 1 ? "column" : "columns")")
  }

  /// Without the rows that a cleaning leaves out.
  consuming func cleaned(_ cleaning: Cleaning) throws -> TableSource {
    guard let domain = cleaning.domain else { return self }
    let (kept, report) = try domain.cleaned(table)
    guard kept.rowCount > 0 else {
      throw CommandFailure(
        .data, "\(path): the cleaning '\(domain.name)' removes all rows",
        hint: "use all rows with --clean none")
    }
    var copy = self
    copy.table = kept
    copy.text +=
      "left out \(NumberText.grouped(report.rowsBefore - report.rowsAfter)) of "
      + "\(NumberText.grouped(report.rowsBefore)) rows (--clean \(domain.name)):\n"
    for entry in report.entries {
      guard let rows = entry.rows, rows > 0 else { continue }
      copy.text += "  \(NumberText.grouped(rows)): \(entry.reason)\n"
    }
    return copy
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

  /// Parts the table into the rows to learn, by default all, and the monitoring rows that are set
  /// aside.
  ///
  /// - Returns: what is to be learned, and the monitoring rows.
  consuming func parted(
    rows: Int?, monitoring: Int?, seed: UInt64
  ) throws(CommandFailure) -> (training: TableSource, monitoring: Table) {
    let count = table.rowCount
    if let rows, rows > count {
      throw CommandFailure(
        .data,
        "\(path): --rows asks for \(rows) rows, there are \(NumberText.grouped(count)) rows",
        hint: "ask for fewer, or omit --rows to use all rows")
    }
    if let monitoring, monitoring > 0, monitoring >= count {
      throw CommandFailure(
        .data,
        "\(path): --monitoring-rows asks for \(monitoring) rows, there are \(NumberText.grouped(count)) rows",
        hint: "ask for fewer, so that rows are left to train on, or for none: --monitoring-rows 0")
    }
    let parts = TrainingRows(count: count, rows: rows, monitoring: monitoring, seed: seed)
    let monitoringRows = table.selecting(rows: parts.monitoringRows)
    var training = self
    if parts.training.count < count {
      training.table.keep(rows: parts.training)
      training.notes.removeAll { $0.topic == .fewRows }
      training.notes =
        (SchemaNote.fewRows(parts.training.count).map { [$0] } ?? []) + training.notes
    }
    if rows != nil {
      training.text +=
        "training on a random subset of \(NumberText.pluralized(parts.training.count, "row"))\n"
    }
    if !parts.monitoringRows.isEmpty {
      training.text +=
        "set aside \(NumberText.pluralized(parts.monitoringRows.count, "monitoring row")) "
        + "(--monitoring-rows)\n"
    }
    return (training, monitoringRows)
  }
}

extension TableOptions {
  /// The table that these options describe: the training rows, and the monitoring rows.
  func read(
    _ location: TableLocation, monitoring: Int?, seed: UInt64, threads: Int
  ) throws -> (training: TableSource, monitoring: Table) {
    try TableSource(location, options: reading, threads: threads).cleaned(cleaning.clean)
      .parted(rows: rows, monitoring: monitoring, seed: seed)
  }
}
