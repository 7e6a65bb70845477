import ArgumentParser
import Tabular

/// `--schema`, `--missing`, `--bad-lines` and `--encoding`: how a table is read.
struct ReadingOptions: ParsableArguments {
  /// What to do with a line that has another number of fields than the header.
  enum BadLines: String, CaseIterable, Codable, ExpressibleByArgument {
    case fail
    case skip
  }

  enum Encoding: String, CaseIterable, Codable, ExpressibleByArgument {
    case utf8 = "utf-8"
    case latin1 = "latin-1"
  }

  @Option(
    help: ArgumentHelp(
      """
      A schema that overrides what is inferred: one that `tabgan inspect --json` printed, or SDV \
      metadata (version 1, single table).
      """, valueName: "file"))
  var schema: String?

  @Option(
    name: .customLong("missing"),
    help: ArgumentHelp(
      """
      A text that stands for a missing value in any column; may be given several times. Among numbers \
      and times the usual ones (NA, null, NaN, -, ? and the like) are known.
      """, valueName: "text"))
  var missingTexts: [String] = []

  @Option(
    help: ArgumentHelp(
      "What to do with a line that has too few or too many fields.", valueName: "WHAT"))
  var badLines = BadLines.fail

  @Option(help: ArgumentHelp("The file's encoding.", valueName: "NAME"))
  var encoding = Encoding.utf8

  var csv: CSVOptions {
    CSVOptions(
      declaredMissingTexts: Set(missingTexts),
      raggedRecords: badLines == .skip ? .skip : .fail,
      encoding: encoding == .latin1 ? .latin1 : .utf8)
  }

  /// The schema that was named, if any.
  func schemaFile() throws -> Schema? {
    guard let schema else { return nil }
    try InputFile.check(schema)
    return try SchemaFile.read(schema)
  }
}
