/// How the numbers of a column are written.
public struct NumberFormat: Sendable, Equatable {
  public enum Style: String, Sendable, Codable {
    /// Always `decimals` digits after the point.
    case fixed
    /// As few digits as tell the value apart, at most `decimals`; whole numbers as "7".
    case shortest
    /// As `shortest`, whole numbers as "7.0".
    case shortestWithPoint
    /// 17 significant digits less the zeros at their end, as older databases write doubles.
    case seventeenDigits
    /// The fewest of `widths` digits after the point that tell the value apart: "4.20" and "4.23618".
    case widths
  }
  public var style: Style
  /// Digits after the point: exact for `fixed`, the most for the others; 0 for whole numbers. Of the
  /// mantissa where all numbers have an exponent.
  public var decimals: Int
  /// Digits after the point that a number may have, ascending, the last being `decimals`; empty for
  /// all styles but `widths`.
  public var widths: [Int]
  /// Whether values are single-precision numbers printed in full: a generated value is to be
  /// rounded to the nearest Float, as the real ones were.
  public var singlePrecision: Bool
  /// Whether ".70" is written for "0.70".
  public var omitsLeadingZero: Bool
  /// Whether "+7" is written for 7.
  public var writesPlus: Bool
  /// The fewest digits before the point: 2 in "07.50".
  public var integerDigits: Int
  /// Which numbers are written with an exponent and how; nil where the column has none.
  public var exponent: ExponentFormat?
  /// What stands around and between the digits, as in "$1,234.50" or "12,5 %"; nil for plain numbers.
  public var notation: NumberNotation?

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

  /// Digits after the point that every number of the column has at most; nil where exponents leave
  /// them open.
  public var mostDecimals: Int? { exponent == nil ? decimals : nil }
}

/// How numbers with an exponent are written.
public struct ExponentFormat: Sendable, Equatable {
  public enum Mantissa: String, Sendable, Codable {
    /// One digit before the point: "1.5e-07".
    case normalized
    /// None: "0.15e-06".
    case fraction
    /// One to three, and an exponent that is a multiple of three: "150e-09".
    case engineering
  }

  /// The letter: "e" or "E".
  public var isUppercase: Bool
  /// Whether a positive exponent has a sign: "e+05".
  public var writesPlus: Bool
  /// The fewest digits of an exponent.
  public var digits: Int
  public var mantissa: Mantissa
  /// Numbers below ten to this power have an exponent.
  public var below: Int
  /// Numbers from ten to this power on have an exponent. All have one where this is not above `below`.
  public var from: Int

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

  /// Whether a number of that decimal exponent is written with one.
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

  /// Decodes a format with bounds on its numbers.
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
