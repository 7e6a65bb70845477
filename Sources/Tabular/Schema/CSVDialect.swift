// SPDX-License-Identifier: Apache-2.0

/// The syntax of a CSV file: delimiter, line ends, quoting, and character encoding.
///
/// It is detected when a file is read, kept with its schema, and used when rows are written.
public struct CSVDialect: Sendable, Equatable {
  /// The characters that end a line.
  public enum LineEnd: String, Sendable, Codable, CaseIterable {
    /// Line feed, carriage return and line feed, or carriage return alone.
    case lf, crlf, cr

    var bytes: [UInt8] {
      switch self {
      case .lf: [0x0A]
      case .crlf: [0x0D, 0x0A]
      case .cr: [0x0D]
      }
    }
  }

  /// Which fields are quoted.
  public enum Quoting: String, Sendable, Codable, CaseIterable {
    /// Only fields that could not be read back otherwise.
    case minimal
    /// Names, text and times, but not numbers or missing values.
    case texts
    /// Every field.
    case all
  }

  /// How a space directly after a delimiter is treated.
  public enum Spaces: String, Sendable, Codable, CaseIterable {
    /// Part of the field.
    case kept
    /// Ignored when it appears; none is written.
    case dropped
    /// Part of every delimiter; read and written as such.
    case delimiting
  }

  /// The ASCII character between fields; see ``isDelimiter(_:)``.
  public var delimiter: UInt8
  /// The characters that end a line.
  public var lineEnd: LineEnd
  /// Which fields are quoted when rows are written.
  public var quoting: Quoting
  /// How a space directly after a delimiter is treated.
  public var spaces: Spaces
  /// Whether a quote in a text is written `\"` rather than `""`, as MySQL does.
  public var hasBackslashEscapes: Bool
  /// Whether the first line names the columns.
  public var hasHeader: Bool
  /// The character encoding of the file.
  public var encoding: TextEncoding
  /// Whether the file begins with a byte order mark.
  public var hasByteOrderMark: Bool

  /// Creates a dialect; the defaults are those of RFC 4180, in UTF-8 and with line feeds.
  public init(
    delimiter: UInt8 = 0x2C, lineEnd: LineEnd = .lf, quoting: Quoting = .minimal,
    spaces: Spaces = .kept, hasBackslashEscapes: Bool = false, hasHeader: Bool = true,
    encoding: TextEncoding = .utf8, hasByteOrderMark: Bool = false
  ) {
    self.delimiter = delimiter
    self.lineEnd = lineEnd
    self.quoting = quoting
    self.spaces = spaces
    self.hasBackslashEscapes = hasBackslashEscapes
    self.hasHeader = hasHeader
    self.encoding = encoding
    self.hasByteOrderMark = hasByteOrderMark
  }

  /// Whether the byte can be a delimiter: a tab, a space, or ASCII punctuation that is not used by
  /// numbers, quotes or escapes.
  public static func isDelimiter(_ byte: UInt8) -> Bool {
    guard byte != 0x09 else { return true }
    let isWord =
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    // Quote, plus, minus, period, backslash.
    return (0x20...0x7E).contains(byte) && !isWord
      && ![0x22, 0x2B, 0x2D, 0x2E, 0x5C].contains(byte)
  }
}

extension CSVDialect: Codable {
  private enum CodingKeys: String, CodingKey {
    case delimiter, lineEnd, quoting, spaces
    case hasBackslashEscapes = "backslashEscapes"
    case hasHeader = "header"
    case encoding
    case hasByteOrderMark = "byteOrderMark"
  }

  /// Decodes a dialect; settings that are absent keep their RFC 4180 defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func decode<T: Decodable>(_ key: CodingKeys, into value: inout T) throws {
      if let found = try container.decodeIfPresent(T.self, forKey: key) { value = found }
    }
    if let text = try container.decodeIfPresent(String.self, forKey: .delimiter) {
      guard text.utf8.count == 1, let byte = text.utf8.first, Self.isDelimiter(byte) else {
        throw DecodingError.dataCorruptedError(
          forKey: .delimiter, in: container, debugDescription: "'\(text)' is not a valid delimiter")
      }
      delimiter = byte
    }
    try decode(.lineEnd, into: &lineEnd)
    try decode(.quoting, into: &quoting)
    try decode(.spaces, into: &spaces)
    try decode(.hasBackslashEscapes, into: &hasBackslashEscapes)
    try decode(.hasHeader, into: &hasHeader)
    try decode(.encoding, into: &encoding)
    try decode(.hasByteOrderMark, into: &hasByteOrderMark)
  }

  /// Encodes every setting, the delimiter as a string of one character.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(String(UnicodeScalar(delimiter)), forKey: .delimiter)
    try container.encode(lineEnd, forKey: .lineEnd)
    try container.encode(quoting, forKey: .quoting)
    try container.encode(spaces, forKey: .spaces)
    try container.encode(hasBackslashEscapes, forKey: .hasBackslashEscapes)
    try container.encode(hasHeader, forKey: .hasHeader)
    try container.encode(encoding, forKey: .encoding)
    try container.encode(hasByteOrderMark, forKey: .hasByteOrderMark)
  }
}
