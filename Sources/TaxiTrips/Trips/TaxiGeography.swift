// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Where a table's trips begin and end: in the rivers, outside of the city, at the airports.
///
/// A generator that learns coordinates one by one fills the rivers and New Jersey and misses the
/// bundles of airport trips; these shares, beside those of real rows, show it.
public struct TaxiGeography: Sendable, Codable, Equatable {
  /// The shares of one end of the trips.
  ///
  /// All but the first are shares of the points with a fix:
  /// coordinates that are present and not 0.
  public struct End: Sendable, Codable, Equatable {
    /// Share of all rows whose coordinates are missing or 0, in percent.
    public var withoutFixPercent: Double
    /// Share of points in the rivers, the bays and the harbor, in percent.
    public var waterPercent: Double
    /// Share of points on land outside of the city's five boroughs, in percent.
    public var outsidePercent: Double
    /// Share of points at each airport, in percent, keyed by the airport's name.
    public var airportPercent: [String: Double]
  }

  /// Where trips begin.
  public var pickups: End
  /// Where trips end.
  public var dropoffs: End

  /// Measures a table; nil where it has no rows or lacks one of the four coordinates.
  ///
  /// O(rows).
  public init?(_ table: Table, map: CityMap = CityMap()) {
    let columns = TaxiColumns(table)
    guard columns.rowCount > 0,
      let lon1 = columns[TaxiColumns.pickup.longitude],
      let lat1 = columns[TaxiColumns.pickup.latitude],
      let lon2 = columns[TaxiColumns.dropoff.longitude],
      let lat2 = columns[TaxiColumns.dropoff.latitude]
    else { return nil }
    pickups = Self.end(lon1, lat1, map)
    dropoffs = Self.end(lon2, lat2, map)
  }

  private static func end(_ longitudes: [Double], _ latitudes: [Double], _ map: CityMap) -> End {
    var fixes = 0
    var water = 0
    var outside = 0
    var airports = [Airport: Int]()
    for (longitude, latitude) in zip(longitudes, latitudes) {
      if longitude.isNaN || latitude.isNaN || longitude == 0 || latitude == 0 { continue }
      fixes += 1
      switch map.region(longitude: longitude, latitude: latitude) {
      case .water: water += 1
      case .newJersey, .elsewhere: outside += 1
      case .manhattan, .bronx, .brooklynAndQueens, .statenIsland: break
      }
      if let airport = Airport.at(longitude: longitude, latitude: latitude) {
        airports[airport, default: 0] += 1
      }
    }
    // Without a single fix all shares are 0 and `withoutFixPercent` says why.
    func percent(_ count: Int) -> Double { fixes == 0 ? 0 : 100 * Double(count) / Double(fixes) }
    return End(
      withoutFixPercent: 100 * Double(longitudes.count - fixes) / Double(longitudes.count),
      waterPercent: percent(water), outsidePercent: percent(outside),
      airportPercent: Dictionary(
        uniqueKeysWithValues: Airport.allCases.map { ($0.rawValue, percent(airports[$0] ?? 0)) }))
  }
}
