/// How a CSV file is read.
public struct CSVOptions: Sendable {
  /// What to do with a record that has another number of fields than the header.
  public enum RaggedRecords: Sendable {
    /// Throw, naming the line.
    case fail
    /// Leave it out and count it.
    case skip
  }
  public enum Encoding: Sendable {
    case utf8, latin1
  }

  /// The byte between fields; nil to find it among comma, semicolon, tab and bar in the header.
  public var delimiter: UInt8?
  /// What stands for a missing value in columns of numbers and times, beside the empty field. In a
  /// column of text only the empty field is missing: "NA" may be a country.
  public var missingTexts: Set<String>
  /// What stands for a missing value in any column.
  public var declaredMissingTexts: Set<String>
  public var raggedRecords: RaggedRecords
  public var encoding: Encoding
  /// Kinds to be kept for the columns that it names, whatever their values look like.
  public var schema: Schema?
  /// Threads to parse with; nil for all processors. The result does not depend on it.
  public var threads: Int?
  /// Is told the bytes read and the bytes of the file.
  public var progress: (@Sendable (Int, Int) -> Void)?

  /// What the usual programs write for a missing value.
  public static let usualMissingTexts = MissingTexts.usual

  public init(
    delimiter: UInt8? = nil,
    missingTexts: Set<String> = CSVOptions.usualMissingTexts,
    declaredMissingTexts: Set<String> = [],
    raggedRecords: RaggedRecords = .fail, encoding: Encoding = .utf8, schema: Schema? = nil,
    threads: Int? = nil, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) {
    self.delimiter = delimiter
    self.missingTexts = missingTexts
    self.declaredMissingTexts = declaredMissingTexts
    self.raggedRecords = raggedRecords
    self.encoding = encoding
    self.schema = schema
    self.threads = threads
    self.progress = progress
  }
}
