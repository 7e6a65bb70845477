/// Sums down the columns of matrices: in single precision over blocks of rows, in double precision
/// over the blocks.
///
/// Nearly as exact as double throughout, and several times as fast. The order of
/// the additions depends on the number of rows alone.
struct ColumnSums {
  private static let blockRows = 32
  private let partial: ColumnVector<Float>
  private let totals: ColumnVector<Double>

  init(columns: Int) {
    partial = ColumnVector(count: columns)
    totals = ColumnVector(count: columns)
  }

  /// The sum of a column.
  subscript(column: Int) -> Double { totals.elements[column] }

  /// Replaces the sums by what `accumulate` adds up over all rows.
  ///
  /// - Parameter accumulate: adds a row's terms to the partial sums that it is given.
  @inline(__always)
  func sum(rows: Int, _ accumulate: (Int, UnsafeMutablePointer<Float>) -> Void) {
    totals.clear()
    var start = 0
    while start < rows {
      let end = min(start + Self.blockRows, rows)
      partial.clear()
      for row in start..<end { accumulate(row, partial.elements) }
      for j in 0..<totals.count { totals.elements[j] += Double(partial.elements[j]) }
      start = end
    }
  }
}
