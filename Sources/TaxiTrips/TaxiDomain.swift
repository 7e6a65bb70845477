import Tabular

/// New York's taxi trips, in the formats of the Taxi and Limousine Commission (TLC).
public struct TaxiDomain: TableDomain {
  /// The domain of taxi trips.
  public init() {}

  public var name: String { "taxi" }

  public func describes(_ table: Table) -> Bool { table.isTaxiTable }

  public var ruleNames: [String] { TaxiRules.all.map(\.name) }

  public func violations(in table: Table) -> [RuleViolation] { TaxiRules.violations(in: table) }

  public func engineeredFeatures(of table: Table) -> [EngineeredFeature] {
    TripMeasures(TaxiColumns(table)).features
  }

  public var cleaningSummary: String? {
    "records caused by device faults rather than trips (no coordinates, no duration, ...)"
  }

  public func cleaned(
    _ table: Table
  ) throws(TabularError) -> (table: Table, report: CleaningReport) {
    try TaxiCleaning().apply(to: table)
  }

  public var journey: JourneyColumns? {
    JourneyColumns(
      start: .init(
        longitude: TaxiColumns.pickup.longitude, latitude: TaxiColumns.pickup.latitude),
      end: .init(
        longitude: TaxiColumns.dropoff.longitude, latitude: TaxiColumns.dropoff.latitude))
  }

  public var journeySummary: String {
    "An arrow for each trip, from pickup to dropoff. Look for streets, for the bundles to the "
      + "airports, and for trips in the rivers and in New Jersey."
  }

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

  public var simulationSummary: String? {
    """
    Trips in the schema of New York's yellow taxis of 2016, from a documented model of the city: \
    hours and weekdays, streets and rivers, three airports, the tariff of 2016, tips, and the \
    faults of the real files at their real rates. Not a substitute for real data in claims of \
    fidelity.
    """
  }

  public func simulator(seed: UInt64) -> (any TableSimulator)? { TripSimulator(seed: seed) }
}
