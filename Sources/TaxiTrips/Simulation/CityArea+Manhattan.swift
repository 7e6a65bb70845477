// SPDX-License-Identifier: Apache-2.0

extension CityArea {
  /// Manhattan in bands of streets from the Battery to Inwood, each cut west to east.
  static let manhattan: [CityArea] =
    lowerManhattan + stations + midtown + uptown

  /// Below 14th Street, where the plan's grid has not yet begun or is one of many.
  private static let lowerManhattan: [CityArea] = [
    quarter("Wall Street West", .business, -5950 ... -4900, -720 ... -20, 30, 12.1, 11.5),
    quarter("Wall Street East", .business, -5900 ... -4900, -20...540, 30, 11.9, 13.5),
    quarter("Tribeca", .nightlife, -4900 ... -4150, -900 ... -20, 13, 13.7, 13.4),
    quarter("Civic Center", .nightlife, -4900 ... -4150, -20...800, 25, 3.4, 4.5),
    quarter("SoHo West", .nightlife, -4150 ... -2990, -950 ... -20, 31, 22.8, 21.4),
    quarter("SoHo East", .nightlife, -4150 ... -2990, -20...700, 31, 20.5, 15.8),
    quarter("Lower East Side", .nightlife, -4150 ... -2990, 700...1450, 18, 13.5, 12),
    quarter("East River Houses", .residential, -4400 ... -2990, 1450...2050, 18, 0.5, 2),
    quarter("West Village", .nightlife, -2990...street(14), -1620 ... -700, 13, 28.9, 24.1),
    quarter("Greenwich Village", .nightlife, -2990...street(14), -700 ... -20, 29, 23, 17.6),
    quarter("East Village West", .nightlife, -2990...street(14), -20...700, 29, 27.5, 22.2),
    quarter("East Village East", .nightlife, -2990...street(14), 700...1500, 29, 23.8, 23),
  ]

  /// Where passengers stand in line for cabs.
  private static let stations: [CityArea] = [
    station(
      "Penn Station", 14, 9, [(-73.9941, 40.7516), (-73.9917, 40.7499), (-73.9925, 40.7508)]),
    station(
      "Grand Central", 9, 8, [(-73.9768, 40.7522), (-73.9779, 40.7531), (-73.9762, 40.7536)]),
    station("Port Authority", 8, 6, [(-73.9897, 40.7573), (-73.9904, 40.7565)]),
  ]

  private static let midtown: [CityArea] = [
    west("Chelsea South", .nightlife, 14, 23, 26.2, 24.5),
    center("Flatiron South and Union Square", .nightlife, 14, 23, 21.8, 19.7),
    east("Gramercy", .nightlife, 14, 23, 27.8, 23.7),
    west("Chelsea North and Penn Station", .nightlife, 23, 34, 33.4, 34.7, seventh: 30),
    center("Flatiron North", .nightlife, 23, 34, 29.7, 25.5),
    east("Kips Bay", .nightlife, 23, 34, 33.9, 32.2),
    west("Garment District and Port Authority", .business, 34, 42, 24.3, 24.1),
    center("Bryant Park", .business, 34, 42, 18.4, 18),
    east("Murray Hill and Grand Central", .business, 34, 42, 15.9, 17.4),
    west("Theater District West", .business, 42, 50, 35, 30.2),
    center("Times Square and Rockefeller Center", .business, 42, 50, 21.9, 22.3),
    east("Turtle Bay", .business, 42, 50, 29.4, 27.7),
    west("Hell's Kitchen North", .business, 50, 59.4, 40.3, 34.7),
    center("Midtown North", .business, 50, 59.4, 33.2, 31),
    east("Sutton Place", .business, 50, 59.4, 39, 33.7),
  ]

  private static let uptown: [CityArea] = [
    upperWest("Lincoln Square", 59.6, 72, 30.2, 30.4),
    upperFifth("Upper East Side by the Park, 60s", 59.6, 72, 8.8, 8.6),
    upperEast("Lenox Hill", 59.6, 72, 44.2, 42.4),
    upperWest("Upper West Side", 72, 86, 27.6, 27.2),
    upperFifth("Museum Mile", 72, 86, 11, 11.3),
    upperEast("Yorkville South", 72, 86, 49.2, 46),
    upperWest("Upper West Side North", 86, 97, 19.1, 19.6),
    upperFifth("Carnegie Hill", 86, 97, 5.9, 8.2),
    upperEast("Yorkville North", 86, 97, 28.7, 29.6),
    upperWest("Manhattan Valley", 97, 110.4, 13.5, 13.2),
    upperFifth("East Harlem by the Park", 97, 110.4, 2.5, 4.4),
    upperEast("East Harlem", 97, 110.4, 3.2, 5.2),
    harlem("Morningside Heights", 110.6, 125, -1950 ... -700, 5.8, 9.6),
    harlem("Central Harlem", 110.6, 125, -700 ... -20, 1.1, 2.6),
    harlem("East Harlem North", 110.6, 125, -20...900, 2.2, 4.2),
    harlem("Hamilton Heights", 125, 155, -1950 ... -900, 3.8, 7.8),
    harlem("Harlem", 125, 155, -900...200, 1.6, 4.5),
    harlem("Washington Heights", 155, 185, -2000 ... -1200, 1, 4.7),
    harlem("Inwood", 185, 218, -2100 ... -900, 0.3, 2),
  ]

  private static func street(_ number: Double) -> Double { StreetGrid.street(number) }

  private static func quarter(
    _ name: String, _ character: Character, _ uptown: ClosedRange<Double>,
    _ across: ClosedRange<Double>, _ bearing: Double, _ pickups: Double, _ dropoffs: Double
  ) -> CityArea {
    CityArea(
      name: name, region: .manhattan, character: character, pickups: pickups, dropoffs: dropoffs,
      layout: .quarter(uptown: uptown, across: across, bearing: bearing))
  }

  private static func station(
    _ name: String, _ pickups: Double, _ dropoffs: Double, _ curbs: [(Double, Double)]
  ) -> CityArea {
    CityArea(
      name: name, region: .manhattan, character: .business, pickups: pickups, dropoffs: dropoffs,
      layout: .terminals(
        curbs.map { GeographicPoint(longitude: $0.0, latitude: $0.1) }, spread: 25))
  }

  private static func harlem(
    _ name: String, _ from: Double, _ to: Double, _ across: ClosedRange<Double>, _ pickups: Double,
    _ dropoffs: Double
  ) -> CityArea {
    let avenues: [StreetGrid.Avenue] = [
      .riverside, .tenth, .ninth, .eighth, .seventh, .sixth, .fifth, .madison, .park, .lexington,
      .third, .second, .first,
    ]
    return CityArea(
      name: name, region: .manhattan, character: .residential, pickups: pickups,
      dropoffs: dropoffs,
      layout: .avenues(
        uptown: street(from)...street(to), across: across,
        weights: avenues.filter { across.contains($0.rawValue) }.map { ($0, 1) }))
  }

  private static func west(
    _ name: String, _ character: Character, _ from: Double, _ to: Double, _ pickups: Double,
    _ dropoffs: Double, seventh: Double = 11
  ) -> CityArea {
    CityArea(
      name: name, region: .manhattan, character: character, pickups: pickups, dropoffs: dropoffs,
      layout: .avenues(
        uptown: street(from)...street(to), across: -2000 ... -700,
        weights: [
          (.riverside, 4), (.tenth, 6), (.ninth, 8), (.eighth, 12), (.seventh, seventh),
        ]))
  }

  private static func center(
    _ name: String, _ character: Character, _ from: Double, _ to: Double, _ pickups: Double,
    _ dropoffs: Double
  ) -> CityArea {
    CityArea(
      name: name, region: .manhattan, character: character, pickups: pickups, dropoffs: dropoffs,
      layout: .avenues(
        uptown: street(from)...street(to), across: -700 ... -20,
        weights: [(.sixth, 10), (.fifth, 9), (.madison, 6)]))
  }

  private static func east(
    _ name: String, _ character: Character, _ from: Double, _ to: Double, _ pickups: Double,
    _ dropoffs: Double
  ) -> CityArea {
    CityArea(
      name: name, region: .manhattan, character: character, pickups: pickups, dropoffs: dropoffs,
      layout: .avenues(
        uptown: street(from)...street(to), across: -20...1060,
        weights: [(.park, 10), (.lexington, 7), (.third, 9), (.second, 7), (.first, 5)]))
  }

  private static func upperWest(
    _ name: String, _ from: Double, _ to: Double, _ pickups: Double, _ dropoffs: Double
  ) -> CityArea {
    CityArea(
      name: name, region: .manhattan, character: .residential, pickups: pickups,
      dropoffs: dropoffs,
      layout: .avenues(
        uptown: street(from)...street(to), across: -2000 ... -1090,
        weights: [(.riverside, 4), (.westEnd, 4), (.tenth, 9), (.ninth, 8), (.eighth, 6)]))
  }

  /// East of the park: there are no pickups in Central Park.
  private static func upperFifth(
    _ name: String, _ from: Double, _ to: Double, _ pickups: Double, _ dropoffs: Double
  ) -> CityArea {
    CityArea(
      name: name, region: .manhattan, character: .residential, pickups: pickups,
      dropoffs: dropoffs,
      layout: .avenues(
        uptown: street(from)...street(to), across: -270 ... -20,
        weights: [(.fifth, 5), (.madison, 8)]))
  }

  private static func upperEast(
    _ name: String, _ from: Double, _ to: Double, _ pickups: Double, _ dropoffs: Double
  ) -> CityArea {
    CityArea(
      name: name, region: .manhattan, character: .residential, pickups: pickups,
      dropoffs: dropoffs,
      layout: .avenues(
        uptown: street(from)...street(to), across: -20...1270,
        weights: [
          (.park, 9), (.lexington, 9), (.third, 12), (.second, 9), (.first, 9), (.york, 7),
          (.eastEnd, 1),
        ]))
  }
}
