import Tabular
import TabularGAN

/// Writes rows chunk by chunk to the output that was asked for, with progress and Ctrl-C.
struct RowStream {
  let options: RowOutputOptions
  let display: ProgressDisplay
  let threads: Int

  /// Has `append` write each range of rows to the file.
  func write(
    schema: Schema, chunk: Int, _ append: (CSVWriter, Range<Int>) throws -> Void
  ) throws -> RowSummary {
    let watch = RowWatch(options: options, display: display)
    let writer = try open(schema)
    var next = 0
    while next < options.rows {
      let rows = next..<min(next + chunk, options.rows)
      try OutputFile.writing(options.output) { try append(writer, rows) }
      next = rows.upperBound
      try watch.note(next)
    }
    return try finish(writer, watch)
  }

  /// Writes the rows that `draw` finds, as it hands them over with the tally so far.
  func write(
    schema: Schema, drawing draw: ((Table, DrawTally) throws -> Void) throws -> DrawTally
  ) throws -> RowSummary {
    let watch = RowWatch(options: options, display: display)
    let writer = try open(schema)
    let tally = try draw { rows, tally in
      if rows.rowCount > 0 { try OutputFile.writing(options.output) { try writer.write(rows) } }
      try watch.note(
        tally.accepted, detail: "\(NumberText.percent(tally.rate)) of the draws meet the conditions"
      )
    }
    var summary = try finish(writer, watch)
    summary.draws = tally.draws
    summary.accepted = tally.accepted
    summary.rate = tally.rate
    return summary
  }

  private func open(_ schema: Schema) throws -> CSVWriter {
    try OutputFile.creating(options.output) {
      try CSVWriter(path: options.output, schema: schema, threads: threads)
    }
  }

  private func finish(_ writer: CSVWriter, _ watch: RowWatch) throws -> RowSummary {
    try OutputFile.writing(options.output) { try writer.finish() }
    display.clear()
    return RowSummary(
      rows: options.rows, output: options.output, seconds: (watch.seconds * 1000).rounded() / 1000)
  }
}

/// Shows how many rows are written, and ends the writing where Ctrl-C asks for it.
private final class RowWatch {
  private let output: String
  private let interruption: Interruption
  private var progress: RowProgress

  init(options: RowOutputOptions, display: ProgressDisplay) {
    output = options.output
    interruption = Interruption(keepsFiles: options.output != "-")
    progress = RowProgress(display, total: options.rows)
  }

  /// Since the start.
  var seconds: Double { progress.seconds }

  /// Notes that `count` rows are written; throws once a signal has come.
  func note(_ count: Int, detail: String? = nil) throws(CommandFailure) {
    try interruption.check(
      output == "-"
        ? "\(NumberText.grouped(count)) rows were written" : "\(output) was not written")
    progress.update(count, detail: detail)
  }
}

/// What a command that writes rows did.
struct RowSummary: Codable {
  var rows: Int
  var output: String
  var seconds: Double
  /// Of conditional rows: how many were drawn, how many of them met the conditions, and their share.
  var draws: Int?
  var accepted: Int?
  var rate: Double?

  /// Says so: on standard output, or on standard error where the rows themselves are there.
  ///
  /// A table on standard output is followed by nothing that was not asked for.
  func report(asJSON: Bool) throws {
    let isStream = output == "-"
    if asJSON {
      let text = try JSONText.of(self)
      isStream ? StandardError.write(text) : try StandardOutput.write(text)
    } else if !isStream {
      let rate = seconds > 0 ? Int(Double(rows) / seconds) : 0
      let drawn =
        draws.map {
          ", \(NumberText.percent(self.rate ?? 0)) of \(NumberText.grouped($0)) rows drawn"
        } ?? ""
      try StandardOutput.write(
        "wrote \(NumberText.grouped(rows)) rows to \(output) in \(NumberText.seconds(seconds))"
          + " (\(NumberText.grouped(rate)) rows/s)\(drawn)\n")
    }
  }
}
