/// Which pairs of columns are looked at where all of them would be too many.
///
/// Up to 128 columns these are all pairs. Of more columns a pair is looked at where both are within
/// 32 places of each other in the table, because people put side by side what belongs together, or where
/// they are neighbours by how they correlate with some columns that stand for all: what goes with
/// each other goes with the same columns. So the work grows as the columns do, not as their square.
struct ColumnPairs {
  static let mostColumnsInAllPairs = 128
  static let window = 32
  private static let pivots = 12
  private static let neighbours = 8

  /// The places, each with those of the columns after it that it is paired with, ascending.
  let partners: [[Int]]

  init(of columns: [RankedColumn]) {
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

  /// The places within a window around one of `count`; all of them where they are few enough.
  static func places(near place: Int, of count: Int, window: Int) -> Range<Int> {
    count <= mostColumnsInAllPairs
      ? 0..<count : max(0, place - window)..<min(count, place + window + 1)
  }
}
