// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing
import TaxiTrips

/// Twelve trips, each of which breaks something or comes close to it.
enum TaxiFixture {
  static let start = 1_451_988_000.0  // 2016-01-05 10:00:00

  static func table() throws -> Table {
    let nan = Double.nan
    func number(_ name: String, _ values: [Double]) -> Column {
      Column(name: name, values: .number(values))
    }
    let seconds: [Double] = [600, -600, 0, 0, 600, 600, 600, 60, 600, nan, 86_340, 600]
    return try Table(columns: [
      Column(
        name: "tpep_pickup_datetime", values: .datetime(seconds.map { _ in start })),
      Column(name: "tpep_dropoff_datetime", values: .datetime(seconds.map { start + $0 })),
      number("Passenger_Count", [1, 0, 7, 6, 1, 1, 1, 1, nan, 1, 1, 5]),
      number("trip_distance", [1.5, 1.5, 1.5, 0, 0.5, 1.5, 1.5, 1.4, 1.5, 1.5, nan, 1.5]),
      number(
        "pickup_longitude",
        [-73.98, -73.98, -73.98, -73.98, -73.98, 0, -73.98, -74.3, nan, -73.98, -73.98, -73.98]),
      number(
        "pickup_latitude",
        [40.75, 40.75, 40.75, 40.75, 40.75, 0, 40.75, 40.4, 40.75, 40.75, 40.75, 40.75]),
      number(
        "dropoff_longitude",
        [
          -73.99, -73.99, -73.99, -73.98, -73.95, -73.99, -73.99, -74.3, -73.99, -73.99, -73.5,
          -73.99,
        ]),
      number(
        "dropoff_latitude",
        [40.76, 40.76, 40.76, 40.75, 40.80, 40.76, 41.2, 40.4, 40.76, 40.76, 40.76, 40.76]),
      number("payment_type", [1, 1, 2, 2, 1, 1, 1, 2, 1, nan, 2, 1]),
      number("fare_amount", [8.5, 8.5, 8.5, 8.5, -8.5, 8.25, -8.25, 8.504, 8.5, 8.5, nan, 8.5]),
      number("extra", [0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
      number("mta_tax", [0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
      number("tip_amount", [1, 1, 1, 0, 0, 1, 1, 0, nan, 1, 0.01, 1]),
      number("tolls_amount", [Double](repeating: 0, count: 12)),
      number(
        "improvement_surcharge", [0.3, 0.3, 0.3, 0.3, -0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]),
      number(
        "total_amount",
        [10.8, 10.8, 10.8, 9.8, -9.8, 10.55, -5.95, 9.8, 10.8, 10.82, 10.81, 10.81]),
    ])
  }
}

@Suite("Taxi rules")
struct TaxiRulesTests {
  @Test("Twelve trips break the rules as often as an external evaluator found")
  func golden() throws {
    let violations = TaxiRules.violations(in: try TaxiFixture.table())
    let expected: [(String, Double)] = [
      ("dropoff before pickup", 1), ("total is not the sum of its parts", 1),
      ("negative fare", 2), ("a coordinate outside the NYC box", 3), ("faster than 80 mph", 2),
      ("passengers 0 or more than 6", 2), ("shorter than the straight line (>5%)", 2),
      ("cash trip with a tip", 2), ("fare not a multiple of 0.50", 2),
    ]
    #expect(violations.map(\.rule) == expected.map(\.0))
    for (violation, (rule, rows)) in zip(violations, expected) {
      let error = abs(violation.percent - 100 * rows / 12)
      #expect(error <= 1e-9, "\(rule): \(violation.percent) % is not \(rows) rows")
    }
  }

  @Test("A rule without its columns is left out")
  func missingColumns() throws {
    let whole = try TaxiFixture.table()
    for dropped in whole.columnNames {
      let table = try Table(columns: whole.columns.filter { $0.name != dropped })
      let found = Set(TaxiRules.violations(in: table).map(\.rule))
      for rule in TaxiRules.all {
        let quantity = dropped.contains("datetime") ? "seconds" : dropped.lowercased()
        // Without a distance the straight line serves as one.
        let needed =
          rule.columns.contains(quantity)
          && !(rule.name == "faster than 80 mph" && quantity == "trip_distance")
        #expect(found.contains(rule.name) == !needed, "\(rule.name) without \(dropped)")
      }
    }
    #expect(TaxiRules.violations(in: whole.selecting(rows: [])).isEmpty)
    let other = try Table(columns: [Column(name: "x", values: .number([1, 2]))])
    #expect(TaxiRules.violations(in: other).isEmpty)
  }

  @Test("Numbers held as text are read, text that is none breaks nothing")
  func textColumns() throws {
    let table = try Table(columns: [
      Column(
        name: "FARE_AMOUNT",
        values: .text(codes: [0, 1, 2, -1], categories: ["-3", " 4.25 ", "free"]))
    ])
    let violations = TaxiRules.violations(in: table)
    #expect(
      violations == [
        RuleViolation(rule: "negative fare", percent: 25),
        RuleViolation(rule: "fare not a multiple of 0.50", percent: 25),
      ])
  }

  @Test("Simulated trips break the rules about as often as real ones do")
  func simulated() {
    let n = 200_000
    let real = [
      "dropoff before pickup": 0, "total is not the sum of its parts": 0.0076,
      "negative fare": 0.041, "a coordinate outside the NYC box": 1.589,
      "faster than 80 mph": 0.070, "passengers 0 or more than 6": 0.0046,
      "shorter than the straight line (>5%)": 0.485, "cash trip with a tip": 0,
      "fare not a multiple of 0.50": 0.055,
    ]
    let violations = TaxiRules.violations(in: TripSimulator(seed: 21).table(rows: 0..<n))
    #expect(violations.count == TaxiRules.all.count)
    for violation in violations {
      let p = real[violation.rule]! / 100
      let bound = 500 * (p * (1 - p) * (1 / Double(n) + 1 / 65_818)).squareRoot()
      let error = abs(violation.percent - 100 * p)
      #expect(error <= bound, "\(violation.rule): \(violation.percent) %, real \(100 * p) %")
    }
  }
}

@Suite("Taxi cleaning")
struct TaxiCleaningTests {
  @Test("Each row is dropped by the first rule it breaks, and counted")
  func counts() throws {
    let (table, report) = try TaxiCleaning().apply(to: TaxiFixture.table())
    #expect(
      report.entries == [
        CleaningReport.Entry(reason: TaxiCleaning.Rule.zeroCoordinate.rawValue, rows: 1),
        CleaningReport.Entry(reason: TaxiCleaning.Rule.outsideRegion.rawValue, rows: 2),
        CleaningReport.Entry(reason: TaxiCleaning.Rule.noDuration.rawValue, rows: 3),
        CleaningReport.Entry(reason: TaxiCleaning.Rule.longDuration.rawValue, rows: 0),
        CleaningReport.Entry(reason: TaxiCleaning.Rule.negativeAmount.rawValue, rows: 1),
        CleaningReport.Entry(reason: TaxiCleaning.Rule.noDistance.rawValue, rows: 0),
      ])
    #expect(report.rowsBefore == 12 && report.rowsAfter == 5 && table.rowCount == 5)
    #expect(report.description.hasPrefix("dropped 7 of 12 rows:\n  1: a coordinate is 0\n"))
    let again = try TaxiCleaning().apply(to: table)
    #expect(again.report.rowsAfter == 5)
  }

  @Test("Rules are chosen by the caller", arguments: TaxiCleaning.Rule.allCases)
  func single(rule: TaxiCleaning.Rule) throws {
    let alone: [TaxiCleaning.Rule: Int] = [
      .zeroCoordinate: 1, .outsideRegion: 2, .noDuration: 3, .longDuration: 1,
      .negativeAmount: 2, .noDistance: 1,
    ]
    let report = try TaxiCleaning(rules: [rule]).apply(to: TaxiFixture.table()).report
    #expect(report.entries.map(\.rows) == [alone[rule]], "\(rule)")
  }

  @Test("A rule without columns is reported as not tested")
  func untested() throws {
    let whole = try TaxiFixture.table()
    let table = try Table(columns: whole.columns.filter { $0.name != "trip_distance" })
    let report = try TaxiCleaning(rules: [.noDistance]).apply(to: table).report
    #expect(
      report.entries == [
        CleaningReport.Entry(reason: TaxiCleaning.Rule.noDistance.rawValue, rows: nil)
      ])
    #expect(report.rowsAfter == 12)
    #expect(report.description.contains("not tested"))
  }

  @Test("Another table is refused")
  func refused() throws {
    let table = try Table(columns: [Column(name: "fare_amount", values: .number([-1]))])
    #expect(!table.isTaxiTable)
    #expect(throws: TabularError.self) { try TaxiCleaning().apply(to: table) }
  }

  @Test("Simulated trips lose their mess and little else")
  func simulated() throws {
    let table = TripSimulator(seed: 2).table(rows: 0..<50_000)
    let (clean, report) = try TaxiCleaning().apply(to: table)
    let kept = Double(clean.rowCount) / Double(table.rowCount)
    #expect(kept > 0.96 && kept < 0.985, "\(report)")
    let broken = TaxiRules.violations(in: clean).filter { $0.percent > 0 }.map(\.rule)
    #expect(!broken.contains("negative fare"))
    #expect(!broken.contains("a coordinate outside the NYC box"))
  }
}
