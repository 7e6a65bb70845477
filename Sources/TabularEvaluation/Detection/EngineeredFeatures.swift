// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Engineered features that reveal synthetic rows: quantities that follow from several columns at
/// once, and the last digits of numbers and times.
enum EngineeredFeatures {
  /// `encoded` (of `table`) with those features to its right; their names begin with "~".
  static func append(
    to encoded: FeatureTable, of table: Table, domains: [any TableDomain]
  ) -> FeatureTable {
    let unified = encoded.unifyingTimes(of: table)
    var extra: [(feature: ComparedFeature, values: [Double])] = []
    for feature in domains.flatMap({ $0.engineeredFeatures(of: unified) }) {
      // Bounded, as an infinite speed would be missing; rounded, as sums carry rounding errors.
      let bounded = feature.values.map {
        (min(max($0, -1e4), 1e4) * 1e4).rounded(.toNearestOrEven) / 1e4
      }
      extra.append((ComparedFeature(name: "~\(feature.name)", role: .numeric), bounded))
    }
    for (feature, values) in zip(encoded.features, encoded.columns) where !feature.isCategory {
      if feature.role == .datetime {
        extra.append(
          (
            ComparedFeature(name: "~\(feature.name).second", role: .numeric),
            values.map { remainder($0, 60) }
          ))
      } else if !feature.isDerived {
        let digits = values.map {
          remainder(($0 * 1e8).rounded(.toNearestOrEven) / 1e6, 100)
        }
        extra.append((ComparedFeature(name: "~\(feature.name).digits", role: .numeric), digits))
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
