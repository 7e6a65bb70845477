// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TabularGAN

/// Writes rows chunk by chunk to the output that was asked for, with progress and Ctrl-C.
struct RowStream {
  let options: RowOutputOptions
  let display: ProgressDisplay
  let threads: Int

  /// Has `append` write each range of rows to the file.
  func write(
    schema: Schema, chunk: Int, _ append: (any TableSink, Range<Int>) throws -> Void
  ) throws -> RowSummary {
    let watch = RowMonitor(options: options, display: display)
    let writer = try open(schema, watch)
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
    let watch = RowMonitor(options: options, display: display)
    let writer = try open(schema, watch)
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

  private func open(_ schema: Schema, _ watch: RowMonitor) throws -> any TableSink {
    Interruption.deferSignals()
    let writer = try TableOutput.open(
      options.output, schema: schema, dialect: options.dialect(of: schema),
      engine: options.engine, threads: threads)
    try watch.begin(writer.temporaryPath)
    return writer
  }

  private func finish(_ writer: any TableSink, _ watch: RowMonitor) throws -> RowSummary {
    Interruption.deferSignals()
    try OutputFile.writing(options.output) { try writer.finish() }
    display.clear()
    try Interruption.exitOnSignal(message: "\(options.output) is complete")
    return RowSummary(
      rows: options.rows, output: options.output, seconds: (watch.seconds * 1000).rounded() / 1000)
  }
}

/// Shows the number of rows written, and defines what Ctrl-C does meanwhile.
private final class RowMonitor {
  private let output: String
  private var temporaryPath: String?
  private var progress: RowProgress

  init(options: RowOutputOptions, display: ProgressDisplay) {
    output = options.output
    progress = RowProgress(display, total: options.rows)
  }

  /// The temporary path of the file until it is complete.
  func begin(_ temporaryPath: String?) throws(CommandFailure) {
    self.temporaryPath = temporaryPath
    guard let temporaryPath else { return try note(0) }
    Interruption.removing(temporaryPath)
    // A closed standard error is not a reason to stop.
    signal(SIGPIPE, SIG_IGN)
    try Interruption.exitOnSignal(message: "\(output) was not written")
  }

  deinit {
    guard let temporaryPath else { return }
    Interruption.keeping(temporaryPath)
    signal(SIGPIPE, SIG_DFL)
  }

  /// Since the start.
  var seconds: Double { progress.seconds }

  /// Notes that `count` rows are written; throws once a signal has come.
  func note(_ count: Int, detail: String? = nil) throws(CommandFailure) {
    if temporaryPath == nil {
      // Writes complete lines if there is time.
      let incomplete = "\(NumberText.grouped(count)) rows were written"
      Interruption.recordSignal(message: incomplete)
      try Interruption.check(incomplete)
    }
    progress.update(count, detail: detail)
  }
}

/// What a command that writes rows did.
struct RowSummary: Codable {
  var rows: Int
  var output: String
  var seconds: Double
  /// Of conditional rows: how many were drawn, how many of them met the conditions, and their
  /// share.
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
      try StandardOutput.show(
        "wrote \(NumberText.grouped(rows)) rows to \(VisibleText.line(output)) in \(NumberText.seconds(seconds))"
          + " (\(NumberText.grouped(rate)) rows/s)\(drawn)\n")
    }
  }
}
