import SeededRandom

/// Rare levels of a category that share one position of its one-hot vector: they behave alike in the
/// other columns, and each comes back in proportion to its rows.
public struct LevelGroup: Sendable, Equatable {
  /// The values of the levels, the most frequent first, of equally frequent ones the least.
  public let levels: [Double]
  /// The number of rows that each was fitted on.
  public let rows: [Int]
  /// The number of rows up to the end of each level. Not stored.
  private let ends: [Int]

  /// Random places are drawn among at most this many rows.
  private static let rowLimit = Int(UInt32.max)

  /// - Parameter members: different levels, each with its rows, at least one.
  init(_ members: [(level: Double, rows: Int)]) {
    let sorted = members.sorted { ($1.rows, $0.level) < ($0.rows, $1.level) }
    self.init(levels: sorted.map(\.level), rows: sorted.map(\.rows))
  }

  private init(levels: [Double], rows: [Int]) {
    self.levels = levels
    self.rows = rows
    var end = 0
    ends = rows.map {
      end += $0
      return end
    }
  }

  /// The rows of all its levels.
  var rowCount: Int { ends.last! }

  /// A level with the probability of its share of the group's rows. O(log levels).
  @inline(__always)
  func level(_ random: inout RowRandom) -> Double {
    let place = random.index(below: rowCount)
    return levels[ends.partitionIndex { $0 > place }]
  }
}

extension LevelGroup: Codable {
  private enum CodingKeys: String, CodingKey { case levels, rows }

  /// Decodes a group; what could not have been made is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let levels = try container.decode([Double].self, forKey: .levels)
    let rows = try container.decode([Int].self, forKey: .rows)
    let members = Array(zip(rows, levels))
    guard !levels.isEmpty, levels.count == rows.count,
      rows.allSatisfy({ $0 > 0 && $0 <= Self.rowLimit / rows.count }),
      zip(members, members.dropFirst()).allSatisfy({ ($1.0, $0.1) < ($0.0, $1.1) })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .levels, in: container,
        debugDescription: "a group's levels must each have rows, the most frequent first")
    }
    self.init(levels: levels, rows: rows)
  }

  /// Encodes what cannot be computed from the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(levels, forKey: .levels)
    try container.encode(rows, forKey: .rows)
  }
}
