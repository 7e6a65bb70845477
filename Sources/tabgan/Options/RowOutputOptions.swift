import ArgumentParser

/// `-n` and `-o`: how many rows, and where to.
struct RowOutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("n"), .customLong("rows")], parsing: .unconditional,
    help: ArgumentHelp("How many rows to write, at least 1.", valueName: "N"))
  var rows: Int

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write: .csv, .csv.gz, or - for standard output.", valueName: "file"))
  var output: String

  func validate() throws {
    if rows < 1 {
      throw ValidationError("-n must be at least 1, not \(rows)")
    }
    if output.isEmpty {
      throw ValidationError("-o needs the name of a file, or - for standard output")
    }
  }
}
