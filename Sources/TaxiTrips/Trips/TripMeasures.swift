// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Quantities that follow from the columns of a taxi trip, as far as a table has them.
struct TripMeasures {
  /// NaN where a value cannot be computed.
  private(set) var features: [EngineeredFeature] = []

  init(_ columns: TaxiColumns) {
    let parts = TaxiColumns.amounts.compactMap { columns[$0] }
    if let total = columns["total_amount"], parts.count == TaxiColumns.amounts.count {
      // The parts are summed before they are subtracted, as a meter does it.
      append("residual", total.indices.map { row in total[row] - parts.reduce(0) { $0 + $1[row] } })
    }
    let straight = columns.straightMiles()
    if let straight { append("straight_miles", straight) }
    let distance = columns["trip_distance"]
    if let seconds = columns[TaxiColumns.seconds], let miles = distance ?? straight {
      append("mph", zip(miles, seconds).map { $1 >= 0 ? $0 / ($1 / 3600) : .nan })
    }
    if let distance, let straight {
      append("detour", zip(distance, straight).map { $0 / ($1 + 0.05) })
    }
  }

  private mutating func append(_ name: String, _ values: [Double]) {
    features.append(EngineeredFeature(name: name, values: values))
  }
}
