import Tabular

/// Writes rows chunk by chunk to the output that was asked for, with progress and Ctrl-C.
struct RowStream {
  let options: RowOutputOptions
  let display: ProgressDisplay
  let threads: Int

  /// Has `append` write each range of rows to the file.
  func write(
    schema: Schema, chunk: Int, _ append: (CSVWriter, Range<Int>) throws -> Void
  ) throws -> RowSummary {
    try watched { progress in
      let writer = try OutputFile.creating(options.output) {
        try CSVWriter(path: options.output, schema: schema, threads: threads)
      }
      var next = 0
      while next < options.rows {
        let rows = next..<min(next + chunk, options.rows)
        try OutputFile.writing(options.output) { try append(writer, rows) }
        next = rows.upperBound
        try progress(next)
      }
      try OutputFile.writing(options.output) { try writer.finish() }
    }
  }

  /// Runs `body`, which tells how many rows are done and is thereby interrupted.
  private func watched(_ body: ((Int) throws -> Void) throws -> Void) throws -> RowSummary {
    let isStream = options.output == "-"
    let interruption = Interruption(keepsFiles: !isStream)
    var progress = RowProgress(display, total: options.rows)
    try body { count in
      try interruption.check(
        isStream
          ? "\(NumberText.grouped(count)) rows were written" : "\(options.output) was not written")
      progress.update(count)
    }
    display.clear()
    let seconds = (progress.seconds * 1000).rounded() / 1000
    return RowSummary(rows: options.rows, output: options.output, seconds: seconds)
  }
}

/// What a command that writes rows did.
struct RowSummary: Codable {
  var rows: Int
  var output: String
  var seconds: Double

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
      try StandardOutput.write(
        "wrote \(NumberText.grouped(rows)) rows to \(output) in \(NumberText.seconds(seconds))"
          + " (\(NumberText.grouped(rate)) rows/s)\n")
    }
  }
}
