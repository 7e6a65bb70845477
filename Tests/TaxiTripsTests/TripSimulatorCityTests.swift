// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing
import TaxiTrips

@Suite("Trip simulator: where trips begin and end")
struct TripSimulatorCityTests {
  private static let table = TripSimulator(seed: 8).table(rows: 0..<100_000)

  private func points(_ end: String) -> [(Double, Double)] {
    let longitudes = Self.table[end + "_longitude"]!.numbers!
    let latitudes = Self.table[end + "_latitude"]!.numbers!
    return Array(zip(longitudes, latitudes)).filter { $0.0 != 0 }
  }

  @Test("No trip begins or ends in the water", arguments: ["pickup", "dropoff"])
  func water(end: String) {
    let map = CityMap()
    for (longitude, latitude) in points(end)
    where map.exactRegion(longitude: longitude, latitude: latitude) == .water {
      // A lost fix may point anywhere, but it lies far away from the city.
      let far = longitude < -74.4
      #expect(far, "\(longitude) \(latitude) lies in the water")
    }
  }

  @Test(
    "Boroughs have the shares of real trips",
    arguments: [
      ("pickup", CityMap.Region.manhattan, 0.9226, 0.01), ("dropoff", .manhattan, 0.8850, 0.01),
      ("pickup", .brooklynAndQueens, 0.0745, 0.08), ("dropoff", .brooklynAndQueens, 0.1021, 0.08),
      ("dropoff", .bronx, 0.0064, 0.15),
    ])
  func boroughs(end: String, region: CityMap.Region, real: Double, slack: Double) {
    let map = CityMap()
    let points = points(end)
    let hits = points.count { map.region(longitude: $0.0, latitude: $0.1) == region }
    let share = Double(hits) / Double(points.count)
    let variance = real * (1 - real) * (1 / Double(points.count) + 1 / 65_000)
    let bound = 5 * variance.squareRoot() + slack * real
    #expect(abs(share - real) <= bound, "\(end) \(region): \(share), real \(real)")
  }

  @Test("In Midtown pickups stand on avenues, more than dropoffs do")
  func avenues() {
    let frame = StreetGrid.Frame()
    let band = StreetGrid.street(16)...StreetGrid.street(58)
    func share(_ end: String) -> Double {
      let positions = points(end).map {
        frame.position(GeographicPoint(longitude: $0.0, latitude: $0.1))
      }.filter { band.contains($0.uptown) && (-1500...900).contains($0.across) }
      let near = positions.count { position in
        StreetGrid.Avenue.allCases.contains { abs($0.rawValue - position.across) < 12 }
      }
      return Double(near) / Double(positions.count)
    }
    // 46 % and 34 % in real trips; without avenues it would be about 12 %.
    let pickups = share("pickup")
    let dropoffs = share("dropoff")
    #expect(pickups > 0.38 && pickups < 0.62, "\(pickups)")
    #expect(dropoffs > 0.26 && dropoffs < pickups - 0.05, "\(dropoffs)")
  }

  @Test("Nobody is picked up in the middle of Central Park")
  func park() {
    let frame = StreetGrid.Frame()
    let inside = points("pickup").count {
      let p = frame.position(GeographicPoint(longitude: $0.0, latitude: $0.1))
      return p.uptown > StreetGrid.street(63) && p.uptown < StreetGrid.street(107)
        && p.across > -900 && p.across < -450
    }
    #expect(inside == 0)
  }

  @Test("The geography of simulated trips is that of the city")
  func geography() throws {
    let shares = try #require(TaxiGeography(Self.table))
    #expect(shares.pickups.waterPercent == 0)
    #expect(abs(shares.pickups.withoutFixPercent - 1.44) < 0.2)
    #expect(abs(shares.pickups.airportPercent["JFK"]! - 2.33) < 0.4)
    #expect(abs(shares.dropoffs.airportPercent["Newark"]! - 0.15) < 0.07)
    #expect(shares.dropoffs.outsidePercent < 1)
  }
}
