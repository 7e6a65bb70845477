import Foundation

/// The two columns of a place.
struct CoordinateColumns {
  var latitude: Column
  var longitude: Column

  /// Pairs of columns whose names differ in "lat..." and "lon..." or "lng", with values in range in the
  /// rows of `sample`.
  static func all(in table: Table, sample: [Int]) -> [CoordinateColumns] {
    let numbers = table.columns.filter { $0.numbers != nil }
    func isWithin(_ column: Column, _ limit: Double) -> Bool {
      sample.allSatisfy { row in
        let value = column.numbers![row]
        return value.isNaN || abs(value) <= limit
      }
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
