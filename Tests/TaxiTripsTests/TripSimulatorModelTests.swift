// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing
import TaxiTrips

/// Rows of the simulator as plain numbers by name.
private struct Trips {
  let columns: [String: [Double]]
  let count: Int

  init(seed: UInt64, rows: Range<Int>) {
    let table = TripSimulator(seed: seed).table(rows: rows)
    count = table.rowCount
    columns = Dictionary(
      uniqueKeysWithValues: table.columns.map { column in
        switch column.values {
        case .number(let v), .datetime(let v): (column.name, v.array)
        case .text(let codes, _): (column.name, codes.map(Double.init))
        }
      })
  }

  static let shared = Trips(seed: 5, rows: 0..<200_000)

  struct Trip {
    let trips: Trips
    let row: Int
    subscript(name: String) -> Double { trips.columns[name]![row] }
    var seconds: Double { self["tpep_dropoff_datetime"] - self["tpep_pickup_datetime"] }
    var hour: Int { Int(self["tpep_pickup_datetime"]) / 3600 % 24 }
    /// Days since 1 January 2016, a Friday.
    var day: Int { (Int(self["tpep_pickup_datetime"]) - 1_451_606_400) / 86_400 }
    var weekday: Int { (day + 4) % 7 }
    func has(fix end: String) -> Bool { self[end + "_longitude"] != 0 }
    func airport(_ end: String) -> Airport? {
      Airport.at(longitude: self[end + "_longitude"], latitude: self[end + "_latitude"])
    }
  }

  var all: some Sequence<Trip> { (0..<count).lazy.map { Trip(trips: self, row: $0) } }
}

@Suite("Trip simulator: the model of the city")
struct TripSimulatorModelTests {
  /// A share measured in real trips of 2016, 65,818 rows, beside the simulator's.
  struct Rate: Sendable, CustomTestStringConvertible {
    var name: String
    var real: Double
    /// Relative difference that the model allows itself where a rate follows from others.
    var slack = 0.0
    fileprivate var hit: @Sendable (Trips.Trip) -> Bool
    var testDescription: String { name }
  }

  static let rates: [Rate] = [
    Rate(name: "vendor 2", real: 0.5323) { $0["VendorID"] == 2 },
    Rate(name: "one passenger", real: 0.7125) { $0["passenger_count"] == 1 },
    Rate(name: "five or six passengers", real: 0.0872) { $0["passenger_count"] > 4 },
    Rate(name: "stored and forwarded", real: 0.00558) { $0["store_and_fwd_flag"] == 1 },
    Rate(name: "zero pickup", real: 0.01440) { !$0.has(fix: "pickup") },
    Rate(name: "zero dropoff", real: 0.01342) { !$0.has(fix: "dropoff") },
    Rate(name: "zero at both ends", real: 0.01215) {
      !$0.has(fix: "pickup") && !$0.has(fix: "dropoff")
    },
    Rate(name: "negative fare", real: 0.00041) { $0["fare_amount"] < 0 },
    Rate(name: "no duration", real: 0.00099) { $0.seconds == 0 },
    Rate(name: "about 24 h", real: 0.00149) { $0.seconds > 72_000 },
    Rate(name: "no distance", real: 0.00615) { $0["trip_distance"] == 0 },
    Rate(name: "card", real: 0.6599, slack: 0.02) { $0["payment_type"] == 1 },
    Rate(name: "no charge", real: 0.00365) { $0["payment_type"] == 3 },
    Rate(name: "dispute", real: 0.00129) { $0["payment_type"] == 4 },
    Rate(name: "rate code 2", real: 0.02138, slack: 0.1) { $0["RatecodeID"] == 2 },
    Rate(name: "rate code 3", real: 0.00160) { $0["RatecodeID"] == 3 },
    Rate(name: "rate code 4", real: 0.00041) { $0["RatecodeID"] == 4 },
    Rate(name: "rate code 5", real: 0.00289, slack: 0.1) { $0["RatecodeID"] == 5 },
    Rate(name: "no extra", real: 0.5182, slack: 0.02) { $0["extra"] == 0 },
    Rate(name: "rush extra", real: 0.1528, slack: 0.03) { $0["extra"] == 1 },
    Rate(name: "airport rush extra", real: 0.00128, slack: 0.1) { $0["extra"] == 4.5 },
    Rate(name: "a toll of 5.54", real: 0.0475, slack: 0.08) { $0["tolls_amount"] == 5.54 },
    Rate(name: "from JFK", real: 0.0230, slack: 0.05) { $0.airport("pickup") == .jfk },
    Rate(name: "to JFK", real: 0.0088, slack: 0.08) { $0.airport("dropoff") == .jfk },
    Rate(name: "from LaGuardia", real: 0.0253, slack: 0.05) {
      $0.airport("pickup") == .laGuardia
    },
    Rate(name: "to LaGuardia", real: 0.0117, slack: 0.06) {
      $0.airport("dropoff") == .laGuardia
    },
    Rate(name: "to Newark", real: 0.00148) { $0.airport("dropoff") == .newark },
    Rate(name: "a tip of 0 by card", real: 0.0244, slack: 0.05) {
      $0["payment_type"] == 1 && $0["tip_amount"] == 0
    },
    Rate(name: "under 5 minutes", real: 0.1571, slack: 0.05) { $0.seconds < 300 },
    Rate(name: "over 20 minutes", real: 0.1827, slack: 0.06) { $0.seconds > 1200 },
    Rate(name: "over 5 miles", real: 0.1254, slack: 0.08) { $0["trip_distance"] > 5 },
  ]

  @Test("Shares are those of real trips", arguments: rates)
  func rate(_ rate: Rate) {
    let trips = Trips.shared
    let share = Double(trips.all.count(where: rate.hit)) / Double(trips.count)
    // Five standard deviations of the difference of two binomial shares.
    let variance = rate.real * (1 - rate.real) * (1 / Double(trips.count) + 1 / 65_818)
    let bound = 5 * variance.squareRoot() + rate.slack * rate.real
    let error = abs(share - rate.real)
    #expect(error <= bound, "\(rate.name): \(share), real \(rate.real), bound \(bound)")
  }

  @Test("Medians are those of real trips")
  func medians() {
    let trips = Trips.shared
    func median(_ value: (Trips.Trip) -> Double) -> Double {
      trips.all.map(value).sorted()[trips.count / 2]
    }
    let cases: [(String, Double, Double, Double)] = [
      ("seconds", median { $0.seconds }, 639, 0.04),
      ("miles", median { $0["trip_distance"] }, 1.7, 0.06),
      ("fare", median { $0["fare_amount"] }, 9.5, 0.06),
      ("total", median { $0["total_amount"] }, 11.76, 0.04),
    ]
    for (name, value, real, slack) in cases {
      let error = abs(value - real) / real
      #expect(error <= slack, "\(name): \(value), real \(real)")
    }
  }

  @Test("Fares, surcharges and totals follow the tariff")
  func tariff() {
    var mismatches = 0
    for trip in Trips.shared.all {
      let parts = [
        "fare_amount", "extra", "mta_tax", "tip_amount", "tolls_amount", "improvement_surcharge",
      ]
      let sum = parts.reduce(0) { $0 + trip[$1] }
      if !(abs(sum - trip["total_amount"]) < 0.0051) { mismatches += 1 }
      let fare = trip["fare_amount"]
      let region = "row \(trip.row)"
      switch trip["RatecodeID"] {
      case 1, 99:
        let units = (abs(fare) - 2.5) * 2
        #expect(units == units.rounded(), "\(region): \(fare)")
        #expect(abs(fare) >= 2.5, "\(region): \(fare)")
      case 2:
        #expect(fare == 52, "\(region): \(fare)")
        #expect(trip["extra"] == 0 || trip["extra"] == 4.5, "\(region)")
      case 3:
        #expect(fare >= 20 && trip["mta_tax"] == 0, "\(region): \(fare)")
      case 4: #expect(fare >= 2.5, "\(region): \(fare)")
      default: #expect(trip["RatecodeID"] == 5 && fare >= 0, "\(region)")
      }
      if trip["payment_type"] != 1 { #expect(trip["tip_amount"] == 0, "\(region)") }
      #expect(trip["tip_amount"] >= 0, "\(region)")
      if trip["RatecodeID"] == 1 && trip["VendorID"] == 2 && fare > 0 {
        let holiday = [0, 17, 45, 150].contains(trip.day)
        let rush = (16..<20).contains(trip.hour) && trip.weekday < 5 && !holiday
        let expected = trip.hour >= 20 || trip.hour < 6 ? 0.5 : rush ? 1 : 0
        #expect(
          trip["extra"] == expected, "\(region) at \(trip.hour):00 on weekday \(trip.weekday)")
      }
    }
    // One total in 10,000 is wrong on purpose; 20 +- 5 standard deviations.
    #expect(mismatches > 0 && mismatches <= 43, "\(mismatches) totals")
  }

  @Test("The flat fare belongs to trips between JFK and Manhattan")
  func flatFare() {
    let map = CityMap()
    var strays = 0
    var flat = 0
    for trip in Trips.shared.all
    where trip["RatecodeID"] == 2 && trip.has(fix: "pickup") && trip.has(fix: "dropoff") {
      flat += 1
      let ends = ["pickup", "dropoff"].map {
        map.region(longitude: trip[$0 + "_longitude"], latitude: trip[$0 + "_latitude"])
      }
      let jfk = trip.airport("pickup") == .jfk || trip.airport("dropoff") == .jfk
      if !(jfk && ends.contains(.manhattan)) { strays += 1 }
    }
    // Some drivers press the wrong button and go nowhere.
    #expect(flat > 3000)
    #expect(Double(strays) <= 0.09 * Double(flat), "\(strays) of \(flat)")
  }

  @Test("Vendors have their quirks")
  func vendors() {
    for trip in Trips.shared.all {
      let tenths = trip["trip_distance"] * 10
      if trip["VendorID"] == 1 {
        // Tenths of a mile, but for reversed charges, which are the other vendor's.
        #expect(abs(tenths - tenths.rounded()) < 1e-6, "row \(trip.row)")
        #expect(trip["fare_amount"] >= 0 && trip.seconds < 72_000, "row \(trip.row)")
      } else {
        #expect(trip["store_and_fwd_flag"] == 0, "row \(trip.row)")
        #expect(trip["passenger_count"] > 0, "row \(trip.row)")
      }
    }
    let hundredths = Trips.shared.all.filter {
      let tenths = $0["trip_distance"] * 10
      return $0["VendorID"] == 2 && abs(tenths - tenths.rounded()) > 1e-6
    }
    let second = Trips.shared.all.count { $0["VendorID"] == 2 }
    let share = Double(hundredths.count) / Double(second)
    #expect(abs(share - 0.89) <= 0.02, "\(share)")
  }

  @Test("Days have their hours, and the blizzard empties the streets")
  func demand() {
    var days = [Int](repeating: 0, count: 182)
    var night = 0
    var evening = 0
    for trip in Trips.shared.all {
      #expect((0..<182).contains(trip.day))
      days[trip.day] += 1
      if trip.weekday < 5 && trip.hour == 4 { night += 1 }
      if trip.weekday < 5 && trip.hour == 18 { evening += 1 }
      if trip.day == 22 { #expect(trip.hour < 17, "a trip during the travel ban") }
    }
    // 23 January beside the Saturday before it: 438 of 2,169 in real trips.
    let blizzard = Double(days[22]) / Double(days[15])
    #expect(blizzard > 0.12 && blizzard < 0.30, "\(blizzard)")
    #expect(evening > 6 * night, "\(evening) evening trips, \(night) night trips")
    // March has the most trips, and no day is empty.
    let months = [31, 29, 31, 30, 31, 30]
    var first = 0
    let monthly = months.map { length in
      defer { first += length }
      return days[first..<first + length].reduce(0, +)
    }
    #expect(monthly.max() == monthly[2], "\(monthly)")
    #expect(days.min()! > 0)
  }
}
