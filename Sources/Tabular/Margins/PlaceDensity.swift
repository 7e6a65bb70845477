/// How many learned rows are near a place, in its cell of a fine grid beside the cells around it: none in a
/// river or a park, which are empty cells amid full ones.
///
/// A learned row does not count as near itself, so that the distribution of this number is one that new rows
/// of the same source have (Good, "The population frequencies of species", 1953), and cells that were empty
/// by chance stay as open as they are.
public struct PlaceDensity: Sendable, Codable, Equatable {
  private let grid: PlaceGrid
  /// Learned rows in each cell.
  private let counts: [Int]

  private static let rowsPerCell = 1
  /// Cells on each side that are around a cell.
  private static let reach = 2
  /// Numbers of rows are told apart by powers of two up to this exponent.
  private static let mostExponent = 6

  /// - Returns: nil where the table does not have the columns, or no two places.
  init?(_ place: PlaceColumns, in table: Table) {
    guard let grid = PlaceGrid(place, in: table, rowsPerCell: Self.rowsPerCell),
      let cells = grid.cells(of: table)
    else { return nil }
    var counts = [Int](repeating: 0, count: grid.cellCount)
    for cell in cells where !cell.isNaN { counts[Int(cell)] += 1 }
    self.grid = grid
    self.counts = counts
  }

  /// For each row a number for the rows in its cell together with the rows around it, NaN outside the grid;
  /// nil where the rows do not have the columns. O(rows + cells).
  func values(in rows: CountedRows) -> [Double]? {
    guard let cells = grid.cells(of: rows.table) else { return nil }
    let around = grid.sums(counts, reach: Self.reach)
    let own = rows.areLearned ? 1 : 0
    let neighbours = (2 * Self.reach + 1) * (2 * Self.reach + 1) - 1
    return cells.map { cell in
      guard !cell.isNaN else { return .nan }
      let count = counts[Int(cell)]
      // Of the cells around the mean, in quarters.
      let mean = 4 * (around[Int(cell)] - count) / neighbours
      return Double(
        Self.exponent(mean) * (Self.mostExponent + 1) + Self.exponent(max(count - own, 0)))
    }
  }

  /// 0 for none, else one more than the logarithm to base 2.
  private static func exponent(_ count: Int) -> Int {
    min(Int.bitWidth - count.leadingZeroBitCount, mostExponent)
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    grid.isValid && counts.count == grid.cellCount && counts.allSatisfy { $0 >= 0 }
  }
}
