// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A character encoding; any that the system's `iconv` supports.
public struct TextEncoding: Sendable, Equatable, Codable {
  /// The name in lower case, such as "utf-8" or "windows-1252".
  public let name: String

  /// UTF-8, the default.
  public static let utf8 = TextEncoding(known: "utf-8")
  /// UTF-16, little-endian.
  public static let utf16LittleEndian = TextEncoding(known: "utf-16le")
  /// UTF-16, big-endian.
  public static let utf16BigEndian = TextEncoding(known: "utf-16be")
  static let utf32LittleEndian = TextEncoding(known: "utf-32le")
  static let utf32BigEndian = TextEncoding(known: "utf-32be")
  /// ISO 8859-1 (Latin-1).
  public static let latin1 = TextEncoding(known: "iso-8859-1")
  /// Windows-1252.
  public static let windows1252 = TextEncoding(known: "windows-1252")

  private init(known name: String) { self.name = name }

  /// The encoding with a name, in any letter case; nil if the system does not know it.
  ///
  /// "utf-16" and "utf-32" mean the little-endian forms; a byte order mark overrides this.
  public init?(_ name: String) {
    let lower = name.lowercased()
    let aliases = [
      "utf8": "utf-8", "latin-1": "iso-8859-1", "latin1": "iso-8859-1", "utf-16": "utf-16le",
      "utf16": "utf-16le", "utf-32": "utf-32le", "ascii": "us-ascii",
    ]
    let known = aliases[lower] ?? lower
    let isName = known.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2D, 0x5F, 0x2E].contains($0)
    }
    guard !known.isEmpty, isName, known == "utf-8" || Transcoder(from: known, to: "utf-8") != nil
    else { return nil }
    self.name = known
  }

  /// Decodes a name; throws if the system does not know the encoding.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let encoding = TextEncoding(name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(name)' is not an encoding that this system knows")
    }
    self = encoding
  }

  /// Encodes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  // MARK: Byte order marks

  /// UTF-32 comes before UTF-16, because its little-endian mark begins with that of UTF-16.
  private static let marks: [(TextEncoding, [UInt8])] = [
    (.utf8, [0xEF, 0xBB, 0xBF]), (.utf32LittleEndian, [0xFF, 0xFE, 0, 0]),
    (.utf32BigEndian, [0, 0, 0xFE, 0xFF]), (.utf16LittleEndian, [0xFF, 0xFE]),
    (.utf16BigEndian, [0xFE, 0xFF]),
  ]

  /// Whether files in this encoding need a byte order mark: UTF-16 and UTF-32.
  public var needsMark: Bool { self != .utf8 && !mark.isEmpty }

  /// The byte order mark; empty if the encoding has none.
  var mark: [UInt8] { Self.marks.first { $0.0 == self }?.1 ?? [] }

  /// The encoding shown by a file's first bytes: a byte order mark, or the NUL bytes of Latin
  /// letters in UTF-16. Nil if there is no such evidence.
  static func shown(by start: [UInt8]) -> (encoding: TextEncoding, markLength: Int)? {
    if let (encoding, mark) = marks.first(where: { start.starts(with: $0.1) }) {
      return (encoding, mark.count)
    }
    let sample = start.prefix(1024)
    let pairs = sample.count / 2
    guard pairs >= 4 else { return nil }
    var zeros = [0, 0]
    for (i, byte) in sample.enumerated() where byte == 0 { zeros[i % 2] += 1 }
    if zeros[0] == 0 && 2 * zeros[1] > pairs { return (.utf16LittleEndian, 0) }
    if zeros[1] == 0 && 2 * zeros[0] > pairs { return (.utf16BigEndian, 0) }
    return nil
  }
}
