// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tabular

/// `-n` and `-o`: how many rows, and where to.
struct RowOutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("n"), .customLong("rows")], parsing: .unconditional,
    help: ArgumentHelp("How many rows to write, at least 1.", valueName: "N"))
  var rows: Int

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write: .csv, .tsv (also .gz), .parquet, or - for standard output.",
      valueName: "file"))
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The delimiter: a character, or "tab". By default that of the real file, or a \
      tab if the name ends in .tsv.
      """, valueName: "CHAR"))
  var delimiter: Delimiter?

  @Option(
    help: ArgumentHelp(
      "The encoding to write in; by default the real file's.", valueName: "NAME"))
  var encoding: TextEncoding?

  @OptionGroup var engine: EngineOption

  /// More rows are a typing error; no disk could hold them.
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
    if OutputForm.isParquet(output), delimiter != nil || encoding != nil {
      throw ValidationError("--delimiter and --encoding are for CSV, not for \(output)")
    }
    if let ending = Self.foreignEndings.first(where: { output.lowercased().hasSuffix($0) }) {
      throw ValidationError(
        "-o \(output): rows are written as CSV or Parquet, not as \(ending); name a .csv, .tsv, "
          + ".csv.gz, .tsv.gz or .parquet file, and convert it")
    }
  }

  /// Suffixes of other formats and compressions.
  private static let foreignEndings = [
    ".feather", ".arrow", ".orc", ".avro", ".xlsx", ".xls", ".ods", ".json", ".jsonl",
    ".ndjson", ".sqlite", ".db", ".pkl", ".h5", ".zip", ".zst", ".bz2", ".xz",
  ]

  /// The dialect to write: that of the real file, changed by the options and the file name.
  func dialect(of schema: Schema) -> CSVDialect {
    var dialect = schema.dialect
    let name = output.lowercased()
    let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    let isTabbed = stem.hasSuffix(".tsv") || stem.hasSuffix(".tab")
    if let other = delimiter?.byte ?? (isTabbed ? 0x09 : nil), other != dialect.delimiter {
      dialect.delimiter = other
      // A space after the delimiter was part of the replaced delimiter.
      dialect.spaces = .kept
    }
    if let encoding {
      dialect.encoding = encoding
      dialect.hasByteOrderMark = encoding.needsMark
    }
    return dialect
  }
}
