import Tabular

/// Levels as a one-hot vector; a missing value has a level of its own.
///
/// Every level is kept, however rare: a rare level that is lost cannot be generated. Levels have a
/// position of their own, or share one with the other levels of their group (``LevelGroup``); which
/// level of a group comes back is drawn. There are at most 65,534 positions, because codes are 16
/// bits wide; levels may be more.
public struct CategoryEncoder: ColumnEncoder, Equatable {
  /// The values of the levels (numbers, or places in a list of texts) that have a position of their
  /// own, ascending.
  public let levels: [Double]
  /// The other levels; each group has the position after the group before it, the first one that
  /// after the last level's.
  public let groups: [LevelGroup]
  public let hasMissing: Bool
  /// All levels, ascending, and the position of each; nil where all have their own. Not stored.
  private let index: Index?

  private struct Index: Equatable {
    let values: [Double]
    let positions: [UInt16]
  }

  /// The width must be below this, so that every position has a 16-bit code.
  public static let positionLimit = 65_535

  /// Fits a column, NaN where missing; every level gets a position. O(rows log levels).
  ///
  /// - Throws: ``TabularError/encoding(_:)`` if there is no level.
  public init(fitting values: [Double]) throws(TabularError) {
    var seen: Set<Double> = []
    var hasMissing = false
    for value in values {
      if value.isNaN { hasMissing = true } else { seen.insert(value + 0) }
    }
    guard !seen.isEmpty else { throw .encoding("there is no value to learn from") }
    self.init(levels: seen.sorted(), groups: [], hasMissing: hasMissing)
  }

  private init(levels: [Double], groups: [LevelGroup], hasMissing: Bool) {
    self.levels = levels
    self.groups = groups
    self.hasMissing = hasMissing
    if groups.isEmpty {
      index = nil
    } else {
      var entries = levels.enumerated().map { (value: $1, position: UInt16($0)) }
      for (position, group) in zip(levels.count..., groups) {
        entries += group.levels.map { ($0, UInt16(position)) }
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
        "has \(width) levels, but at most \(Self.positionLimit - 1) can have a position each (group "
          + "rare levels, as the preset default does, or declare the column an id or a quantity)")
    }
  }

  /// The same encoder with some of its levels joined to groups. O(levels log levels).
  func joining(_ groups: [LevelGroup]) -> CategoryEncoder {
    let joined = Set(groups.flatMap(\.levels))
    return CategoryEncoder(
      levels: levels.filter { !joined.contains($0) }, groups: groups, hasMissing: hasMissing)
  }

  /// The values of all levels, ascending.
  package var values: [Double] { index?.values ?? levels }

  private var width: Int { levels.count + groups.count + (hasMissing ? 1 : 0) }

  public var spans: [OutputSpan] {
    [OutputSpan(column: 0, offset: 0, width: width, activation: .softmax, isCategory: true)]
  }

  public var representsMissing: Bool { hasMissing }

  public func levels(ofSpan span: Int) -> [EncodedLevel] {
    levels.map { .value($0) } + groups.map { .values($0.levels) } + (hasMissing ? [.missing] : [])
  }

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
      let level = known.partitionIndex { $0 >= value }
      guard level < known.count, known[level] == value else {
        throw .unknownLevel("\(value)", row: row)
      }
      codes[row] = index?.positions[level] ?? UInt16(level)
    }
    return [.code(codes)]
  }

  /// The level at the largest position, of a group the most frequent one.
  @inline(__always)
  public func inverse(_ row: UnsafePointer<Float>) -> Double {
    let position = row.indexOfLargest(width)
    if position < levels.count { return levels[position] }
    let group = position - levels.count
    return group < groups.count ? groups[group].levels[0] : .nan
  }

  /// The level at the largest position of each row, of a group one that is drawn by its rows.
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count {
      let row = rows.base + i * rows.stride
      let position = row.indexOfLargest(width)
      if position < levels.count {
        values[i] = levels[position]
      } else if position < levels.count + groups.count {
        var random = rows.random(i)
        values[i] = groups[position - levels.count].level(&random)
      } else {
        values[i] = .nan
      }
    }
  }
}

extension CategoryEncoder {
  private enum CodingKeys: String, CodingKey { case levels, groups, hasMissing }

  /// Decodes an encoder; what could not have been fitted is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let levels = try container.decode([Double].self, forKey: .levels)
    let groups = try container.decodeIfPresent([LevelGroup].self, forKey: .groups) ?? []
    let hasMissing = try container.decode(Bool.self, forKey: .hasMissing)
    let positions = levels.count + groups.count + (hasMissing ? 1 : 0)
    guard levels.count + groups.count > 0, positions < Self.positionLimit, levels.areFinite,
      groups.allSatisfy({ !$0.levels.isEmpty && $0.levels.areFinite }),
      zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .levels, in: container,
        debugDescription: "levels must be finite and ascending, and some")
    }
    self.init(levels: levels, groups: groups, hasMissing: hasMissing)
    guard zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .groups, in: container, debugDescription: "a level has two positions")
    }
  }

  /// Encodes what cannot be computed from the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(levels, forKey: .levels)
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

  /// A level that the encoder was not fitted on.
  static func unknownLevel(_ text: String, row: Int) -> TabularError {
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
