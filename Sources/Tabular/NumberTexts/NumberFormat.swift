// SPDX-License-Identifier: Apache-2.0

/// The format of a column's numbers.
public struct NumberFormat: Sendable, Equatable {
  /// How the number of digits after the decimal point is chosen.
  public enum Style: String, Sendable, Codable {
    /// Always `decimals` digits after the decimal point.
    case fixed
    /// The fewest digits that identify the value, at most `decimals`; whole numbers as "7".
    case shortest
    /// As `shortest`, but whole numbers as "7.0".
    case shortestWithPoint
    /// 17 significant digits without trailing zeros, as older databases write doubles.
    case seventeenDigits
    /// The smallest of `widths` whose digits identify the value: "4.20" and "4.23618".
    case widths
  }
  /// How the number of digits after the decimal point is chosen.
  public var style: Style
  /// Digits after the decimal point: the exact number for `fixed`, the maximum for other styles, 0
  /// for whole numbers. If all numbers have an exponent, these are digits of the mantissa.
  public var decimals: Int
  /// The possible numbers of digits after the decimal point, ascending and ending in `decimals`;
  /// empty for all styles but `widths`.
  public var widths: [Int]
  /// Whether values are single-precision numbers printed in full. Generated values are then rounded
  /// to the nearest Float, as the real ones were.
  public var singlePrecision: Bool
  /// Whether ".70" is written for "0.70".
  public var omitsLeadingZero: Bool
  /// Whether "+7" is written for 7.
  public var writesPlus: Bool
  /// The minimum number of digits before the decimal point: 2 in "07.50".
  public var integerDigits: Int
  /// Which numbers are written with an exponent, and how; nil if the column has none.
  public var exponent: ExponentFormat?
  /// The affixes and digit grouping, as in "$1,234.50" or "12,5 %"; nil for plain numbers.
  public var notation: NumberNotation?

  /// Creates a format. `widths` must be ascending and end in `decimals`, and must be empty for all
  /// styles but `widths`.
  public init(
    style: Style, decimals: Int, widths: [Int] = [], singlePrecision: Bool = false,
    omitsLeadingZero: Bool = false,
    writesPlus: Bool = false, integerDigits: Int = 1, exponent: ExponentFormat? = nil,
    notation: NumberNotation? = nil
  ) {
    self.style = style
    self.decimals = decimals
    self.widths = widths
    self.singlePrecision = singlePrecision
    self.omitsLeadingZero = omitsLeadingZero
    self.writesPlus = writesPlus
    self.integerDigits = integerDigits
    self.exponent = exponent
    self.notation = notation
  }

  /// The maximum number of digits after the decimal point of any number in the column; nil if
  /// exponents leave it open.
  public var maxDecimals: Int? { exponent == nil ? decimals : nil }
}

/// The format of numbers with an exponent.
public struct ExponentFormat: Sendable, Equatable {
  /// How many digits precede the decimal point.
  public enum Mantissa: String, Sendable, Codable {
    /// One digit before the point: "1.5e-07".
    case normalized
    /// No digit but a zero: "0.15e-06".
    case fraction
    /// One to three digits, and an exponent that is a multiple of three: "150e-09".
    case engineering
  }

  /// Whether the exponent is marked by "E" rather than "e".
  public var isUppercase: Bool
  /// Whether a positive exponent has a sign: "e+05".
  public var writesPlus: Bool
  /// The minimum number of digits of the exponent.
  public var digits: Int
  /// How many digits of the mantissa precede the decimal point.
  public var mantissa: Mantissa
  /// Magnitudes below ten to this power are written with an exponent.
  public var below: Int
  /// Magnitudes from ten to this power on are written with an exponent. If this is not above
  /// `below`, all numbers are.
  public var from: Int

  /// Creates a format; `below` and `from` are powers of ten.
  public init(
    isUppercase: Bool = false, writesPlus: Bool = true, digits: Int = 2,
    mantissa: Mantissa = .normalized, below: Int = 0, from: Int = 0
  ) {
    self.isUppercase = isUppercase
    self.writesPlus = writesPlus
    self.digits = digits
    self.mantissa = mantissa
    self.below = below
    self.from = from
  }

  /// Whether every number of the column has an exponent.
  public var isAlways: Bool { below >= from }

  /// Whether a number with the given decimal exponent is written with an exponent.
  func applies(to exponent: Int) -> Bool { isAlways || exponent < below || exponent >= from }
}

extension NumberFormat: Codable {
  private enum CodingKeys: String, CodingKey {
    case style, decimals, widths, singlePrecision, omitsLeadingZero, writesPlus, integerDigits,
      exponent,
      notation
  }

  /// Decodes a format of which only style and decimals are required.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    style = try container.decode(Style.self, forKey: .style)
    decimals = try container.decode(Int.self, forKey: .decimals)
    widths = try container.decodeIfPresent([Int].self, forKey: .widths) ?? []
    singlePrecision = try container.decodeIfPresent(Bool.self, forKey: .singlePrecision) ?? false
    omitsLeadingZero = try container.decodeIfPresent(Bool.self, forKey: .omitsLeadingZero) ?? false
    writesPlus = try container.decodeIfPresent(Bool.self, forKey: .writesPlus) ?? false
    integerDigits = try container.decodeIfPresent(Int.self, forKey: .integerDigits) ?? 1
    exponent = try container.decodeIfPresent(ExponentFormat.self, forKey: .exponent)
    notation = try container.decodeIfPresent(NumberNotation.self, forKey: .notation)
    for (key, value, bounds) in [
      (CodingKeys.decimals, decimals, 0...20), (.integerDigits, integerDigits, 1...20),
    ] where !bounds.contains(value) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "\(value) is not in \(bounds.lowerBound)...\(bounds.upperBound)")
    }
    let isAscending = zip(widths, widths.dropFirst()).allSatisfy { $0 < $1 }
    guard isAscending, (style == .widths) == !widths.isEmpty, widths.first ?? 0 >= 0,
      widths.last ?? decimals == decimals
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .widths, in: container,
        debugDescription: "widths are ascending, belong to the style 'widths' and end in decimals")
    }
  }

  /// Encodes style, decimals, and what differs from the defaults.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(style, forKey: .style)
    try container.encode(decimals, forKey: .decimals)
    if !widths.isEmpty { try container.encode(widths, forKey: .widths) }
    try container.encode(singlePrecision, forKey: .singlePrecision)
    try container.encode(omitsLeadingZero, forKey: .omitsLeadingZero)
    if writesPlus { try container.encode(writesPlus, forKey: .writesPlus) }
    if integerDigits != 1 { try container.encode(integerDigits, forKey: .integerDigits) }
    try container.encodeIfPresent(exponent, forKey: .exponent)
    try container.encodeIfPresent(notation, forKey: .notation)
  }
}

extension ExponentFormat: Codable {
  private enum CodingKeys: String, CodingKey {
    case isUppercase, writesPlus, digits, mantissa, below, from
  }

  /// Decodes a format and checks its bounds.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    isUppercase = try container.decode(Bool.self, forKey: .isUppercase)
    writesPlus = try container.decode(Bool.self, forKey: .writesPlus)
    digits = try container.decode(Int.self, forKey: .digits)
    mantissa = try container.decode(Mantissa.self, forKey: .mantissa)
    below = try container.decode(Int.self, forKey: .below)
    from = try container.decode(Int.self, forKey: .from)
    guard (1...9).contains(digits) else {
      throw DecodingError.dataCorruptedError(
        forKey: .digits, in: container, debugDescription: "\(digits) is not in 1...9")
    }
    guard (-1000...1000).contains(below), (-1000...1000).contains(from) else {
      throw DecodingError.dataCorruptedError(
        forKey: .below, in: container, debugDescription: "no double has such an exponent")
    }
  }
}
