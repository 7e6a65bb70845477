// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tabular

/// `--schema`, `--missing`, `--bad-lines`, `--encoding`, `--delimiter` and more: how a table is
/// read.
struct ReadingOptions: ParsableArguments {
  /// What to do with a line that has another number of fields than the header.
  enum BadLines: String, CaseIterable, Codable, ExpressibleByArgument {
    case fail
    case skip
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
      A marker of missing values in any column; may be given several times. Among numbers \
      and times, the usual markers (NA, null, NaN, -, ? and the like) are always recognized.
      """, valueName: "text"))
  var missingTexts: [String] = []

  @Option(
    help: ArgumentHelp(
      "What to do with a line that has too few or too many fields.", valueName: "WHAT"))
  var badLines = BadLines.fail

  @Option(
    help: ArgumentHelp(
      """
      The file's encoding, such as windows-1252, latin-1, utf-16 or any other that `iconv -l` lists. \
      By default UTF-8, or as given by a byte order mark.
      """, valueName: "NAME"))
  var encoding: TextEncoding?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The delimiter: a character, or "tab". By default detected among , ; | and tab.
      """, valueName: "CHAR"))
  var delimiter: Delimiter?

  @Flag(
    help: """
      The first line is a row: columns are named column_1, column_2, ..., and generated files have \
      no header either.
      """)
  var noHeader = false

  @Flag(
    help: """
      Give new names to unnamed columns and to all but the first of columns with the same name.
      """)
  var renameColumns = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Lines above the header to skip; by default, lines that are clearly not part of the table.",
      valueName: "N"))
  var skipLines: Int?

  @Flag(help: "A backslash escapes the next character, as in \\\" (used by MySQL).")
  var backslashEscapes = false

  @Option(
    help: ArgumentHelp(
      """
      An SQL query that selects the rows, from `input` (the files named) or from the tables of a       database: "select * from input where fare > 0".
      """, valueName: "SQL"))
  var query: String?

  @Flag(
    help: """
      Leave out columns that a table cannot hold: lists, structs, maps, binary data, intervals.
      """)
  var skipUnsupported = false

  @OptionGroup var engine: EngineOption

  func validate() throws {
    if let skipLines, skipLines < 0 {
      throw ValidationError("--skip-lines must be at least 0, not \(skipLines)")
    }
  }

  /// How to read a table.
  ///
  /// - Parameter schema: the schema of the columns; one of a file without a header also applies to
  ///   other files without one.
  func csv(schema: Schema?) -> CSVOptions {
    CSVOptions(
      delimiter: delimiter?.byte, hasHeader: !noHeader && schema?.dialect.hasHeader != false,
      skippedLines: skipLines, renamesColumns: renameColumns,
      hasBackslashEscapes: backslashEscapes, declaredMissingTexts: Set(missingTexts),
      raggedRecords: badLines == .skip ? .skip : .fail,
      encoding: encoding, schema: schema)
  }

  /// The options, except the schema, that differ from their defaults, as command-line arguments.
  var arguments: [String] {
    var arguments: [String] = []
    if badLines != .fail { arguments.append("--bad-lines \(badLines.rawValue)") }
    arguments += missingTexts.map { "--missing '\($0)'" }
    if let encoding { arguments.append("--encoding \(encoding.name)") }
    if let delimiter { arguments.append("--delimiter \(delimiter.argument)") }
    if noHeader { arguments.append("--no-header") }
    if renameColumns { arguments.append("--rename-columns") }
    if let skipLines { arguments.append("--skip-lines \(skipLines)") }
    if backslashEscapes { arguments.append("--backslash-escapes") }
    if let query { arguments.append("--query '\(query)'") }
    if skipUnsupported { arguments.append("--skip-unsupported") }
    return arguments
  }

  /// The schema that was named, if any.
  func schemaFile() throws -> Schema? {
    guard let schema else { return nil }
    try InputFile.check(schema)
    return try SchemaFile.read(schema)
  }
}
