import Charts
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
      [.left("places, %"), .right("no place"), .right("in water"), .right("outside city")]
        + Self.airports.map { .right($0) })
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

  var text: String { table.rendered() + "\n" }
}
