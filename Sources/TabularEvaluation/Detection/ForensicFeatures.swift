import Foundation
import Tabular

/// Features that give synthetic rows away to a detective who knows what the columns mean: what
/// follows from several columns at once, and the last digits of numbers and times.
enum ForensicFeatures {
  /// `encoded` (of `table`) with those features to its right; their names begin with "~".
  static func append(to encoded: FeatureTable, of table: Table) -> FeatureTable {
    let measures = TripMeasures(table, encoded: encoded)
    var extra: [(feature: JudgedFeature, values: [Double])] = []
    for (name, values) in measures.named {
      // Bounded, as an infinite speed would be missing; rounded, as sums carry rounding errors.
      let bounded = values.map { (min(max($0, -1e4), 1e4) * 1e4).rounded(.toNearestOrEven) / 1e4 }
      extra.append((JudgedFeature(name: "~\(name)", role: .numeric), bounded))
    }
    for (feature, values) in zip(encoded.features, encoded.columns) where !feature.isCategory {
      if feature.role == .datetime {
        extra.append(
          (
            JudgedFeature(name: "~\(feature.name).second", role: .numeric),
            values.map { remainder($0, 60) }
          ))
      } else if !feature.isDerived {
        let digits = values.map {
          remainder(($0 * 1e8).rounded(.toNearestOrEven) / 1e6, 100)
        }
        extra.append((JudgedFeature(name: "~\(feature.name).digits", role: .numeric), digits))
      }
    }
    return encoded.appending(extra)
  }

  /// The remainder in 0..<divisor, of negative numbers too.
  private static func remainder(_ value: Double, _ divisor: Double) -> Double {
    let rest = value.truncatingRemainder(dividingBy: divisor)
    return rest < 0 ? rest + divisor : rest
  }
}

/// Quantities that follow from a taxi trip's columns, as far as the columns are there; they are
/// found by the names that the Taxi and Limousine Commission gives them, in any case.
struct TripMeasures {
  /// Names and values, NaN where one cannot be computed.
  private(set) var named: [(name: String, values: [Double])] = []
  private static let parts = [
    "fare_amount", "extra", "mta_tax", "tip_amount", "tolls_amount", "improvement_surcharge",
  ]
  private static let ends = [
    "pickup_longitude", "pickup_latitude", "dropoff_longitude", "dropoff_latitude",
  ]
  private static let earthRadiusMiles = 3958.8

  init(_ table: Table, encoded: FeatureTable) {
    var columns: [String: [Double]] = [:]
    let wanted = Set(Self.parts + Self.ends + ["total_amount", "trip_distance"])
    for column in table.columns where wanted.contains(column.name.lowercased()) {
      columns[column.name.lowercased()] = JudgedValues(column).quantities
    }
    let parts = Self.parts.compactMap { columns[$0] }
    if let total = columns["total_amount"], parts.count == Self.parts.count {
      // The parts are summed before they are taken off, as a till does it.
      named.append(
        ("residual", total.indices.map { row in total[row] - parts.reduce(0) { $0 + $1[row] } }))
    }
    let ends = Self.ends.compactMap { columns[$0] }
    var straight: [Double]?
    if ends.count == 4 {
      straight = ends[0].indices.map { row in
        Self.haversineMiles(ends[0][row], ends[1][row], ends[2][row], ends[3][row])
      }
      named.append(("straight_miles", straight!))
    }
    let duration = encoded.features.firstIndex { $0.isDerived && $0.name.hasSuffix(".seconds") }
    let distance = columns["trip_distance"] ?? straight
    if let duration, let distance {
      let seconds = encoded.columns[duration]
      named.append(
        ("mph", zip(distance, seconds).map { $1 >= 0 ? $0 / ($1 / 3600) : .nan }))
    }
    if let distance = columns["trip_distance"], let straight {
      named.append(("detour", zip(distance, straight).map { $0 / ($1 + 0.05) }))
    }
  }

  private static func haversineMiles(
    _ longitude1: Double, _ latitude1: Double, _ longitude2: Double, _ latitude2: Double
  ) -> Double {
    let radians = Double.pi / 180
    let (phi1, phi2) = (latitude1 * radians, latitude2 * radians)
    let north = sin((phi2 - phi1) / 2)
    let east = sin((longitude2 - longitude1) * radians / 2)
    let h = north * north + cos(phi1) * cos(phi2) * east * east
    return h.isNaN ? .nan : 2 * earthRadiusMiles * asin(min(max(h, 0), 1).squareRoot())
  }
}
