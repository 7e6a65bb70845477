import ArgumentParser
import Tabular

/// Which rows are left out before anything is learned.
enum Cleaning: String, CaseIterable, Codable, ExpressibleByArgument {
  case none
  case taxi
}

/// `--clean`.
struct CleaningOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      none: every row is learned, faults included; taxi: rows that are errors of a device rather \
      than trips (no coordinates, no duration, ...) are left out.
      """, valueName: "RULES"))
  var clean = Cleaning.none
}

/// The table that a command learns from.
struct TableOptions: ParsableArguments {
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var cleaning: CleaningOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Learn a random subset of so many rows. It follows --seed, and a smaller subset is part of a \
      larger one.
      """, valueName: "N"))
  var rows: Int?

  func validate() throws {
    if let rows, rows < 1 { throw ValidationError("--rows must be at least 1, not \(rows)") }
  }
}
