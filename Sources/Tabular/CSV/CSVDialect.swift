/// How a CSV file is written, apart from its values: what stands between fields and between lines,
/// how texts are quoted, and how characters are bytes.
///
/// It is found in a file that is read, kept with its schema, and used where rows are written.
public struct CSVDialect: Sendable, Equatable {
  /// What ends a line.
  public enum LineEnd: String, Sendable, Codable, CaseIterable {
    case lf, crlf, cr

    var bytes: [UInt8] {
      switch self {
      case .lf: [0x0A]
      case .crlf: [0x0D, 0x0A]
      case .cr: [0x0D]
      }
    }
  }

  /// Which fields stand in quotes.
  public enum Quoting: String, Sendable, Codable, CaseIterable {
    /// Those that could not be read otherwise.
    case minimal
    /// Names, texts and times, but neither numbers nor missing values.
    case texts
    /// All.
    case all
  }

  /// What a blank right behind a delimiter is.
  public enum Blanks: String, Sendable, Codable, CaseIterable {
    /// A part of the field.
    case kept
    /// Nothing, wherever it stands; none is written.
    case dropped
    /// A part of the delimiter, of every one.
    case delimiting
  }

  /// The ASCII character between fields.
  public var delimiter: UInt8
  public var lineEnd: LineEnd
  public var quoting: Quoting
  public var blanks: Blanks
  /// Whether a quote in a text is written `\"` rather than `""`, as MySQL does.
  public var hasBackslashEscapes: Bool
  /// Whether the first line names the columns.
  public var hasHeader: Bool
  public var encoding: TextEncoding
  public var hasByteOrderMark: Bool

  /// By default what RFC 4180 describes, in UTF-8 and with line feeds.
  public init(
    delimiter: UInt8 = 0x2C, lineEnd: LineEnd = .lf, quoting: Quoting = .minimal,
    blanks: Blanks = .kept, hasBackslashEscapes: Bool = false, hasHeader: Bool = true,
    encoding: TextEncoding = .utf8, hasByteOrderMark: Bool = false
  ) {
    self.delimiter = delimiter
    self.lineEnd = lineEnd
    self.quoting = quoting
    self.blanks = blanks
    self.hasBackslashEscapes = hasBackslashEscapes
    self.hasHeader = hasHeader
    self.encoding = encoding
    self.hasByteOrderMark = hasByteOrderMark
  }

  /// Whether fields may be told apart by this byte: a tab, a blank or a mark of ASCII that numbers,
  /// quotes and escapes do without.
  public static func isDelimiter(_ byte: UInt8) -> Bool {
    guard byte != 0x09 else { return true }
    let isWord =
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    // Quote, plus, minus, point, backslash.
    return (0x20...0x7E).contains(byte) && !isWord
      && ![0x22, 0x2B, 0x2D, 0x2E, 0x5C].contains(byte)
  }
}

extension CSVDialect: Codable {
  private enum CodingKeys: String, CodingKey {
    case delimiter, lineEnd, quoting, blanks
    case hasBackslashEscapes = "backslashEscapes"
    case hasHeader = "header"
    case encoding
    case hasByteOrderMark = "byteOrderMark"
  }

  /// Decodes a dialect; what is left out is as RFC 4180 has it.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func decode<T: Decodable>(_ key: CodingKeys, into value: inout T) throws {
      if let found = try container.decodeIfPresent(T.self, forKey: key) { value = found }
    }
    if let text = try container.decodeIfPresent(String.self, forKey: .delimiter) {
      guard text.utf8.count == 1, let byte = text.utf8.first, Self.isDelimiter(byte) else {
        throw DecodingError.dataCorruptedError(
          forKey: .delimiter, in: container, debugDescription: "'\(text)' is no delimiter")
      }
      delimiter = byte
    }
    try decode(.lineEnd, into: &lineEnd)
    try decode(.quoting, into: &quoting)
    try decode(.blanks, into: &blanks)
    try decode(.hasBackslashEscapes, into: &hasBackslashEscapes)
    try decode(.hasHeader, into: &hasHeader)
    try decode(.encoding, into: &encoding)
    try decode(.hasByteOrderMark, into: &hasByteOrderMark)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(String(UnicodeScalar(delimiter)), forKey: .delimiter)
    try container.encode(lineEnd, forKey: .lineEnd)
    try container.encode(quoting, forKey: .quoting)
    try container.encode(blanks, forKey: .blanks)
    try container.encode(hasBackslashEscapes, forKey: .hasBackslashEscapes)
    try container.encode(hasHeader, forKey: .hasHeader)
    try container.encode(encoding, forKey: .encoding)
    try container.encode(hasByteOrderMark, forKey: .hasByteOrderMark)
  }
}
