// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tabular

struct Split: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set random rows of a table aside as a holdout for evaluation.",
    discussion: """
      Writes a random part of the rows to one file and the others to another, both with the header. \
      Every record is copied byte by byte, in the order of the table. The choice of rows depends \
      only on --seed; for the same share, they are those that `tabgan evaluate` sets aside without \
      --holdout. Memory use grows by a few bytes per row. Files whose names end in .gz are \
      compressed; the table may be compressed too. Both files appear under their names only once \
      they are complete.

      Examples:
        tabgan split trips.csv.gz -o train.csv.gz --holdout-output unseen.csv.gz
        tabgan split trips.csv --holdout 0.1 --seed 7 -o a.csv --holdout-output b.csv
        tabgan split trips.csv --holdout 2000 -o a.csv --holdout-output b.csv --json
      Then:
        tabgan train train.csv.gz -o model/
        tabgan generate model/ -n 10000 -o s.csv
        tabgan evaluate --real train.csv.gz --holdout unseen.csv.gz --synthetic s.csv
      """)

  @Argument(help: ArgumentHelp("The table: .csv or .csv.gz with a header.", valueName: "file"))
  var file: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many rows to hold out: a share (0.2) or a number (2000).", valueName: "H"))
  var holdout = HoldoutSize.share(0.2)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file for the training rows: .csv or .csv.gz.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("The file for the holdout rows.", valueName: "file"))
  var holdoutOutput: String

  @OptionGroup var seed: SeedOption
  @OptionGroup var progress: ProgressOption
  @OptionGroup var json: JSONFlag

  func validate() throws {
    for (option, path) in [("-o", output), ("--holdout-output", holdoutOutput)] {
      if path.isEmpty || path == "-" {
        throw ValidationError("\(option) needs the name of a file")
      }
    }
  }

  func run() throws {
    try InputFile.check(file)
    for path in [output, holdoutOutput] { try OutputFile.check(path) }
    try requireDistinctFiles()
    let display = progress.display
    display.show { "counting the rows" }
    var records = 0
    try scan { _, _ in records += 1 }
    let rows = max(records - 1, 0)
    guard let held = holdout.rows(of: rows), held > 0, held < rows else {
      throw CommandFailure(
        .data,
        "\(file): \(NumberText.pluralized(rows, "row")) cannot be split with --holdout \(holdout)",
        hint: "both files need at least one row; hold out fewer or more rows")
    }
    let parts = try write(rows: rows, held: held, display)
    display.clear()
    try StandardOutput.write(json.json ? try JSONText.of(parts) : parts.text)
  }

  /// Writes both files.
  private func write(
    rows: Int, held: Int, _ display: ProgressDisplay
  ) throws -> SplitSummary {
    var isHeld = [Bool](repeating: false, count: rows)
    for row in RowSubset(count: rows, seed: seed.seed).last(held) { isHeld[row] = true }
    let incomplete = "\(output) and \(holdoutOutput) were not written"
    try Interruption.exitOnSignal(message: incomplete)
    // The header exists, since the records were counted before.
    var writers: [CSVWriter] = []
    var written = 0
    try scan { number, record in
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
    return SplitSummary(
      rows: rows, seed: seed.seed, train: .init(path: output, rows: rows - held),
      holdout: .init(path: holdoutOutput, rows: held))
  }

  private func scan(_ visit: (Int, RecordScanner.Record) throws -> Void) throws {
    try RecordScanner.scan(path: file, visit: visit)
  }

  /// Throws if an output would replace the table or the other output.
  private func requireDistinctFiles() throws(CommandFailure) {
    let resolved = { (path: String) in URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    for path in [output, holdoutOutput] where resolved(path) == resolved(file) {
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
