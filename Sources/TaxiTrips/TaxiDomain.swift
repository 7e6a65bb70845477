// SPDX-License-Identifier: Apache-2.0

import Tabular

/// New York's taxi trips, in the formats of the Taxi and Limousine Commission (TLC).
public struct TaxiDomain: TableDomain {
  /// The domain of taxi trips.
  public init() {}

  /// The name by which options refer to the domain.
  public var name: String { "taxi" }

  /// Whether the table has the columns of the taxi files.
  public func describes(_ table: Table) -> Bool { table.isTaxiTable }

  /// The names of ``TaxiRules``.
  public var ruleNames: [String] { TaxiRules.all.map(\.name) }

  /// The share of rows that break each of ``TaxiRules``.
  public func violations(in table: Table) -> [RuleViolation] { TaxiRules.violations(in: table) }

  /// Speed, straight-line distance, detour and the like; see ``TripMeasures``.
  public func engineeredFeatures(of table: Table) -> [EngineeredFeature] {
    TripMeasures(TaxiColumns(table)).features
  }

  /// What ``cleaned(_:)`` removes.
  public var cleaningSummary: String? {
    "records caused by device faults rather than trips (no coordinates, no duration, ...)"
  }

  /// The rows that ``TaxiCleaning`` keeps.
  ///
  /// - Throws: ``TabularError/invalidTable(_:hint:)`` for a table without the columns of the taxi files.
  public func cleaned(
    _ table: Table
  ) throws(TabularError) -> (table: Table, report: CleaningReport) {
    try TaxiCleaning().apply(to: table)
  }

  /// The columns of pickup and dropoff.
  public var journey: JourneyColumns? {
    JourneyColumns(
      start: .init(
        longitude: TaxiColumns.pickup.longitude, latitude: TaxiColumns.pickup.latitude),
      end: .init(
        longitude: TaxiColumns.dropoff.longitude, latitude: TaxiColumns.dropoff.latitude))
  }

  /// What to look for on a map of trips.
  public var journeySummary: String {
    "An arrow for each trip, from pickup to dropoff. Look for streets, for the bundles to the "
      + "airports, and for trips in the rivers and in New Jersey."
  }

  /// The shares of pickups and dropoffs without coordinates, in water, outside the city and at each
  /// airport.
  public func locations(in table: Table) -> [LocationShares] {
    guard let geography = TaxiGeography(table) else { return [] }
    return [("pickups", geography.pickups), ("dropoffs", geography.dropoffs)].map { name, end in
      LocationShares(
        name: name,
        areas: [
          .init(name: "no coordinates", percent: end.withoutFixPercent),
          .init(name: "in water", percent: end.waterPercent),
          .init(name: "outside city", percent: end.outsidePercent),
        ]
          + Airport.allCases.map {
            .init(name: $0.rawValue, percent: end.airportPercent[$0.rawValue] ?? 0)
          })
    }
  }

  /// What the simulator models, and what its rows must not be used for.
  public var simulationSummary: String? {
    """
    Trips in the schema of New York's yellow taxis of 2016, from a documented model of the city: \
    hours and weekdays, streets and rivers, three airports, the tariff of 2016, tips, and the \
    faults of the real files at their real rates. Not a substitute for real data in claims of \
    fidelity.
    """
  }

  /// A ``TripSimulator`` with this seed.
  public func simulator(seed: UInt64) -> (any TableSimulator)? { TripSimulator(seed: seed) }
}
