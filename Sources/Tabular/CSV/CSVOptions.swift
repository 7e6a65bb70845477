// SPDX-License-Identifier: Apache-2.0

/// How a CSV file is read.
public struct CSVOptions: Sendable {
  /// What to do with a record whose number of fields differs from the header's.
  public enum RaggedRecords: Sendable {
    /// Throw, naming the line.
    case fail
    /// Skip the record and count it.
    case skip
  }

  /// The byte between fields; nil to detect it among comma, semicolon, tab and vertical bar.
  public var delimiter: UInt8?
  /// Whether the first line names the columns. If not, they are named "column_1", "column_2", ...
  public var hasHeader: Bool
  /// Lines to skip before the header; nil to skip lines that are clearly not part of the table.
  public var skippedLines: Int?
  /// Whether unnamed columns and repeated names get a new name instead of causing an error.
  public var renamesColumns: Bool
  /// Whether a backslash escapes the next character. If false, backslash escapes are still detected
  /// from the first records.
  public var hasBackslashEscapes: Bool
  /// Missing-value markers in columns of numbers and times, besides the empty field. In a text
  /// column only the empty field is missing, since "NA" may be a country.
  public var missingTexts: Set<String>
  /// Missing-value markers in any column, including text columns.
  public var declaredMissingTexts: Set<String>
  /// What to do with a record of the wrong number of fields; by default reading fails.
  public var raggedRecords: RaggedRecords
  /// The encoding to use if there is no byte order mark; nil to use UTF-8, or UTF-16 if the bytes
  /// show it.
  public var encoding: TextEncoding?
  /// Declared kinds and formats for the columns it names; these override what is inferred.
  public var schema: Schema?
  /// Threads to parse with; nil for all usable processors. The result does not depend on it.
  public var threads: Int?
  /// Called with the number of bytes read and the size of the file in bytes.
  public var progress: (@Sendable (Int, Int) -> Void)?

  /// The missing-value markers that common programs write.
  public static let usualMissingTexts = MissingTexts.usual

  /// Options with the defaults of `tabgan`: everything that can be detected is detected.
  public init(
    delimiter: UInt8? = nil, hasHeader: Bool = true, skippedLines: Int? = nil,
    renamesColumns: Bool = false, hasBackslashEscapes: Bool = false,
    missingTexts: Set<String> = CSVOptions.usualMissingTexts,
    declaredMissingTexts: Set<String> = [],
    raggedRecords: RaggedRecords = .fail, encoding: TextEncoding? = nil, schema: Schema? = nil,
    threads: Int? = nil, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
    self.skippedLines = skippedLines
    self.renamesColumns = renamesColumns
    self.hasBackslashEscapes = hasBackslashEscapes
    self.missingTexts = missingTexts
    self.declaredMissingTexts = declaredMissingTexts
    self.raggedRecords = raggedRecords
    self.encoding = encoding
    self.schema = schema
    self.threads = threads
    self.progress = progress
  }
}
