/// How a CSV file is read.
public struct CSVOptions: Sendable {
  /// What to do with a record that has another number of fields than the header.
  public enum RaggedRecords: Sendable {
    /// Throw, naming the line.
    case fail
    /// Leave it out and count it.
    case skip
  }

  /// The byte between fields; nil to find it among comma, semicolon, tab and bar.
  public var delimiter: UInt8?
  /// Whether the first line names the columns. Without, they are "column_1", "column_2", ...
  public var hasHeader: Bool
  /// Lines to pass over before the header; nil for those that are clearly none of the table.
  public var skippedLines: Int?
  /// Whether columns without a name, and all but the first of one name, get another, rather than
  /// being an error.
  public var renamesColumns: Bool
  /// Whether a backslash takes the next character as it is; where not, the first records may show it.
  public var hasBackslashEscapes: Bool
  /// What stands for a missing value in columns of numbers and times, beside the empty field. In a
  /// column of text only the empty field is missing: "NA" may be a country.
  public var missingTexts: Set<String>
  /// What stands for a missing value in any column.
  public var declaredMissingTexts: Set<String>
  public var raggedRecords: RaggedRecords
  /// The encoding where no byte order mark says otherwise; nil for UTF-8, or UTF-16 where the bytes
  /// show it.
  public var encoding: TextEncoding?
  /// Kinds to be kept for the columns that it names, whatever their values look like.
  public var schema: Schema?
  /// Threads to parse with; nil for all processors. The result does not depend on it.
  public var threads: Int?
  /// Is told the bytes read and the bytes of the file.
  public var progress: (@Sendable (Int, Int) -> Void)?

  /// What the usual programs write for a missing value.
  public static let usualMissingTexts = MissingTexts.usual

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
