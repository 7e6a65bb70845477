// SPDX-License-Identifier: Apache-2.0

/// Selects the pairs of columns to examine if there are too many for all pairs.
///
/// Up to 128 columns, all pairs are selected. With more columns, a pair is selected if both are
/// within 32 places of each other in the table, since related columns are usually adjacent, or if
/// they are neighbors by their correlations with a sample of reference columns, since related
/// columns correlate with the same others. The work therefore grows linearly with the number of
/// columns, not quadratically.
package struct ColumnPairs {
  static let maxColumnsInAllPairs = 128
  static let window = 32
  private static let pivots = 12
  private static let neighbors = 8

  /// For each place, the ascending places of later columns that it is paired with.
  package let partners: [[Int]]

  package init(of columns: [RankedColumn]) {
    let count = columns.count
    guard count > Self.maxColumnsInAllPairs else {
      partners = columns.indices.map { Array(($0 + 1)..<count) }
      return
    }
    var partners = columns.indices.map { Set(($0 + 1)..<min($0 + 1 + Self.window, count)) }
    for pivot in 0..<Self.pivots {
      let reference = columns[(2 * pivot + 1) * count / (2 * Self.pivots)]
      let correlations = columns.map { $0.correlation(with: reference) }
      let order = columns.indices.sorted { (correlations[$0], $0) < (correlations[$1], $1) }
      for (index, column) in order.enumerated() {
        for other in order[(index + 1)..<min(index + 1 + Self.neighbors, count)] {
          partners[min(column, other)].insert(max(column, other))
        }
      }
    }
    self.partners = partners.map { $0.sorted() }
  }

  /// The places within a window around `index`, or all of `count` places if they are few enough.
  static func indices(near index: Int, of count: Int, window: Int) -> Range<Int> {
    count <= maxColumnsInAllPairs
      ? 0..<count : max(0, index - window)..<min(count, index + window + 1)
  }
}
