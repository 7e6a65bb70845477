/// What is known of one column: its kind, how its values are written, and what was seen in the data.
public struct ColumnSchema: Sendable, Codable, Equatable {
  public var name: String
  public var kind: ColumnKind
  /// How numbers are written (columns that are physically numbers).
  public var numberFormat: NumberFormat?
  /// How times are written (kind `datetime`).
  public var datetimeFormat: DatetimeFormat?
  /// Share of missing values, 0...1.
  public var missingShare: Double
  /// How a missing value is written, as "" or "NA".
  public var missingText: String
  /// Number of distinct values that are present.
  public var distinctCount: Int
  /// Least and greatest value that is present (numbers; datetimes as seconds since 1970).
  public var range: ClosedRange<Double>?
  /// Single values that hold far more of the rows than a continuous column would give them,
  /// most frequent first (mixed columns: 0 tips, flat fares).
  public var atoms: [Atom]

  /// A value with the share of the rows that have it.
  public struct Atom: Sendable, Codable, Equatable {
    public var value: Double
    public var share: Double

    public init(value: Double, share: Double) {
      self.value = value
      self.share = share
    }
  }

  public init(
    name: String, kind: ColumnKind, numberFormat: NumberFormat? = nil,
    datetimeFormat: DatetimeFormat? = nil, missingShare: Double = 0, missingText: String = "",
    distinctCount: Int = 0, range: ClosedRange<Double>? = nil, atoms: [Atom] = []
  ) {
    self.name = name
    self.kind = kind
    self.numberFormat = numberFormat
    self.datetimeFormat = datetimeFormat
    self.missingShare = missingShare
    self.missingText = missingText
    self.distinctCount = distinctCount
    self.range = range
    self.atoms = atoms
  }
}

/// How the numbers of a column are written.
public struct NumberFormat: Sendable, Codable, Equatable {
  public enum Style: String, Sendable, Codable {
    /// Always `decimals` digits after the point.
    case fixed
    /// As few digits as tell the value apart, at most `decimals`; whole numbers as "7".
    case shortest
    /// As `shortest`, whole numbers as "7.0".
    case shortestWithPoint
    /// 17 significant digits less the zeros at their end, as older databases write doubles.
    case seventeenDigits
  }
  public var style: Style
  /// Digits after the point: exact for `fixed`, the most for the others; 0 for whole numbers.
  public var decimals: Int
  /// Whether values are single-precision numbers printed in full: a generated value is to be
  /// rounded to the nearest Float, as the real ones were.
  public var singlePrecision: Bool
  /// Whether ".70" is written for "0.70".
  public var omitsLeadingZero: Bool

  public init(
    style: Style, decimals: Int, singlePrecision: Bool = false, omitsLeadingZero: Bool = false
  ) {
    self.style = style
    self.decimals = decimals
    self.singlePrecision = singlePrecision
    self.omitsLeadingZero = omitsLeadingZero
  }

  /// Decodes a format of which only style and decimals are required.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    style = try container.decode(Style.self, forKey: .style)
    decimals = try container.decode(Int.self, forKey: .decimals)
    guard (0...20).contains(decimals) else {
      throw DecodingError.dataCorruptedError(
        forKey: .decimals, in: container, debugDescription: "\(decimals) is not in 0...20")
    }
    singlePrecision = try container.decodeIfPresent(Bool.self, forKey: .singlePrecision) ?? false
    omitsLeadingZero = try container.decodeIfPresent(Bool.self, forKey: .omitsLeadingZero) ?? false
  }
}

/// How the times of a column are written: a pattern of `yyyy MM dd HH mm ss` with literal
/// separators, as "yyyy-MM-dd HH:mm:ss" or "MM/dd/yyyy".
public struct DatetimeFormat: Sendable, Codable, Equatable {
  public var pattern: String
  public init(pattern: String) { self.pattern = pattern }
}
