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

  /// More is a slip of the finger, and no disk has room for it.
  static let possible = 1...1_000_000_000_000

  func validate() throws {
    if !Self.possible.contains(rows) {
      throw ValidationError(
        "-n must be at least 1 and at most \(NumberText.grouped(Self.possible.upperBound)), "
          + "not \(rows)")
    }
    if output.isEmpty {
      throw ValidationError("-o needs the name of a file, or - for standard output")
    }
  }
}
