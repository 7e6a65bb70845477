// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tabular
import TabularEvaluation

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a synthetic table from any generator.",
    discussion: """
      Compares three tables with the same columns: the rows that a generator was trained on \
      (--real), real rows that it has never seen (--holdout), and its own rows (--synthetic). Each \
      score is shown with its holdout baseline, the score of real rows, and its independent-columns \
      baseline, the score of columns that are shuffled independently:
        shape, trend  error of single columns and of pairs, in %; 0 is best
        classifier    area under the ROC curve of a classifier that separates
                      synthetic from real rows; 0.5: it cannot, 1: it always can
        TSTR          score on the holdout of a model trained on synthetic rows
        copying       whether rows are closer to training rows than to unseen ones
        rules         % of rows that violate a plausibility rule of a known domain
        places        % of locations in areas of a known domain
      With --where, only the rows of the three tables that meet the conditions are compared: a \
      conditional sample with the real rows that meet the same conditions.

      Examples:
        tabgan evaluate --real train.csv --holdout unseen.csv --synthetic s.csv
        tabgan evaluate --real train.csv --synthetic s.csv --target price
        tabgan evaluate --real a.csv --holdout b.csv --synthetic s.csv --json q.json
        tabgan evaluate --real a.csv --synthetic s.csv --rows 5000 --json
        tabgan evaluate --real a.csv --holdout b.csv --synthetic s.csv --map map.svg
        tabgan evaluate --real a.csv --holdout b.csv --synthetic evening.csv \\
          --where 'payment_type = 2' --where 'start_hour >= 17'
      """)

  @Option(help: ArgumentHelp("The rows that the generator was trained on.", valueName: "file"))
  var real: String

  @Option(
    help: ArgumentHelp(
      """
      Real rows that the generator has never seen. Without it, a random fifth of --real is set aside; \
      the generator has seen those rows, so copying is hidden.
      """, valueName: "file"))
  var holdout: String?

  @Option(help: ArgumentHelp("The rows to evaluate.", valueName: "file"))
  var synthetic: String

  @Option(
    help: ArgumentHelp(
      "The column to predict for ML utility (TSTR); by default the time between the first two datetimes.",
      valueName: "column"))
  var target: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The maximum number of rows to compare on each side.", valueName: "N"))
  var rows = EvaluationOptions().rows

  @Option(
    defaultAsFlag: "-",
    help: ArgumentHelp(
      "Write the report as JSON to a file; alone or with -, to standard output instead of the text.",
      valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      "Draw journeys of the holdout and of the synthetic rows on maps side by side.",
      valueName: "file.svg"))
  var map: String?

  @OptionGroup(title: "Conditions") var conditions: ConditionOptions
  @OptionGroup(title: "Tables") var reading: ReadingOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption

  func validate() throws {
    if rows < 1 { throw ValidationError("--rows must be at least 1, not \(rows)") }
    try InputFile.checkStandardInput([real, holdout, synthetic])
  }

  func run() throws {
    let inputs = [real, holdout, synthetic].compactMap(\.self)
    let locations = try inputs.map { try TableLocation([$0], hasQuery: reading.query != nil) }
    for path in [json, map].compactMap(\.self) {
      try OutputFile.check(
        path, inputs: locations.flatMap(\.files) + [reading.schema].compactMap(\.self))
    }
    let display = progress.display
    display.show { "reading the tables" }
    let tables = try readTables()
    let journeyMap = try journeyMap(of: tables.holdout)

    var options = EvaluationOptions()
    options.target = target?.trimmingCharacters(in: .whitespaces)
    options.rows = rows
    options.seed = seed.seed
    options.threads = threads.count
    let report: QualityReport
    do {
      report = try QualityReport.evaluate(
        train: tables.train, holdout: tables.holdout, synthetic: tables.synthetic,
        domains: Domains.all, options: options
      ) { step in
        display.show(isStage: true) { "\(Int(step.fraction * 100)) % | \(step.stage)" }
      }
    } catch {
      throw failure(error)
    }
    display.clear()

    if holdout == nil { StandardError.write(Self.noHoldoutNote(tables.holdout.rowCount)) }
    if let json { try write(report, to: json) }
    if let map, let journeyMap {
      try AtomicTextFile.write(
        journeyMap.svg([
          journeyMap.panel("real", tables.holdout), journeyMap.panel("synthetic", tables.synthetic),
        ]), to: map)
    }
    if json != "-" {
      let locations = LocationTable(real: tables.holdout, synthetic: tables.synthetic)
      try StandardOutput.show(
        report.text + (Self.targetHint(report) ?? "") + (locations.map { "\n" + $0.text } ?? ""))
    }
  }

  /// Converts an error to a failure that names the file.
  private func failure(_ error: any Error) -> CommandFailure {
    guard let error = error as? EvaluationError, case .nothingToCompare(let columns) = error else {
      return CommandFailure(error)
    }
    return CommandFailure(
      .data,
      "\(real): no column can be compared: \(CommandFailure.columns(columns)) "
        + "\(columns.count == 1 ? "is" : "are") ids, free text or empty",
      hint: "`tabgan inspect \(real)` shows what is in them")
  }

  /// What a map is drawn with, where one was asked for.
  private func journeyMap(of real: Table) throws -> JourneyMap? {
    guard map != nil else { return nil }
    guard let map = JourneyMap(real) else {
      throw CommandFailure(
        .data, "\(self.real): there are no journeys to draw a map of",
        hint: "a map needs the columns "
          + Domains.all.compactMap { $0.journey?.names.joined(separator: ", ") }
          .joined(separator: "; or ") + "; omit --map")
    }
    return map
  }

  private func readTables() throws -> (train: Table, holdout: Table, synthetic: Table) {
    var real = try source(self.real, following: nil)
    let conditions = try conditions.conditions(on: real.schema)
    // The others are read by the first one's schema, so that a column means the same in each.
    let synthetic = try source(self.synthetic, following: real).rows(where: conditions)
    NoteText.write([synthetic.extraColumns(missingFrom: real)].compactMap(\.self))
    real = try real.rows(where: conditions)
    if let holdout {
      let held = try source(holdout, following: real).rows(where: conditions)
      NoteText.write([held.extraColumns(missingFrom: real)].compactMap(\.self))
      return (real.table, held.table, synthetic.table)
    }
    let count = real.table.rowCount
    guard count >= 10 else {
      throw CommandFailure(
        .data, "\(self.real): \(count) rows are too few to set a fifth of them aside",
        hint: "give real rows that the generator never saw with --holdout")
    }
    let subset = RowSubset(count: count, seed: seed.seed)
    let held = count / 5
    return (
      real.table.selecting(rows: subset.first(count - held)),
      real.table.selecting(rows: subset.last(held)), synthetic.table
    )
  }

  private func source(_ name: String, following other: TableSource?) throws -> TableSource {
    try TableSource(
      TableLocation([name], hasQuery: reading.query != nil), options: reading, following: other,
      threads: threads.count)
  }

  private func write(_ report: QualityReport, to path: String) throws {
    let text = String(decoding: try report.json(), as: UTF8.self) + "\n"
    if path == "-" {
      try StandardOutput.write(text)
    } else {
      try AtomicTextFile.write(text, to: path)
    }
  }

  /// A hint on how to measure utility, if it was not measured.
  private static func targetHint(_ report: QualityReport) -> String? {
    guard report.utilityOmission == .noTarget else { return nil }
    let names = report.features.filter { !$0.isDerived }.map(\.name)
    return "\nTo measure utility, name a column to predict: --target \(names.last ?? "COLUMN")\n"
  }

  private static func noHoldoutNote(_ rows: Int) -> String {
    """
    note: no --holdout was given, so \(NumberText.grouped(rows)) random rows of --real take its place \
    (`tabgan split` sets rows aside before training). The generator has probably learned from them too: its scores look better than they are, \
    and copying is hidden.

    """
  }
}
