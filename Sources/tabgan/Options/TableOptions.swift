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
      none: use every row, including faults; taxi: drop records caused by device faults (no \
      coordinates, no duration, ...).
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
      Train on a random subset with this number of rows. It depends on --seed, and a smaller subset \
      is part of a larger one.
      """, valueName: "N"))
  var rows: Int?

  func validate() throws {
    if let rows, rows < 1 { throw ValidationError("--rows must be at least 1, not \(rows)") }
  }
}
