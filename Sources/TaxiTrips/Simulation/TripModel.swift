// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom

/// The model of the city behind ``TripSimulator``: everything that is fixed for all rows.
///
/// `docs/lab/dataset.md` names the source or the measured rate behind each number here.
final class TripModel: Sendable {
  let demand = DemandProfile()
  let areas = CityArea.manhattan + CityArea.outside
  let frame = StreetGrid.Frame()
  private let flows: TripFlows
  private let sampler: AreaSampler
  /// By area, so that no text or array is touched in the loop.
  private let regions: [CityMap.Region]
  private let airports: [Airport?]
  private let logSpeed: [Double]

  init() {
    flows = TripFlows(areas: areas)
    sampler = AreaSampler(areas: areas, map: CityMap())
    regions = areas.map(\.region)
    airports = areas.map(\.airport)
    logSpeed = (Self.weekdaySpeed + Self.weekendSpeed).map { log($0) }
  }

  /// Typical mph of a one-mile trip by hour of day.
  private static let weekdaySpeed = [
    11.1, 11.6, 11.8, 11.9, 13, 13.5, 11.9, 9.5, 7.6, 7.2, 7.2, 7, 7.2, 7.4, 7.4, 7.4, 7.7, 7.6,
    7.9, 8.6, 9.5, 9.8, 9.9, 10.2,
  ]
  private static let weekendSpeed = [
    9.8, 10.1, 10.7, 11.1, 11.9, 12.9, 13.8, 13.2, 12.2, 11.5, 10.6, 10, 9.5, 9, 9.1, 8.7, 8.8,
    8.8, 8.7, 9, 9.4, 9.4, 9.8, 9.8,
  ]

  /// What is known of a trip before its record is written.
  struct Journey {
    var hour: Int
    var working: Bool
    var from: CityMap.Region
    var to: CityMap.Region
    var fromAirport: Airport?
    var toAirport: Airport?
    var miles: Double
    var seconds: Double

    func touches(_ airport: Airport) -> Bool { fromAirport == airport || toAirport == airport }
    /// Between that airport and Manhattan.
    func joins(_ airport: Airport) -> Bool {
      (fromAirport == airport && to == .manhattan) || (toAirport == airport && from == .manhattan)
    }
    func joins(_ a: CityMap.Region, _ b: CityMap.Region) -> Bool {
      (from == a && to == b) || (from == b && to == a)
    }
  }

  /// The trip in that row of the endless table of `seed`.
  func trip(seed: UInt64, row: Int) -> SimulatedTrip {
    var random = RowRandom(seed: seed, row: row)
    var trip = SimulatedTrip()
    trip.vendor = random.chance(0.532) ? 2 : 1
    trip.passengers = Self.passengers(vendor: trip.vendor, &random)
    trip.storedAndForwarded = trip.vendor == 1 && random.chance(0.0119)

    let slot = demand.draw(&random)
    let hour = demand.hourly[slot]
    trip.pickup = DemandProfile.start + 3600 * slot + random.index(below: 3600)
    let pair = flows.draw(hour.partOfDay, &random)
    trip.from = sampler.draw(area: pair.from, end: .pickup, &random)
    trip.to = sampler.draw(area: pair.to, end: .dropoff, &random)
    var route = Route(from: trip.from, to: trip.to, frame: frame)
    // Few take a cab for less than 300 m.
    for _ in 0..<3 where route.straight < 300 / StreetGrid.mile {
      trip.to = sampler.draw(area: pair.to, end: .dropoff, &random)
      route = Route(from: trip.from, to: trip.to, frame: frame)
    }

    var journey = Journey(
      hour: slot % 24, working: hour.working, from: regions[pair.from], to: regions[pair.to],
      fromAirport: airports[pair.from], toAirport: airports[pair.to], miles: 0, seconds: 0)
    journey.miles = Self.miles(route, journey, &random)
    // Meters of vendor 1 show tenths of a mile.
    trip.distance = Int((journey.miles * 100).rounded())
    if trip.vendor == 1 { trip.distance = (trip.distance + 5) / 10 * 10 }
    let log = logMPH(journey, route, weekend: hour.weekend) + 0.31 * random.normal()
    // A jam now and then.
    let jam = random.chance(0.03) ? 0.9 * random.uniform() : 0
    journey.seconds = min(10_500, max(25, (3600 * journey.miles * exp(jam - log)).rounded()))
    trip.dropoff = trip.pickup + Int(journey.seconds)

    charge(&trip, journey, &random)
    injectFaults(&trip, journey, &random)
    trip.total = trip.amountBeforeTip + trip.tip
    if random.chance(0.0001) { trip.total += trip.total < 0 ? -30 : 30 }
    return trip
  }

  private static func passengers(vendor: Int, _ random: inout RowRandom) -> Int {
    let u = random.uniform()
    return vendor == 1
      ? (u < 0.8164
        ? 1
        : u < 0.9485
          ? 2 : u < 0.9836 ? 3 : u < 0.9993 ? 4 : u < 0.9997 ? 5 : u < 0.9999 ? 6 : 0)
      : (u < 0.6212
        ? 1 : u < 0.7684 ? 2 : u < 0.8139 ? 3 : u < 0.8366 ? 4 : u < 0.9386 ? 5 : 6)
  }

  /// Distances between a trip's ends, in miles.
  struct Route {
    /// Along the axes of the grid.
    var grid: Double
    var straight: Double
    /// Share of `grid` that runs along the avenues.
    var uptownShare: Double

    init(from: GridPoint, to: GridPoint, frame: StreetGrid.Frame) {
      let a = frame.position(GeographicPoint(longitude: from.longitude, latitude: from.latitude))
      let b = frame.position(GeographicPoint(longitude: to.longitude, latitude: to.latitude))
      let uptown = abs(a.uptown - b.uptown) / StreetGrid.mile
      let across = abs(a.across - b.across) / StreetGrid.mile
      grid = uptown + across
      straight = (uptown * uptown + across * across).squareRoot()
      uptownShare = grid > 0 ? uptown / grid : 0.5
    }
  }

  /// The metered way: the grid's distance times a factor for the route.
  private static func miles(
    _ route: Route, _ journey: Journey, _ random: inout RowRandom
  ) -> Double {
    let within = journey.from == .manhattan && journey.to == .manhattan
    let factor: Double
    if within {
      var f = 0.985 + 0.045 * random.normal()
      let u = random.uniform()
      if u < 0.45 { f += 0.19 * random.exponential() * (u < 0.008 ? 6 : 1) }
      factor = f
    } else if journey.joins(.jfk) {
      factor = 1.05 + 0.16 * random.exponential() + 0.03 * random.normal()
    } else if journey.joins(.laGuardia) {
      factor = random.uniform(0.99, 1.46)
    } else if journey.touches(.newark) {
      factor = 1.02 + 0.11 * random.exponential()
    } else {
      let u = random.uniform()
      factor =
        0.94 + 0.07 * random.normal() + (u < 0.62 ? 0.28 * random.exponential() : 0)
    }
    // Bad fixes and bad meters: a trip shorter than the straight line between its ends.
    if random.chance(0.006) { return route.straight * random.uniform(0.3, 0.97) }
    return min(60, max(0.05, 1.005 * route.straight, route.grid * factor))
  }

  /// Logarithm of the expected speed in mph.
  private func logMPH(_ journey: Journey, _ route: Route, weekend: Bool) -> Double {
    let length = log(max(0.2, journey.miles))
    var value = logSpeed[journey.hour + (weekend ? 24 : 0)]
    value += 0.149 * length + 0.088 * length * length
    if journey.from == .manhattan && journey.to == .manhattan {
      // Avenues flow, streets do not.
      value += 0.22 * route.uptownShare - 0.13
    } else if journey.touches(.laGuardia) {
      value += 0.16
    } else if journey.touches(.newark) {
      value += 0.19
    } else if journey.fromAirport == nil && journey.toAirport == nil {
      value += journey.from == .manhattan ? -0.07 : 0.03
    }
    return value
  }
}
