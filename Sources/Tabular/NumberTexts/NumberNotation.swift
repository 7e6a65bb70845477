// SPDX-License-Identifier: Apache-2.0

/// The affixes and digit grouping of a column's numbers: "$1,234.50", "(4.10)", "12,5 %", "1 234,00
/// €", "3.5 km".
public struct NumberNotation: Sendable, Equatable {
  /// How a negative number is marked.
  public enum Negative: String, Sendable, Codable {
    /// "-$5"
    case sign
    /// "$-5"
    case signAfterPrefix
    /// "($5)"
    case parentheses
    /// "$(5)"
    case parenthesesAfterPrefix
    /// "5-"
    case trailingSign
  }

  /// Which digits are grouped.
  public enum Grouping: String, Sendable, Codable {
    /// "12,345,678"
    case thousands
    /// "1,23,45,678": the last three digits, then pairs.
    case indian
  }

  /// The text before the number, including spaces.
  public var prefix: String
  /// The text after the number, including spaces.
  public var suffix: String
  /// The decimal mark: "." or ",".
  public var decimalMark: String
  /// The mark between groups of digits; empty if digits are not grouped.
  public var groupMark: String
  /// The sizes of the groups of digits.
  public var grouping: Grouping
  /// How negative numbers are marked.
  public var negative: Negative
  /// The minus sign: "-" or U+2212.
  public var minus: String

  /// Creates a notation; by default, that of plain numbers.
  public init(
    prefix: String = "", suffix: String = "", decimalMark: String = ".", groupMark: String = "",
    grouping: Grouping = .thousands, negative: Negative = .sign, minus: String = "-"
  ) {
    self.prefix = prefix
    self.suffix = suffix
    self.decimalMark = decimalMark
    self.groupMark = groupMark
    self.grouping = grouping
    self.negative = negative
    self.minus = minus
  }

  /// Whether numbers are written plainly.
  var isPlain: Bool { self == NumberNotation() }

  static let decimalMarks = [".", ","]
  /// The spaces are the plain, no-break, narrow no-break and thin ones.
  static let groupMarks = [",", ".", "'", "\u{2019}", " ", "\u{a0}", "\u{202f}", "\u{2009}", "_"]
}

extension NumberNotation: Codable {
  private enum CodingKeys: String, CodingKey {
    case prefix, suffix, decimalMark, groupMark, grouping, negative, minus
  }

  /// Decodes a notation; every key is optional.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let plain = NumberNotation()
    func text(_ key: CodingKeys, _ other: String) throws -> String {
      try container.decodeIfPresent(String.self, forKey: key) ?? other
    }
    prefix = try text(.prefix, plain.prefix)
    suffix = try text(.suffix, plain.suffix)
    decimalMark = try text(.decimalMark, plain.decimalMark)
    groupMark = try text(.groupMark, plain.groupMark)
    grouping = try container.decodeIfPresent(Grouping.self, forKey: .grouping) ?? plain.grouping
    negative = try container.decodeIfPresent(Negative.self, forKey: .negative) ?? plain.negative
    minus = try text(.minus, plain.minus)
    let hasDigit = (prefix + suffix).utf8.contains { (0x30...0x39).contains($0) }
    guard Self.decimalMarks.contains(decimalMark), groupMark != decimalMark,
      groupMark.isEmpty || Self.groupMarks.contains(groupMark), !hasDigit,
      prefix.utf8.count <= 64, suffix.utf8.count <= 64, ["-", "\u{2212}"].contains(minus)
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .decimalMark, in: container,
        debugDescription: "this notation is ambiguous")
    }
  }

  /// Encodes the settings that differ from plain numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let plain = NumberNotation()
    if prefix != plain.prefix { try container.encode(prefix, forKey: .prefix) }
    if suffix != plain.suffix { try container.encode(suffix, forKey: .suffix) }
    if decimalMark != plain.decimalMark { try container.encode(decimalMark, forKey: .decimalMark) }
    if groupMark != plain.groupMark { try container.encode(groupMark, forKey: .groupMark) }
    if grouping != plain.grouping { try container.encode(grouping, forKey: .grouping) }
    if negative != plain.negative { try container.encode(negative, forKey: .negative) }
    if minus != plain.minus { try container.encode(minus, forKey: .minus) }
  }
}
