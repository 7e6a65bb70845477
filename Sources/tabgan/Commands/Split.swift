// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import TableEngine
import Tabular

struct Split: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set random rows of a table aside as a holdout for evaluation.",
    discussion: """
      Writes a random part of the rows to one file and the others to another, both with the header, \
      in the order of the table. From CSV to CSV, every record is copied byte by byte; from Parquet \
      to Parquet, every value. The choice of rows depends \
      only on --seed; for the same share, they are those that `tabgan evaluate` sets aside without \
      --holdout. Memory use grows by a few bytes per row. Files whose names end in .gz are \
      compressed; the table may be compressed too. Both files appear under their names only once \
      they are complete.

      Examples:
        tabgan split trips.csv.gz -o train.csv.gz --holdout-output unseen.csv.gz
        tabgan split trips.csv --holdout 0.1 --seed 7 -o a.csv --holdout-output b.csv
        tabgan split trips.csv --holdout 2000 -o a.csv --holdout-output b.csv --json
        tabgan split trips.parquet -o train.parquet --holdout-output unseen.parquet
      Then:
        tabgan train train.csv.gz -o model/
        tabgan generate model/ -n 10000 -o s.csv
        tabgan evaluate --real train.csv.gz --holdout unseen.csv.gz --synthetic s.csv
      """)

  @OptionGroup var input: TableArgument

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many rows to hold out: a share (0.2) or a number (2000).", valueName: "H"))
  var holdout = HoldoutSize.share(0.2)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file for the training rows: .csv, .csv.gz or .parquet.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("The file for the holdout rows.", valueName: "file"))
  var holdoutOutput: String

  @OptionGroup var engine: EngineOption
  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption
  @OptionGroup var json: JSONFlag

  func validate() throws {
    try input.validate(query: nil)
    for (option, path) in [("-o", output), ("--holdout-output", holdoutOutput)] {
      if path.isEmpty || path == "-" {
        throw ValidationError("\(option) needs the name of a file")
      }
    }
  }

  func run() throws {
    let location = try TableLocation(input.files)
    for path in [output, holdoutOutput] { try OutputFile.check(path) }
    try requireDistinctFiles(location)
    let display = progress.display
    display.show { "counting the rows" }
    let areParquet = [output, holdoutOutput].map(OutputForm.isParquet)
    let parts: SplitSummary
    switch location.reader {
    case .text where areParquet == [false, false] && location.paths.count == 1:
      parts = try splitRecords(of: location, display)
    case .engine(let kind) where kind != .database && areParquet == [true, true]:
      parts = try splitFiles(EngineSource(kind: kind, paths: location.paths), location, display)
    default: parts = try splitTable(location, display)
    }
    display.clear()
    try StandardOutput.write(json.json ? try JSONText.of(parts) : parts.text)
  }

  /// How many of the rows to hold out.
  private func held(of rows: Int, in location: TableLocation) throws(CommandFailure) -> Int {
    guard let held = holdout.rows(of: rows), held > 0, held < rows else {
      throw CommandFailure(
        .data,
        "\(location.name): \(NumberText.pluralized(rows, "row")) cannot be split with --holdout \(holdout)",
        hint: "both files need at least one row; hold out fewer or more rows")
    }
    return held
  }

  private var incomplete: String { "\(output) and \(holdoutOutput) were not written" }

  private func summary(rows: Int, held: Int) -> SplitSummary {
    SplitSummary(
      rows: rows, seed: seed.seed, train: .init(path: output, rows: rows - held),
      holdout: .init(path: holdoutOutput, rows: held))
  }

  /// From Parquet or JSON to Parquet: the engine copies the rows.
  private func splitFiles(
    _ source: EngineSource, _ location: TableLocation, _ display: ProgressDisplay
  ) throws -> SplitSummary {
    let (library, limits) = (try engine.library(), EngineOption.limits(threads: threads.count))
    let rows = try EngineConnection(library, options: limits).rowCount(of: source)
    let held = try held(of: rows, in: location)
    var isHeld = [Bool](repeating: false, count: rows)
    for row in RowSubset(count: rows, seed: seed.seed).last(held) { isHeld[row] = true }
    try Interruption.exitOnSignal(message: incomplete)
    display.show(isStage: true) { "copying \(NumberText.grouped(rows)) rows" }
    let split = try OutputFile.creating(output) {
      try ParquetSplit(source, to: [output, holdoutOutput], library: library, options: limits)
    }
    for path in split.temporaryPaths { Interruption.removing(path) }
    try OutputFile.writing(output) { try split.write(isHeld: isHeld) }
    return summary(rows: rows, held: held)
  }

  /// From one format to another, or several CSV files: as a table.
  private func splitTable(
    _ location: TableLocation, _ display: ProgressDisplay
  ) throws -> SplitSummary {
    try Interruption.exitOnSignal(message: incomplete)
    var reading = try ReadingOptions.parse([])
    reading.engine = engine
    let source = try TableSource(location, options: reading, threads: threads.count)
    NoteText.write(source.notes.filter { $0.topic == .file || $0.topic == .precision })
    let rows = source.table.rowCount
    let held = try held(of: rows, in: location)
    let subset = RowSubset(count: rows, seed: seed.seed)
    var sinks: [any TableSink] = []
    for (path, chosen) in [
      (output, subset.first(rows - held)), (holdoutOutput, subset.last(held)),
    ] {
      let sink = try TableOutput.open(
        path, schema: source.schema, engine: engine, threads: threads.count)
      if let temporary = sink.temporaryPath { Interruption.removing(temporary) }
      sinks.append(sink)
      for start in stride(from: 0, to: chosen.count, by: Self.rowsAtOnce) {
        try Interruption.check(incomplete)
        let rows = Array(chosen[start..<min(start + Self.rowsAtOnce, chosen.count)])
        try OutputFile.writing(path) { try sink.write(source.table.selecting(rows: rows)) }
        display.show { "\(path): \(NumberText.grouped(start + rows.count)) rows" }
      }
    }
    Interruption.deferSignals()
    for (sink, path) in zip(sinks, [output, holdoutOutput]) {
      try OutputFile.writing(path) { try sink.finish() }
    }
    return summary(rows: rows, held: held)
  }

  private static let rowsAtOnce = 1 << 16

  /// From CSV to CSV: every record is copied byte by byte.
  private func splitRecords(
    of location: TableLocation, _ display: ProgressDisplay
  ) throws -> SplitSummary {
    let file = location.paths[0]
    var records = 0
    try RecordScanner.scan(path: file) { _, _ in records += 1 }
    let rows = max(records - 1, 0)
    return try write(file, rows: rows, held: held(of: rows, in: location), display)
  }

  /// Writes both files.
  private func write(
    _ file: String, rows: Int, held: Int, _ display: ProgressDisplay
  ) throws -> SplitSummary {
    var isHeld = [Bool](repeating: false, count: rows)
    for row in RowSubset(count: rows, seed: seed.seed).last(held) { isHeld[row] = true }
    try Interruption.exitOnSignal(message: incomplete)
    // The header exists, since the records were counted before.
    var writers: [CSVWriter] = []
    var written = 0
    try RecordScanner.scan(path: file) { number, record in
      if number == 0 {
        writers = try [output, holdoutOutput].map { path in
          let writer = try OutputFile.creating(path) { try CSVWriter(path: path, header: record) }
          if let temporary = writer.temporaryPath { Interruption.removing(temporary) }
          return writer
        }
      } else if number <= rows {
        let index = isHeld[number - 1] ? 1 : 0
        try OutputFile.writing(index == 0 ? output : holdoutOutput) {
          try writers[index].write(records: record)
        }
      }
      written = number
      if number % 4096 == 0 {
        try Interruption.check(incomplete)
        display.show { "\(NumberText.percent(Double(number) / Double(rows))) of the rows" }
      }
    }
    guard written == rows else {
      throw CommandFailure(
        .data, "\(file): the file changed while it was read",
        hint: "wait until it is complete, and split it again")
    }
    Interruption.deferSignals()
    for (writer, path) in zip(writers, [output, holdoutOutput]) {
      try OutputFile.writing(path) { try writer.finish() }
    }
    return summary(rows: rows, held: held)
  }

  /// Throws if an output would replace the table or the other output.
  private func requireDistinctFiles(_ location: TableLocation) throws(CommandFailure) {
    let resolved = { (path: String) in URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    let files = Set(location.files.map(resolved))
    for path in [output, holdoutOutput] where files.contains(resolved(path)) {
      throw CommandFailure(
        .cannotCreate, "\(path): this is the input table",
        hint: "nothing was changed; write to another file")
    }
    if resolved(output) == resolved(holdoutOutput) {
      throw CommandFailure(
        .cannotCreate, "\(output): both parts would go to this file",
        hint: "give -o and --holdout-output different names")
    }
  }
}

/// How many rows to hold out: a share, or a number.
enum HoldoutSize: ExpressibleByArgument, CustomStringConvertible {
  case share(Double)
  case rows(Int)

  /// Nil unless the text is a share between 0 and 1 or a whole number of at least 1.
  init?(argument: String) {
    if let rows = Int(argument), rows >= 1 {
      self = .rows(rows)
    } else if let share = Double(argument), share > 0, share < 1 {
      self = .share(share)
    } else {
      return nil
    }
  }

  /// The number of rows to hold out of `rows`; a share is rounded down.
  func rows(of count: Int) -> Int? {
    switch self {
    // The binary value of a share such as 0.29 is slightly too small.
    case .share(let share): Int(Double(count) * share + 1e-9)
    case .rows(let rows): rows
    }
  }

  var description: String {
    switch self {
    case .share(let share): "\(share)"
    case .rows(let rows): "\(rows)"
    }
  }

  var defaultValueDescription: String { description }
}

/// The summary that `--json` prints.
struct SplitSummary: Codable {
  struct Part: Codable {
    var path: String
    var rows: Int
  }
  var rows: Int
  var seed: UInt64
  /// The training rows.
  var train: Part
  /// The holdout rows.
  var holdout: Part

  var text: String {
    """
    \(NumberText.pluralized(rows, "row")): \(NumberText.grouped(train.rows)) to \(train.path), \
    \(NumberText.grouped(holdout.rows)) held out in \(holdout.path)

    """
  }
}
