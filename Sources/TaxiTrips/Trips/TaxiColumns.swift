// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// The taxi columns of a table, found by their TLC names in any case.
///
/// The yellow, green and trip-duration tables name their times differently and their quantities
/// alike; times are therefore the first two datetime columns.
package struct TaxiColumns {
  package static let amounts = [
    "fare_amount", "extra", "mta_tax", "tip_amount", "tolls_amount", "improvement_surcharge",
  ]
  static let pickup = (longitude: "pickup_longitude", latitude: "pickup_latitude")
  static let dropoff = (longitude: "dropoff_longitude", latitude: "dropoff_latitude")
  static let coordinates = [
    pickup.longitude, pickup.latitude, dropoff.longitude, dropoff.latitude,
  ]
  /// Name of the quantity that the first two datetime columns give.
  package static let seconds = "seconds"

  /// Numbers by lower-case name; a value that is missing or no number is NaN.
  private let numbers: [String: [Double]]
  package let rowCount: Int

  package init(_ table: Table) {
    rowCount = table.rowCount
    let wanted = Set(
      Self.amounts + Self.coordinates
        + ["total_amount", "passenger_count", "trip_distance", "payment_type"])
    var found: [String: [Double]] = [:]
    for column in table.columns where wanted.contains(column.name.lowercased()) {
      found[column.name.lowercased()] = Self.numbers(of: column)
    }
    let times = table.columns.compactMap { column -> [Double]? in
      if case .datetime(let seconds) = column.values { seconds.array } else { nil }
    }
    if times.count >= 2 {
      found[Self.seconds] = zip(times[0], times[1]).map { $1 - $0 }
    }
    numbers = found
  }

  /// The numbers of a quantity by its lower-case name, or nil where the table has no such column.
  package subscript(name: String) -> [Double]? { numbers[name] }

  private static func numbers(of column: Column) -> [Double] {
    switch column.values {
    case .number(let values), .datetime(let values): return values.array
    case .text(let codes, let categories):
      let parsed = categories.map {
        Double($0.trimmingCharacters(in: .whitespaces)) ?? .nan
      }
      return codes.map { $0 < 0 ? .nan : parsed[Int($0)] }
    }
  }

  /// Great-circle miles between pickup and dropoff by the haversine formula, or nil without the
  /// four coordinates.
  package func straightMiles() -> [Double]? {
    guard let lon1 = self[Self.pickup.longitude], let lat1 = self[Self.pickup.latitude],
      let lon2 = self[Self.dropoff.longitude], let lat2 = self[Self.dropoff.latitude]
    else { return nil }
    let radians = Double.pi / 180
    return (0..<rowCount).map { i in
      let a = sin((lat2[i] - lat1[i]) * radians / 2)
      let b = sin((lon2[i] - lon1[i]) * radians / 2)
      let h = a * a + cos(lat1[i] * radians) * cos(lat2[i] * radians) * b * b
      // Comparisons with NaN are false, so that a missing coordinate stays missing.
      return 2 * 3958.8 * asin((h > 1 ? 1 : h < 0 ? 0 : h).squareRoot())
    }
  }
}

extension Table {
  /// Whether this is a table of taxi trips: a pickup and a dropoff time, and at least two more
  /// columns with TLC names.
  public var isTaxiTable: Bool {
    let names = columns.map { $0.name.lowercased() }
    let times = ["pickup_datetime", "dropoff_datetime"].allSatisfy { end in
      names.contains { $0.hasSuffix(end) }
    }
    let known = Set(
      TaxiColumns.amounts + TaxiColumns.coordinates + [
        "vendorid", "vendor_id", "passenger_count", "trip_distance", "ratecodeid",
        "store_and_fwd_flag", "payment_type", "total_amount", "pulocationid", "dolocationid",
        "trip_duration",
      ])
    return times && names.count(where: known.contains) >= 2
  }
}
