// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Rare categories of a categorical column that share one position of its one-hot vector: they
/// behave alike in the other columns, and each comes back in proportion to its rows.
public struct CategoryGroup: Sendable, Equatable {
  /// The values of the categories, the most frequent first, of equally frequent ones the least.
  public let categories: [Double]
  /// The number of rows that each was fitted on.
  public let rows: [Int]
  /// The number of rows up to the end of each category. Not stored.
  private let ends: [Int]

  /// Random places are drawn among at most this many rows.
  private static let rowLimit = Int(UInt32.max)

  /// - Parameter members: different categories, each with its rows, at least one.
  init(_ members: [(category: Double, rows: Int)]) {
    let sorted = members.sorted { ($1.rows, $0.category) < ($0.rows, $1.category) }
    self.init(categories: sorted.map(\.category), rows: sorted.map(\.rows))
  }

  private init(categories: [Double], rows: [Int]) {
    self.categories = categories
    self.rows = rows
    var end = 0
    ends = rows.map {
      end += $0
      return end
    }
  }

  /// The rows of all its categories.
  var rowCount: Int { ends.last! }

  /// A category with the probability of its share of the group's rows. O(log categories).
  @inline(__always)
  func category(_ random: inout RowRandom) -> Double {
    let position = random.index(below: rowCount)
    return categories[ends.partitionIndex { $0 > position }]
  }
}

extension CategoryGroup: Codable {
  private enum CodingKeys: String, CodingKey { case categories, rows }

  /// Decodes a group; what could not have been made is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let categories = try container.decode([Double].self, forKey: .categories)
    let rows = try container.decode([Int].self, forKey: .rows)
    let members = Array(zip(rows, categories))
    guard !categories.isEmpty, categories.count == rows.count,
      rows.allSatisfy({ $0 > 0 && $0 <= Self.rowLimit / rows.count }),
      zip(members, members.dropFirst()).allSatisfy({ ($1.0, $0.1) < ($0.0, $1.1) })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .categories, in: container,
        debugDescription: "a group's categories must each have rows, the most frequent first")
    }
    self.init(categories: categories, rows: rows)
  }

  /// Encodes what cannot be computed from the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(categories, forKey: .categories)
    try container.encode(rows, forKey: .rows)
  }
}
