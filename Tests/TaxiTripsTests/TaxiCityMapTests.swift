// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing
import TaxiTrips
import SeededRandom

@Suite("City map")
struct TaxiCityMapTests {
  static let landmarks: [(String, Double, Double, CityMap.Region)] = [
    ("Times Square", -73.9855, 40.7580, .manhattan),
    ("Battery Place", -74.0160, 40.7050, .manhattan),
    ("Inwood", -73.9212, 40.8677, .manhattan),
    ("Roosevelt Island", -73.9497, 40.7620, .manhattan),
    ("Yankee Stadium", -73.9262, 40.8296, .bronx),
    ("Fordham", -73.8900, 40.8620, .bronx),
    ("Williamsburg", -73.9571, 40.7170, .brooklynAndQueens),
    ("Coney Island", -73.9800, 40.5770, .brooklynAndQueens),
    ("Astoria", -73.9235, 40.7644, .brooklynAndQueens),
    ("JFK, Terminal 4", -73.7822, 40.6446, .brooklynAndQueens),
    ("LaGuardia, Terminal B", -73.8720, 40.7742, .brooklynAndQueens),
    ("Eastern Queens", -73.7200, 40.7400, .brooklynAndQueens),
    ("Far Rockaway", -73.7600, 40.6010, .brooklynAndQueens),
    ("St. George", -74.0780, 40.6430, .statenIsland),
    ("Hoboken", -74.0320, 40.7440, .newJersey),
    ("Newark Airport", -74.1776, 40.6952, .newJersey),
    ("Yonkers", -73.8900, 40.9400, .elsewhere),
    ("Mineola", -73.6400, 40.7490, .elsewhere),
    ("Paris", 2.35, 48.86, .elsewhere),
    ("No fix", 0, 0, .elsewhere),
    ("Missing", .nan, 40.7, .elsewhere),
    ("The Hudson off 34th Street", -74.0150, 40.7600, .water),
    ("The Hudson off 125th Street", -73.9700, 40.8200, .water),
    ("The East River off 42nd Street", -73.9650, 40.7470, .water),
    ("The East River at the Brooklyn Bridge", -73.9950, 40.7050, .water),
    ("Hell Gate", -73.9265, 40.7785, .water),
    ("The Upper Bay", -74.0300, 40.6750, .water),
    ("Jamaica Bay", -73.8350, 40.6050, .water),
    ("Flushing Bay", -73.8520, 40.7720, .water),
  ]

  @Test("Landmarks lie where they lie", arguments: landmarks)
  func landmark(name: String, longitude: Double, latitude: Double, region: CityMap.Region) {
    let found = CityMap().region(longitude: longitude, latitude: latitude)
    #expect(found == region, "\(name): \(found)")
  }

  @Test("The raster gives what the outlines give")
  func raster() {
    let map = CityMap()
    var random = RowRandom(seed: 4, row: 0)
    for _ in 0..<40_000 {
      let longitude = random.uniform(-74.3, -73.6)
      let latitude = random.uniform(40.45, 40.95)
      let fast = map.region(longitude: longitude, latitude: latitude)
      let exact = map.exactRegion(longitude: longitude, latitude: latitude)
      #expect(fast == exact, "\(longitude) \(latitude)")
    }
  }

  @Test("Only the five boroughs are the city")
  func city() {
    #expect(
      CityMap.Region.allCases.filter(\.isCity)
        == [.manhattan, .bronx, .brooklynAndQueens, .statenIsland])
  }
}

@Suite("Random numbers of a row")
struct TaxiRowRandomTests {
  @Test(
    "The normal quantile is the inverse of the normal distribution",
    arguments: [
      (0.5, 0.0), (0.841344746068543, 1), (0.158655253931457, -1), (0.977249868051821, 2),
      (0.0013498980316301, -3), (0.9999683287581669, 4), (2.866515718791946e-07, -5),
    ])
  func quantile(p: Double, x: Double) {
    let error = abs(RowRandom.normalQuantile(p) - x)
    #expect(error <= 1e-7, "\(p): \(RowRandom.normalQuantile(p))")
  }

  @Test("Streams of neighboring rows and seeds are unrelated and uniform")
  func streams() {
    var counts = [Int](repeating: 0, count: 64)
    for row in 0..<64_000 {
      var random = RowRandom(seed: 0, row: row)
      counts[random.index(below: 64)] += 1
    }
    // Chi-square of 63 degrees of freedom: mean 63, standard deviation 11.2.
    let chi = counts.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
    #expect(abs(chi - 63) <= 56, "\(chi)")
    var a = RowRandom(seed: 1, row: 2)
    var b = RowRandom(seed: 2, row: 1)
    #expect(a.bits() != b.bits())
  }

  @Test("The alias table draws by weight and never what weighs nothing")
  func alias() {
    let weights = [0, 1, 3, 0, 6, 0.5, 0]
    let table = AliasTable(weights: weights)
    var random = RowRandom(seed: 3, row: 0)
    var counts = [Int](repeating: 0, count: weights.count)
    let n = 100_000
    for _ in 0..<n { counts[table.draw(&random)] += 1 }
    for (i, weight) in weights.enumerated() {
      let p = weight / weights.reduce(0, +)
      let bound = 5 * (p * (1 - p) * Double(n)).squareRoot()
      #expect(abs(Double(counts[i]) - p * Double(n)) <= bound, "weight \(weight): \(counts[i])")
    }
  }
}
