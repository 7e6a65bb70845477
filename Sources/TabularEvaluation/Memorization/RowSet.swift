// SPDX-License-Identifier: Apache-2.0

/// Rows that can be found again exactly: numbers to six decimals, missing values alike.
struct RowSet: Sendable {
  private struct Key: Hashable, Sendable {
    let values: [Double]
  }
  private var counts: [Key: Int] = [:]
  private(set) var rowCount = 0

  /// Rows of the table's own features.
  ///
  /// O(rows x features).
  init(_ table: FeatureTable) {
    rowCount = table.rowCount
    for key in Self.keys(table) { counts[key, default: 0] += 1 }
  }

  /// Rows of `table` that are also in this set.
  func matches(_ table: FeatureTable) -> Int {
    Self.keys(table).reduce(0) { $0 + (counts[$1] == nil ? 0 : 1) }
  }

  /// The number of rows that also occur elsewhere in the same set.
  var repeatedRows: Int { counts.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) } }

  /// Rows that repeat another of the same set.
  var repetitions: Int { rowCount - counts.count }

  private static func keys(_ table: FeatureTable) -> [Key] {
    let columns = table.features.indices.filter { !table.features[$0].isDerived }.map { index in
      table.columns[index].map { value in
        value.isNaN ? -1 : (value * 1e6).rounded(.toNearestOrEven) / 1e6
      }
    }
    return (0..<table.rowCount).map { row in Key(values: columns.map { $0[row] }) }
  }
}
