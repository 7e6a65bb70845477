// SPDX-License-Identifier: Apache-2.0

/// The type of a column in a source whose columns have types: a Parquet file, a database, the
/// result of a query. Rows written to such a file get the type back.
///
/// Its text in schema files is ``description``: "int32", "decimal(9,2)", "timestamp[us,UTC]".
public enum StoredType: Sendable, Equatable, Hashable {
  /// The resolution of times.
  public enum TimeUnit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"

    /// Units in a second.
    public var perSecond: Int64 {
      switch self {
      case .seconds: 1
      case .milliseconds: 1_000
      case .microseconds: 1_000_000
      case .nanoseconds: 1_000_000_000
      }
    }

    /// Decimals of a second.
    public var decimals: Int {
      switch self {
      case .seconds: 0
      case .milliseconds: 3
      case .microseconds: 6
      case .nanoseconds: 9
      }
    }
  }

  /// Only missing values.
  case null
  case boolean
  /// Integers of 8, 16, 32 or 64 bits.
  case integer(bits: Int, isSigned: Bool)
  /// Binary floating-point numbers of 32 or 64 bits.
  case float(bits: Int)
  /// Decimals with `precision` digits in all (1...38), `scale` of them behind the point.
  case decimal(precision: Int, scale: Int)
  /// A day.
  case date
  /// A time of day.
  case time(TimeUnit)
  /// A point in time; with a zone, the number counts from 1970 in UTC.
  case timestamp(TimeUnit, zone: String?)
  case text
}

extension StoredType: CustomStringConvertible {
  /// A short text that ``init(_:)`` reads.
  public var description: String {
    switch self {
    case .null: "null"
    case .boolean: "bool"
    case .integer(let bits, let isSigned): "\(isSigned ? "" : "u")int\(bits)"
    case .float(let bits): "float\(bits)"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .date: "date"
    case .time(let unit): "time[\(unit.rawValue)]"
    case .timestamp(let unit, let zone):
      "timestamp[\(unit.rawValue)\(zone.map { "," + $0 } ?? "")]"
    case .text: "text"
    }
  }

  /// Reads a type's ``description``; nil for any other text.
  public init?(_ text: String) {
    let simple: [StoredType] =
      [.null, .boolean, .float(bits: 32), .float(bits: 64), .date, .text]
      + [8, 16, 32, 64].flatMap { bits in
        [.integer(bits: bits, isSigned: true), .integer(bits: bits, isSigned: false)]
      } + TimeUnit.allCases.map { .time($0) }
    if let type = simple.first(where: { $0.description == text }) {
      self = type
      return
    }
    let (name, arguments) = Self.parts(text)
    switch (name, arguments.count) {
    case ("decimal", 2):
      guard let precision = Int(arguments[0]), let scale = Int(arguments[1]),
        (1...38).contains(precision), (0...precision).contains(scale)
      else { return nil }
      self = .decimal(precision: precision, scale: scale)
    case ("timestamp", 1...2):
      guard let unit = TimeUnit(rawValue: arguments[0]),
        arguments.count == 1 || (1...64).contains(arguments[1].utf8.count)
      else { return nil }
      self = .timestamp(unit, zone: arguments.count == 2 ? arguments[1] : nil)
    default: return nil
    }
  }

  /// "name(a,b)" or "name[a,b]" in its parts.
  private static func parts(_ text: String) -> (name: String, arguments: [String]) {
    guard let open = text.firstIndex(where: { $0 == "(" || $0 == "[" }),
      text.last == (text[open] == "(" ? ")" : "]")
    else { return (text, []) }
    let inside = text[text.index(after: open)...].dropLast()
    return (
      String(text[..<open]),
      inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    )
  }
}

extension StoredType: Codable {
  /// Decodes the ``description``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let type = StoredType(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "'\(text)' is not a stored type, such as int32 or timestamp[us]")
    }
    self = type
  }

  /// Encodes the ``description``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
