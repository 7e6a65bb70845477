import Tabular

/// Engineered features that reveal synthetic rows: quantities that follow from several columns at
/// once, and the last digits of numbers and times.
enum ForensicFeatures {
  /// `encoded` (of `table`) with those features to its right; their names begin with "~".
  static func append(to encoded: FeatureTable, of table: Table) -> FeatureTable {
    let measures = TripMeasures(TaxiColumns(encoded.unifyingTimes(of: table)))
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

/// Quantities that follow from a taxi trip's columns, as far as the columns are there.
struct TripMeasures {
  /// Names and values, NaN where one cannot be computed.
  private(set) var named: [(name: String, values: [Double])] = []

  init(_ columns: TaxiColumns) {
    let parts = TaxiColumns.amounts.compactMap { columns[$0] }
    if let total = columns["total_amount"], parts.count == TaxiColumns.amounts.count {
      // The parts are summed before they are taken off, as a till does it.
      named.append(
        ("residual", total.indices.map { row in total[row] - parts.reduce(0) { $0 + $1[row] } }))
    }
    let straight = columns.straightMiles()
    if let straight { named.append(("straight_miles", straight)) }
    let distance = columns["trip_distance"]
    if let seconds = columns[TaxiColumns.seconds], let miles = distance ?? straight {
      named.append(("mph", zip(miles, seconds).map { $1 >= 0 ? $0 / ($1 / 3600) : .nan }))
    }
    if let distance, let straight {
      named.append(("detour", zip(distance, straight).map { $0 / ($1 + 0.05) }))
    }
  }
}
