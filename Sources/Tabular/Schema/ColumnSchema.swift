/// What is known of one column: its kind, how its values are written, and what was seen in the data.
public struct ColumnSchema: Sendable, Codable, Equatable {
  public var name: String
  /// What stands in the file's header instead, where that is not the name itself: with blanks around
  /// it, or the same as another's, or nothing.
  public var headerText: String?
  public var kind: ColumnKind
  /// How numbers are written (columns that are physically numbers).
  public var numberFormat: NumberFormat?
  /// How times are written (kind `datetime`).
  public var datetimeFormat: DatetimeFormat?
  /// Share of missing values, 0...1.
  public var missingShare: Double
  /// How a missing value is written, as "" or "NA"; the most frequent way where there are several.
  public var missingText: String
  /// The other ways with their shares of the missing values.
  public var otherMissingTexts: [MissingText.Share]
  /// Blanks before every number or time.
  public var leadingBlanks: Int
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
    otherMissingTexts: [MissingText.Share] = [], leadingBlanks: Int = 0, distinctCount: Int = 0,
    range: ClosedRange<Double>? = nil, atoms: [Atom] = []
  ) {
    self.name = name
    self.kind = kind
    self.numberFormat = numberFormat
    self.datetimeFormat = datetimeFormat
    self.missingShare = missingShare
    self.missingText = missingText
    self.otherMissingTexts = otherMissingTexts
    self.leadingBlanks = leadingBlanks
    self.distinctCount = distinctCount
    self.range = range
    self.atoms = atoms
  }
}

extension ColumnSchema {
  /// All ways in which a missing value is written.
  var missingTexts: Set<String> { Set([missingText] + otherMissingTexts.map(\.text)) }
}

/// A text that stands for a missing value, with the values that it stands for.
public struct MissingText: Sendable, Equatable {
  public var text: String
  public var count: Int

  public init(text: String, count: Int) {
    self.text = text
    self.count = count
  }

  /// The same with the part of a column's missing values, 0...1.
  public struct Share: Sendable, Codable, Equatable {
    public var text: String
    public var share: Double

    public init(text: String, share: Double) {
      self.text = text
      self.share = share
    }
  }
}
