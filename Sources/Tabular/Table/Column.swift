// SPDX-License-Identifier: Apache-2.0

/// One column of a ``Table``: a name and its values, stored by physical type.
///
/// The physical type says how values are held in memory; what they *mean* (a category, a
/// continuous quantity, ...) is the ``ColumnKind`` in the column's schema. A payment code 1...4 is
/// physically a number and by kind a category.
public struct Column: Sendable, Equatable {
  /// The values of a column. All cases hold one entry for each row.
  public enum Values: Sendable, Equatable {
    /// Numbers; a missing value is NaN.
    case number(Numbers)
    /// Seconds since 1970-01-01 00:00:00 (no time zone is applied); a missing value is NaN.
    case datetime(Numbers)
    /// Text by dictionary: `codes[row]` indexes `categories`, -1 is a missing value.
    case text(codes: [Int32], categories: [String])

    /// Numbers held as they are.
    public static func number(_ values: [Double]) -> Values { .number(Numbers(values)) }

    /// Seconds since 1970-01-01 00:00:00, held as they are.
    public static func datetime(_ values: [Double]) -> Values { .datetime(Numbers(values)) }
  }

  /// The name, by which conditions, schemas and options refer to the column.
  public var name: String
  /// One value for each row.
  public var values: Values

  /// A column of values under a name.
  public init(name: String, values: Values) {
    self.name = name
    self.values = values
  }

  /// The number of rows.
  public var count: Int {
    switch values {
    case .number(let v), .datetime(let v): v.count
    case .text(let codes, _): codes.count
    }
  }

  /// The values of a numeric or datetime column, or nil for text.
  public var numbers: Numbers? {
    switch values {
    case .number(let v), .datetime(let v): v
    case .text: nil
    }
  }

  /// The number of missing values. O(rows).
  public var missingCount: Int {
    switch values {
    case .number(let v), .datetime(let v): v.missingCount
    case .text(let codes, _): codes.reduce(into: 0) { $0 += $1 < 0 ? 1 : 0 }
    }
  }

  /// The rows at `indices`, in that order. O(indices).
  public func selecting(_ indices: [Int]) -> Column {
    switch values {
    case .number(let v): Column(name: name, values: .number(v.selecting(indices)))
    case .datetime(let v): Column(name: name, values: .datetime(v.selecting(indices)))
    case .text(let codes, let categories):
      Column(name: name, values: .text(codes: indices.map { codes[$0] }, categories: categories))
    }
  }
}
