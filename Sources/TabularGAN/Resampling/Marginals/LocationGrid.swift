// SPDX-License-Identifier: Apache-2.0

import Foundation
import TabularEncoding
import Tabular

/// The places of a table sorted into the cells of a grid of parallels and meridians, so that they
/// can be counted.
public struct LocationGrid: Sendable, Codable, Equatable {
  let location: LocationColumns
  let south: Double
  let west: Double
  /// Of a cell, degrees.
  let height: Double
  let width: Double
  let rows: Int
  let columns: Int

  /// The number of cells, not counting one for missing locations.
  public var cellCount: Int { rows * columns }

  private static let maxCells = 65_535
  private static let minCells = 16
  /// The grid spans the middle of the places and as much again, a half on each side, so that what
  /// lies far out (a missing place written as 0, a mistake) does not widen it.
  private static let outside = 0.025

  /// Lays cells of about equal sides over the places of the table. O(rows log rows).
  ///
  /// - Parameter rowsPerCell: the table's rows for each cell, most of which hold fewer.
  /// - Returns: nil where the table does not have the columns, or no two places.
  init?(_ location: LocationColumns, in table: Table, rowsPerCell: Int) {
    guard let (latitudes, longitudes) = location.values(in: table) else { return nil }
    func span(_ values: [Double]) -> (start: Double, length: Double) {
      let sorted = values.filter { !$0.isNaN }.sorted()
      guard let last = sorted.indices.last else { return (0, 0) }
      let low = sorted[Int(Self.outside * Double(last))]
      let high = sorted[last - Int(Self.outside * Double(last))]
      return (low - (high - low) / 2, 2 * (high - low))
    }
    let (north, east) = (span(latitudes), span(longitudes))
    guard north.length > 0, east.length > 0 else { return nil }
    let cells = min(max(table.rowCount / rowsPerCell, Self.minCells), Self.maxCells)
    let narrowing = Self.narrowing(at: north.start + north.length / 2)
    let shape = north.length / (east.length * narrowing)
    let rows = min(max(Int((Double(cells) * shape).squareRoot()), 1), cells)
    self.location = location
    self.rows = rows
    columns = max(cells / rows, 1)
    south = north.start
    west = east.start
    height = north.length / Double(rows)
    width = east.length / Double(columns)
  }

  /// The cell of each row, for places outside the grid the one on its edge that is nearest; NaN
  /// where there is no place. Nil where the table does not have the columns. O(rows).
  func cells(of table: Table) -> [Double]? {
    guard let (latitudes, longitudes) = location.values(in: table) else { return nil }
    return zip(latitudes, longitudes).map { latitude, longitude in
      let (y, x) = position(latitude: latitude, longitude: longitude)
      guard !y.isNaN, !x.isNaN else { return .nan }
      let row = Int(min(max(y, 0), Double(rows - 1)))
      let column = Int(min(max(x, 0), Double(columns - 1)))
      return Double(row * columns + column)
    }
  }

  func contains(latitude: Double, longitude: Double) -> Bool {
    let (y, x) = position(latitude: latitude, longitude: longitude)
    return y >= 0 && y < Double(rows) && x >= 0 && x < Double(columns)
  }

  /// Rows north and columns east of the grid's corner.
  private func position(latitude: Double, longitude: Double) -> (y: Double, x: Double) {
    ((latitude - south) / height, (longitude - west) / width)
  }

  /// The length of a degree of longitude in degrees of latitude, in the middle of the grid.
  var narrowing: Double {
    Self.narrowing(at: south + height * Double(rows) / 2)
  }

  private static func narrowing(at latitude: Double) -> Double {
    max(cos(latitude * .pi / 180), 0.01)
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    rows > 0 && columns > 0 && rows <= Self.maxCells && columns <= Self.maxCells
      && cellCount <= Self.maxCells && height > 0 && width > 0
      && [south, west, height, width].areFinite
  }
}
