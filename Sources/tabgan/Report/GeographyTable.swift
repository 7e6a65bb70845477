import Foundation
import Tabular

/// Where trips begin and end, real beside synthetic: % of the points that have a place.
struct GeographyTable {
  private var table: TextTable
  private static let airports = Airport.allCases.map(\.rawValue)

  /// Nil where a table has no places.
  init?(real: Table, synthetic: Table) {
    guard let real = TaxiGeography(real), let synthetic = TaxiGeography(synthetic) else {
      return nil
    }
    table = TextTable(
      [("places, %", .left), ("no place", .right), ("in water", .right), ("outside city", .right)]
        + Self.airports.map { ($0, .right) })
    for (name, ends) in [
      ("pickups", \TaxiGeography.pickups), ("dropoffs", \TaxiGeography.dropoffs),
    ] {
      append("\(name), synthetic", synthetic[keyPath: ends])
      append("\(name), real holdout", real[keyPath: ends])
    }
  }

  private mutating func append(_ name: String, _ end: TaxiGeography.End) {
    table.append(
      [
        name, percent(end.withoutFixPercent), percent(end.waterPercent),
        percent(end.outsidePercent),
      ]
        + Self.airports.map { percent(end.airportPercent[$0] ?? 0) })
  }

  private func percent(_ value: Double) -> String { String(format: "%.2f", value) }

  var text: String { table.text }
}
