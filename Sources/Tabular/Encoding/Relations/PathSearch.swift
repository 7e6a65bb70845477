import Foundation

/// Searches a length between two places: columns of coordinates by their names and ranges, the
/// length by how much less its ratio to the straight line varies than it does itself.
struct PathSearch {
  let table: Table
  /// The rows that are looked at.
  let sample: [Int]

  /// The detours' interquartile range, on a logarithmic scale, must be below this part of the
  /// length's own. (A distance driven: 0.2; a duration or a price: more than a half.)
  private static let narrower = 0.4
  /// Rows with a line, at least.
  private static let share = 0.8

  /// The length among `candidates` that follows its line most closely.
  func closest(among candidates: [Column]) -> (target: Column, places: [String])? {
    let places = self.places
    guard places.count == 2 else { return nil }
    let names = places.flatMap { [$0.latitude.name, $0.longitude.name] }
    let lines = PathRelation.lines(names.map { name in sample.map { table[name]!.numbers![$0] } })
    var best: (target: Column, ratio: Double)?
    for column in candidates where !names.contains(column.name) {
      let values = sample.map { column.numbers![$0] }
      var lengths: [Double] = []
      var detours: [Double] = []
      for (value, line) in zip(values, lines) where value > 0 && line >= 0.3 {
        lengths.append(log(value))
        detours.append(log(value / line))
      }
      guard Double(detours.count) >= Self.share * Double(sample.count) else { continue }
      let ratio = Self.range(detours) / Self.range(lengths)
      if ratio < best?.ratio ?? Self.narrower { best = (column, ratio) }
    }
    return best.map { ($0.target, names) }
  }

  private struct Place {
    var latitude: Column
    var longitude: Column
  }

  /// Pairs of columns whose names differ in "lat..." and "lon..." or "lng", with values in range.
  private var places: [Place] {
    let numbers = table.columns.filter { $0.numbers != nil }
    return numbers.compactMap { latitude in
      let name = latitude.name.lowercased()
      let partners = [("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"), ("lat", "long")]
        .filter { name.contains($0.0) }
        .map { name.replacingOccurrences(of: $0.0, with: $0.1) }
      guard let longitude = numbers.first(where: { partners.contains($0.name.lowercased()) }),
        isWithin(latitude, 90), isWithin(longitude, 180)
      else { return nil }
      return Place(latitude: latitude, longitude: longitude)
    }
  }

  private func isWithin(_ column: Column, _ limit: Double) -> Bool {
    sample.allSatisfy { row in
      let value = column.numbers![row]
      return value.isNaN || abs(value) <= limit
    }
  }

  /// The distance of the quartiles.
  private static func range(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard sorted.count >= 4 else { return 0 }
    return sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
  }
}
