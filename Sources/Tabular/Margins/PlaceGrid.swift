import Foundation

/// The places of a table sorted into the cells of a grid of parallels and meridians, so that they can
/// be counted.
public struct PlaceGrid: Sendable, Codable, Equatable {
  let place: PlaceColumns
  let south: Double
  let west: Double
  /// Of a cell, degrees.
  let height: Double
  let width: Double
  let rows: Int
  let columns: Int

  public var cellCount: Int { rows * columns }

  private static let mostCells = 65_535
  private static let leastCells = 16
  /// The grid spans the middle of the places and as much again, a half on each side, so that what
  /// lies far out (a missing place written as 0, a mistake) does not widen it.
  private static let outside = 0.025

  /// Lays cells of about equal sides over the places of the table. O(rows log rows).
  ///
  /// - Parameter rowsPerCell: the table's rows for each cell, most of which hold fewer.
  /// - Returns: nil where the table does not have the columns, or no two places.
  init?(_ place: PlaceColumns, in table: Table, rowsPerCell: Int) {
    guard let (latitudes, longitudes) = place.values(in: table) else { return nil }
    func span(_ values: [Double]) -> (start: Double, length: Double) {
      let sorted = values.filter { !$0.isNaN }.sorted()
      guard let last = sorted.indices.last else { return (0, 0) }
      let low = sorted[Int(Self.outside * Double(last))]
      let high = sorted[last - Int(Self.outside * Double(last))]
      return (low - (high - low) / 2, 2 * (high - low))
    }
    let (north, east) = (span(latitudes), span(longitudes))
    guard north.length > 0, east.length > 0 else { return nil }
    let cells = min(max(table.rowCount / rowsPerCell, Self.leastCells), Self.mostCells)
    // Degrees of longitude are shorter than degrees of latitude.
    let middle = (north.start + north.length / 2) * .pi / 180
    let shape = north.length / (east.length * max(cos(middle), 0.01))
    let rows = min(max(Int((Double(cells) * shape).squareRoot()), 1), cells)
    self.place = place
    self.rows = rows
    columns = max(cells / rows, 1)
    south = north.start
    west = east.start
    height = north.length / Double(rows)
    width = east.length / Double(columns)
  }

  /// The cell of each row, NaN outside the grid and where there is no place; nil where the table does
  /// not have the columns. O(rows).
  func cells(of table: Table) -> [Double]? {
    guard let (latitudes, longitudes) = place.values(in: table) else { return nil }
    return zip(latitudes, longitudes).map { latitude, longitude in
      let (y, x) = ((latitude - south) / height, (longitude - west) / width)
      guard y >= 0, y < Double(rows), x >= 0, x < Double(columns) else { return .nan }
      return Double(Int(y) * columns + Int(x))
    }
  }

  /// For each cell the sum over it and all cells that are at most `reach` rows and columns away. O(cells).
  func sums(_ counts: [Int], reach: Int) -> [Int] {
    /// Sums over windows of a line of `length` entries, `step` apart, in place.
    func slide(_ values: inout [Int], from start: Int, length: Int, step: Int) {
      let line = (0..<length).map { values[start + $0 * step] }
      var sum = line.prefix(reach).reduce(0, +)
      for place in 0..<length {
        if place + reach < length { sum += line[place + reach] }
        if place > reach { sum -= line[place - reach - 1] }
        values[start + place * step] = sum
      }
    }
    var sums = counts
    for row in 0..<rows { slide(&sums, from: row * columns, length: columns, step: 1) }
    for column in 0..<columns { slide(&sums, from: column, length: rows, step: columns) }
    return sums
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    rows > 0 && columns > 0 && rows <= Self.mostCells && columns <= Self.mostCells
      && cellCount <= Self.mostCells && height > 0 && width > 0
  }
}
