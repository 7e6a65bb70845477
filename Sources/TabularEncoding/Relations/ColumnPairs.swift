/// Selects the pairs of columns to examine if there are too many for all pairs.
///
/// Up to 128 columns, all pairs are selected. With more columns, a pair is selected if both are
/// within 32 places of each other in the table, since related columns are usually adjacent, or if
/// they are neighbors by their correlations with a sample of reference columns, since related
/// columns correlate with the same others. The work therefore grows linearly with the number of
/// columns, not quadratically.
package struct ColumnPairs {
  static let mostColumnsInAllPairs = 128
  static let window = 32
  private static let pivots = 12
  private static let neighbours = 8

  /// For each place, the ascending places of later columns that it is paired with.
  package let partners: [[Int]]

  package init(of columns: [RankedColumn]) {
    let count = columns.count
    guard count > Self.mostColumnsInAllPairs else {
      partners = columns.indices.map { Array(($0 + 1)..<count) }
      return
    }
    var partners = columns.indices.map { Set(($0 + 1)..<min($0 + 1 + Self.window, count)) }
    for pivot in 0..<Self.pivots {
      let reference = columns[(2 * pivot + 1) * count / (2 * Self.pivots)]
      let likeness = columns.map { $0.correlation(with: reference) }
      let order = columns.indices.sorted { (likeness[$0], $0) < (likeness[$1], $1) }
      for (place, column) in order.enumerated() {
        for other in order[(place + 1)..<min(place + 1 + Self.neighbours, count)] {
          partners[min(column, other)].insert(max(column, other))
        }
      }
    }
    self.partners = partners.map { $0.sorted() }
  }

  /// The places within a window around `place`, or all of `count` places if they are few enough.
  static func places(near place: Int, of count: Int, window: Int) -> Range<Int> {
    count <= mostColumnsInAllPairs
      ? 0..<count : max(0, place - window)..<min(count, place + window + 1)
  }
}
