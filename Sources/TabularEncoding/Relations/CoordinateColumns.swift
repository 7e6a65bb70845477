// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// The two columns of a place.
struct CoordinateColumns {
  var latitude: Column
  package var longitude: Column

  /// One in this many values may be out of range, as device faults are.
  private static let valuesForEachMistake = 100

  /// Pairs of columns whose names differ in "lat..." and "lon..." or "lng", with values in range in
  /// nearly all rows of `sample`.
  static func all(in table: Table, sample: [Int]) -> [CoordinateColumns] {
    let numbers = table.columns.filter { $0.numbers != nil }
    func isWithin(_ column: Column, _ limit: Double) -> Bool {
      let outside = sample.count { abs(column.numbers![$0]) > limit }
      return outside * valuesForEachMistake <= sample.count
    }
    return numbers.compactMap { latitude in
      let name = latitude.name.lowercased()
      let partners = [("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"), ("lat", "long")]
        .filter { name.contains($0.0) }
        .map { name.replacingOccurrences(of: $0.0, with: $0.1) }
      guard let longitude = numbers.first(where: { partners.contains($0.name.lowercased()) }),
        isWithin(latitude, 90), isWithin(longitude, 180)
      else { return nil }
      return CoordinateColumns(latitude: latitude, longitude: longitude)
    }
  }
}
