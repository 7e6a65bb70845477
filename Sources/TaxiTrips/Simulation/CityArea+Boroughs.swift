// SPDX-License-Identifier: Apache-2.0

extension CityArea {
  /// The parts of the city outside of Manhattan, the airports, and what lies beyond the city line.
  static let outside: [CityArea] = brooklyn + queens + elsewhere + airports

  private static let brooklyn: [CityArea] = [
    district("Sunset Park", -73.998, 40.658, 700, 36, 0.2, 1.2),
    district("Carroll Gardens", -73.995, 40.682, 600, 28, 1.8, 3.7),
    district("Brooklyn Heights", -73.991, 40.696, 450, 28, 2, 4.4),
    district("Park Slope", -73.978, 40.669, 700, 33, 1.3, 3.9),
    district("Prospect Heights", -73.972, 40.682, 600, 10, 2.3, 4.9),
    district("Fort Greene", -73.972, 40.693, 600, 5, 1.2, 3.8),
    district("Williamsburg", -73.957, 40.716, 550, 30, 4.1, 9.8),
    district("South Williamsburg", -73.951, 40.704, 650, 20, 1.1, 3.3),
    district("Greenpoint", -73.951, 40.729, 550, 15, 0.8, 2.6),
    district("Crown Heights", -73.95, 40.673, 900, 0, 0.9, 4.6),
    district("Bedford-Stuyvesant", -73.937, 40.687, 900, 0, 0.4, 2.2),
    district("Bushwick", -73.92, 40.698, 800, 40, 0.8, 3.7),
    district("Flatbush", -73.957, 40.645, 1600, 5, 0.3, 3),
    district("Bay Ridge", -74.015, 40.63, 1500, 25, 0.2, 2),
    district("South Brooklyn", -73.965, 40.605, 2200, 5, 0.1, 1.9),
    district("East New York", -73.9, 40.665, 2000, 5, 0.1, 1.4),
  ]

  private static let queens: [CityArea] = [
    district("Long Island City", -73.945, 40.747, 650, 30, 1.4, 3.2),
    district("Queensbridge", -73.937, 40.756, 500, 30, 0.5, 1.2),
    district("Sunnyside", -73.922, 40.744, 700, 5, 1.8, 2.8),
    district("Astoria", -73.922, 40.764, 850, 35, 3, 6.6),
    district("Ditmars", -73.911, 40.775, 700, 40, 0.6, 1.8),
    district("Woodside", -73.9, 40.747, 800, 5, 1, 2.6),
    district("Jackson Heights", -73.882, 40.751, 900, 5, 0.6, 2.1),
    district("Forest Hills", -73.85, 40.722, 1300, 30, 0.3, 2),
    district("Flushing", -73.82, 40.76, 1500, 5, 0.1, 1.6),
    district("Jamaica", -73.8, 40.705, 2200, 20, 0.2, 1.9),
    district("Eastern Queens", -73.755, 40.735, 2200, 15, 0.05, 0.9),
    district("Rosedale and Ozone Park", -73.825, 40.68, 1300, 5, 0.1, 0.8),
    district("The Rockaways", -73.81, 40.588, 900, 60, 0.02, 0.15),
  ]

  private static let elsewhere: [CityArea] = [
    district("South Bronx", -73.918, 40.817, 1100, 25, 0.4, 2, .bronx),
    district("Central Bronx", -73.892, 40.848, 1800, 10, 0.25, 2.5, .bronx),
    district("East Bronx", -73.85, 40.845, 2300, 15, 0.08, 1.2, .bronx),
    district("Riverdale", -73.905, 40.887, 1000, 20, 0.05, 0.8, .bronx),
    district("Roosevelt Island", -73.9495, 40.762, 350, 35, 0.02, 0.6, .manhattan),
    district("Staten Island", -74.12, 40.6, 3500, 20, 0.02, 0.17, .statenIsland),
    district("Hoboken and Jersey City", -74.045, 40.73, 1500, 15, 0.2, 0.55, .newJersey),
    district("Northern New Jersey", -74.05, 40.83, 4500, 15, 0.07, 0.25, .newJersey),
    district("Westchester", -73.85, 40.96, 2600, 20, 0.3, 0.8, .elsewhere),
    district("Nassau County", -73.645, 40.72, 3000, 0, 0.3, 0.9, .elsewhere),
  ]

  private static let airports: [CityArea] = [
    CityArea(
      name: "JFK Airport", region: .brooklynAndQueens, airport: .jfk, character: .airport,
      pickups: 22.9, dropoffs: 9.1,
      layout: .terminals(
        [
          GeographicPoint(longitude: -73.7822, latitude: 40.6446),
          GeographicPoint(longitude: -73.7899, latitude: 40.6437),
          GeographicPoint(longitude: -73.7863, latitude: 40.6416),
          GeographicPoint(longitude: -73.7766, latitude: 40.6455),
          GeographicPoint(longitude: -73.7768, latitude: 40.6448),
          GeographicPoint(longitude: -73.7825, latitude: 40.6487),
          GeographicPoint(longitude: -73.7899, latitude: 40.6469),
          GeographicPoint(longitude: -73.8, latitude: 40.6553),
        ], spread: 55)),
    CityArea(
      name: "LaGuardia Airport", region: .brooklynAndQueens, airport: .laGuardia,
      character: .airport, pickups: 25.5, dropoffs: 12,
      layout: .terminals(
        [
          GeographicPoint(longitude: -73.8727, latitude: 40.7742),
          GeographicPoint(longitude: -73.8709, latitude: 40.7737),
          GeographicPoint(longitude: -73.8743, latitude: 40.7739),
          GeographicPoint(longitude: -73.8651, latitude: 40.7703),
          GeographicPoint(longitude: -73.8626, latitude: 40.7688),
          GeographicPoint(longitude: -73.8855, latitude: 40.7722),
        ], spread: 45)),
    CityArea(
      name: "Newark Airport", region: .newJersey, airport: .newark, character: .airport,
      pickups: 0.08, dropoffs: 1.5,
      layout: .terminals(
        [
          GeographicPoint(longitude: -74.1776, latitude: 40.6952),
          GeographicPoint(longitude: -74.1816, latitude: 40.6881),
          GeographicPoint(longitude: -74.1776, latitude: 40.6912),
          GeographicPoint(longitude: -74.1855, latitude: 40.6877),
        ], spread: 45)),
  ]

  private static func district(
    _ name: String, _ longitude: Double, _ latitude: Double, _ spread: Double, _ bearing: Double,
    _ pickups: Double, _ dropoffs: Double, _ region: CityMap.Region = .brooklynAndQueens
  ) -> CityArea {
    CityArea(
      name: name, region: region, character: .outer, pickups: pickups, dropoffs: dropoffs,
      layout: .district(
        longitude: longitude, latitude: latitude, spread: spread, bearing: bearing))
  }
}
