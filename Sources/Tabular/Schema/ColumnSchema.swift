// SPDX-License-Identifier: Apache-2.0

/// The schema of one column: its kind, the format of its values, and statistics of the data.
public struct ColumnSchema: Sendable, Codable, Equatable {
  /// The column's name, unique in its table.
  public var name: String
  /// The text in the file's header, if it differs from `name`: with surrounding white space,
  /// repeated or empty.
  public var headerText: String?
  /// What the values mean, which decides how they are encoded.
  public var kind: ColumnKind
  /// The column's type in a source whose columns have types; nil for columns of text files.
  public var storedType: StoredType?
  /// The format of numbers (for columns that are physically numbers).
  public var numberFormat: NumberFormat?
  /// The format of times (kind `datetime`).
  public var datetimeFormat: DatetimeFormat?
  /// Share of missing values, 0...1.
  public var missingShare: Double
  /// The marker of a missing value, such as "" or "NA"; the most frequent one if there are several.
  public var missingText: String
  /// The other missing-value markers with their shares of the missing values.
  public var otherMissingTexts: [MissingText.Share]
  /// The spaces around every number or time.
  public var padding: FieldPadding
  /// Number of distinct values, not counting missing ones.
  public var distinctCount: Int
  /// Least and greatest value (numbers; datetimes as seconds since 1970).
  public var range: ClosedRange<Double>?
  /// Single values that are far more frequent than in a continuous distribution, most frequent
  /// first (mixed columns: tips of 0, flat fares).
  public var pointMasses: [PointMass]

  /// A value and the share of the rows that have it.
  public struct PointMass: Sendable, Codable, Equatable {
    /// The value; seconds since 1970 in a column of times.
    public var value: Double
    /// The share of the rows, 0...1.
    public var share: Double

    /// A value with its share of the rows, 0...1.
    public init(value: Double, share: Double) {
      self.value = value
      self.share = share
    }
  }

  /// The schema of a column; only name and kind are needed to declare one.
  public init(
    name: String, kind: ColumnKind, numberFormat: NumberFormat? = nil,
    datetimeFormat: DatetimeFormat? = nil, storedType: StoredType? = nil,
    missingShare: Double = 0, missingText: String = "",
    otherMissingTexts: [MissingText.Share] = [], padding: FieldPadding = FieldPadding(),
    distinctCount: Int = 0,
    range: ClosedRange<Double>? = nil, pointMasses: [PointMass] = []
  ) {
    self.name = name
    self.kind = kind
    self.storedType = storedType
    self.numberFormat = numberFormat
    self.datetimeFormat = datetimeFormat
    self.missingShare = missingShare
    self.missingText = missingText
    self.otherMissingTexts = otherMissingTexts
    self.padding = padding
    self.distinctCount = distinctCount
    self.range = range
    self.pointMasses = pointMasses
  }
}

extension ColumnSchema {
  /// All missing-value markers of the column.
  var missingTexts: Set<String> { Set([missingText] + otherMissingTexts.map(\.text)) }
}

/// A missing-value marker and its number of occurrences.
public struct MissingText: Sendable, Equatable {
  /// The marker, possibly empty.
  public var text: String
  /// The number of missing values written with the marker.
  public var count: Int

  /// Creates a marker with its count.
  public init(text: String, count: Int) {
    self.text = text
    self.count = count
  }

  /// A missing-value marker and its share of a column's missing values.
  public struct Share: Sendable, Codable, Equatable {
    /// The marker, possibly empty.
    public var text: String
    /// The share of the missing values, 0...1.
    public var share: Double

    /// Creates a marker with its share, 0...1.
    public init(text: String, share: Double) {
      self.text = text
      self.share = share
    }
  }
}
