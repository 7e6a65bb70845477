// SPDX-License-Identifier: Apache-2.0

/// A part of the city in the model: how many trips begin and end there, and how its points lie.
struct CityArea: Sendable {
  /// What draws people to the area, which decides how its share moves with the part of the day.
  enum Character: Int, Sendable, CaseIterable {
    case business, nightlife, residential, outer, airport
  }

  enum Layout: Sendable {
    /// A piece of Manhattan's grid in meters, with the avenues that carry its trips.
    case avenues(
      uptown: ClosedRange<Double>, across: ClosedRange<Double>,
      weights: [(StreetGrid.Avenue, Double)])
    /// A piece of Manhattan older than the plan: a small lattice of streets of its own bearing.
    case quarter(uptown: ClosedRange<Double>, across: ClosedRange<Double>, bearing: Double)
    /// A district elsewhere: a cloud of streets around a center, of that spread in meters.
    case district(longitude: Double, latitude: Double, spread: Double, bearing: Double)
    /// Curbs in front of terminals.
    case terminals([GeographicPoint], spread: Double)
  }

  package var name: String
  var region: CityMap.Region
  var airport: Airport?
  var character: Character
  /// Share of all pickups and of all dropoffs, in per mille.
  var pickups: Double
  var dropoffs: Double
  var layout: Layout

  /// Level of the area's pickups by part of day, against its mean (order as ``PartOfDay``).
  var pickupLevels: [Double] {
    switch character {
    case .business: [0.90, 0.96, 1.08, 1.08, 1.10, 0.69, 0.89, 0.94, 0.97, 0.87]
    case .nightlife: [1.30, 0.87, 0.82, 0.87, 1.10, 1.70, 0.89, 0.93, 0.98, 1.22]
    case .residential: [0.57, 1.25, 1.19, 1.08, 0.73, 0.41, 1.18, 1.22, 1.02, 0.79]
    case .outer: [2.69, 1.13, 0.49, 0.58, 0.86, 2.58, 1.73, 0.78, 0.85, 1.12]
    case .airport: [0.83, 0.78, 0.99, 1.23, 1.19, 0.20, 1.10, 0.84, 1.20, 1.34]
    }
  }

  /// Level of the area's dropoffs by part of day, against its mean.
  var dropoffLevels: [Double] {
    switch character {
    case .business: [0.74, 1.43, 1.12, 0.89, 0.85, 0.72, 0.96, 1.02, 0.92, 0.88]
    case .nightlife: [0.89, 0.84, 0.91, 1.05, 1.04, 1.18, 0.83, 1.05, 1.13, 1.20]
    case .residential: [0.77, 0.84, 1.10, 1.20, 0.99, 0.70, 1.03, 1.05, 1.02, 0.88]
    case .outer: [2.93, 0.50, 0.44, 0.67, 1.56, 2.37, 1.10, 0.57, 0.76, 1.26]
    case .airport: [0.81, 1.55, 1.63, 0.82, 0.17, 0.24, 2.93, 1.21, 0.77, 0.21]
    }
  }

  /// The middle of the area.
  var center: GeographicPoint {
    switch layout {
    case .avenues(let uptown, let across, _), .quarter(let uptown, let across, _):
      StreetGrid.Frame().point(
        StreetGrid.Position(
          uptown: (uptown.lowerBound + uptown.upperBound) / 2,
          across: (across.lowerBound + across.upperBound) / 2))
    case .district(let longitude, let latitude, _, _):
      GeographicPoint(longitude: longitude, latitude: latitude)
    case .terminals(let points, _): points[0]
    }
  }

  /// Meters between two typical points of the area along its streets.
  var extent: Double {
    switch layout {
    case .avenues(let uptown, let across, _), .quarter(let uptown, let across, _):
      (uptown.upperBound - uptown.lowerBound + across.upperBound - across.lowerBound) / 3
    case .district(_, _, let spread, _), .terminals(_, let spread): 2.2 * spread
    }
  }
}
