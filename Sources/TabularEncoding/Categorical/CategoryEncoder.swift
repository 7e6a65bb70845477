// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Categories as a one-hot vector; a missing value has a category of its own.
///
/// Every category is kept, however rare: a rare category that is lost cannot be generated.
/// Categories have a position of their own, or share one with the other categories of their group
/// (``CategoryGroup``); which category of a group comes back is drawn. There are at most 65,534
/// positions, because codes are 16 bits wide; categories may be more.
public struct CategoryEncoder: ColumnEncoder, Equatable {
  /// The values of the categories (numbers, or places in a list of texts) that have a position of
  /// their own, ascending.
  public let categories: [Double]
  /// The other categories; each group has the position after the group before it, the first one
  /// that after the last category's.
  public let groups: [CategoryGroup]
  /// Whether the fitted values had missing ones, which then have a position of their own.
  public let hasMissing: Bool
  /// All categories, ascending, and the position of each; nil where all have their own. Not stored.
  private let index: Index?

  private struct Index: Equatable {
    let values: [Double]
    let positions: [UInt16]
  }

  /// The width must be below this, so that every position has a 16-bit code.
  public static let positionLimit = 65_535

  /// Fits a column, NaN where missing; every category gets a position. O(rows log categories).
  ///
  /// - Throws: ``TabularError/encoding(_:)`` if there is no category.
  public init(fitting values: [Double]) throws(TabularError) {
    var seen: Set<Double> = []
    var hasMissing = false
    for value in values {
      if value.isNaN { hasMissing = true } else { seen.insert(value + 0) }
    }
    guard !seen.isEmpty else { throw .encoding("there is no value to learn from") }
    self.init(categories: seen.sorted(), groups: [], hasMissing: hasMissing)
  }

  private init(categories: [Double], groups: [CategoryGroup], hasMissing: Bool) {
    self.categories = categories
    self.groups = groups
    self.hasMissing = hasMissing
    if groups.isEmpty {
      index = nil
    } else {
      var entries = categories.enumerated().map { (value: $1, position: UInt16($0)) }
      for (position, group) in zip(categories.count..., groups) {
        entries += group.categories.map { ($0, UInt16(position)) }
      }
      entries.sort { $0.value < $1.value }
      index = Index(values: entries.map(\.value), positions: entries.map(\.position))
    }
  }

  /// Checks that every position has a code.
  ///
  /// - Throws: ``TabularError/encoding(_:)`` if there are too many positions.
  func validatePositions() throws(TabularError) {
    guard width < Self.positionLimit else {
      throw .encoding(
        "has \(width) categories, but at most \(Self.positionLimit - 1) can have a position each (group "
          + "rare categories, as the preset default does, or declare the column an id or a quantity)"
      )
    }
  }

  /// The same encoder with some of its categories joined to groups. O(categories log categories).
  func joining(_ groups: [CategoryGroup]) -> CategoryEncoder {
    let joined = Set(groups.flatMap(\.categories))
    return CategoryEncoder(
      categories: categories.filter { !joined.contains($0) }, groups: groups, hasMissing: hasMissing
    )
  }

  /// The values of all categories, ascending.
  package var values: [Double] { index?.values ?? categories }

  private var width: Int { categories.count + groups.count + (hasMissing ? 1 : 0) }

  /// One softmax span: categories, then groups of rare ones, then the missing value if there was
  /// one.
  public var spans: [OutputSpan] {
    [OutputSpan(column: 0, offset: 0, width: width, activation: .softmax, isCategory: true)]
  }

  /// True if a value was missing when the encoder was fitted.
  public var representsMissing: Bool { hasMissing }

  /// A value for each category, the values of each group, and the missing value, in their order.
  public func categories(ofSpan span: Int) -> [EncodedCategory] {
    categories.map { .value($0) } + groups.map { .values($0.categories) }
      + (hasMissing ? [.missing] : [])
  }

  /// The position of each value's category or group.
  ///
  /// - Throws: ``TabularError/encoding(_:)`` for a value, or a missing one, that was not fitted.
  public func transform(
    _ values: [Double], seed: UInt64
  ) throws(TabularError) -> [EncodedTable.Block] {
    try validatePositions()
    let known = self.values
    var codes = [UInt16](repeating: 0, count: values.count)
    for (row, value) in values.enumerated() {
      if value.isNaN {
        guard hasMissing else { throw .missingValue(row: row) }
        codes[row] = UInt16(width - 1)
        continue
      }
      let category = known.partitionIndex { $0 >= value }
      guard category < known.count, known[category] == value else {
        throw .unknownCategory("\(value)", row: row)
      }
      codes[row] = index?.positions[category] ?? UInt16(category)
    }
    return [.code(codes)]
  }

  /// The category at the largest position, of a group the most frequent one.
  @inline(__always)
  public func inverse(_ row: UnsafePointer<Float>) -> Double {
    let position = row.indexOfLargest(width)
    if position < categories.count { return categories[position] }
    let group = position - categories.count
    return group < groups.count ? groups[group].categories[0] : .nan
  }

  /// The category at the largest position of each row, of a group one that is drawn by its rows.
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count {
      let row = rows.base + i * rows.stride
      let position = row.indexOfLargest(width)
      if position < categories.count {
        values[i] = categories[position]
      } else if position < categories.count + groups.count {
        var random = rows.random(i)
        values[i] = groups[position - categories.count].category(&random)
      } else {
        values[i] = .nan
      }
    }
  }
}

extension CategoryEncoder {
  private enum CodingKeys: String, CodingKey { case categories, groups, hasMissing }

  /// Decodes an encoder; what could not have been fitted is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let categories = try container.decode([Double].self, forKey: .categories)
    let groups = try container.decodeIfPresent([CategoryGroup].self, forKey: .groups) ?? []
    let hasMissing = try container.decode(Bool.self, forKey: .hasMissing)
    let positions = categories.count + groups.count + (hasMissing ? 1 : 0)
    guard categories.count + groups.count > 0, positions < Self.positionLimit, categories.areFinite,
      groups.allSatisfy({ !$0.categories.isEmpty && $0.categories.areFinite }),
      zip(categories, categories.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .categories, in: container,
        debugDescription: "categories must be finite and ascending, and some")
    }
    self.init(categories: categories, groups: groups, hasMissing: hasMissing)
    guard zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .groups, in: container, debugDescription: "a category has two positions")
    }
  }

  /// Encodes what cannot be computed from the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(categories, forKey: .categories)
    if !groups.isEmpty { try container.encode(groups, forKey: .groups) }
    try container.encode(hasMissing, forKey: .hasMissing)
  }
}

extension TabularError {
  /// A missing value in a column that had none. Rows are counted from 1 in messages.
  static func missingValue(row: Int) -> TabularError {
    .encoding(
      "has a missing value in row \(row + 1), but had none when the encoder was fitted (fill it in, or fit again)"
    )
  }

  /// A category that the encoder was not fitted on.
  static func unknownCategory(_ text: String, row: Int) -> TabularError {
    .encoding(
      "holds '\(text)' in row \(row + 1), which was not there when the encoder was fitted (fit again on rows that have it)"
    )
  }

  /// This error, said of a column.
  func ofColumn(_ name: String) -> TabularError {
    guard case .encoding(let text) = self else { return self }
    return .encoding("column '\(name)': \(text)")
  }
}
