// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation
import Testing
import TaxiTrips

@Suite("The memorization test")
struct MemorizationTestTests {
  /// Few rows, a twentieth of them monitoring rows.
  private static let rows = 2000
  private static let real = TripSimulator(seed: 11).table(rows: 0..<rows)
  private static let isMonitoring = (0..<rows).map { $0 % 20 == 7 }
  private static let train = real.selecting(rows: (0..<rows).filter { !isMonitoring[$0] })

  private static func measure(
    _ generated: Table, seed: UInt64 = 1, threads: Int = 2
  ) throws -> MemorizationTest {
    try .measure(
      generated: generated, real: real, isMonitoring: isMonitoring, seed: seed, threads: threads)
  }

  private static func fresh(_ count: Int, seed: UInt64 = 12) -> Table {
    TripSimulator(seed: seed).table(rows: 0..<count)
  }

  /// Train rows with a little noise in their numbers.
  private static func noisyCopies(_ count: Int) throws -> Table {
    try SimulatedTables.changing(
      train.selecting(rows: (0..<count).map { ($0 * 17) % train.rowCount }),
      ["pickup_longitude", "pickup_latitude", "dropoff_longitude"]
    ) { $1 + SimulatedTables.noise($0, 2e-4) + 1e-5 }
  }

  @Test("rings on the training rows themselves")
  func copies() throws {
    let found = try Self.measure(Self.train)
    #expect(found.trainRows == 1900 && found.monitoringRows == 100)
    #expect(found.all.rows == 1900 && found.all.expected == 95)
    #expect(found.all.nearestToMonitoring < 5 && found.detected, "\(found)")
    #expect(found.memorizedShare > 0.9)
  }

  @Test("rings on copies with a little noise")
  func noisy() throws {
    let found = try Self.measure(Self.noisyCopies(2000))
    #expect(found.detected && found.memorizedShare > 0.5, "\(found)")
  }

  @Test("rings where a fifth of the rows are copies, about as many as it says")
  func some() throws {
    let mixed = try Table(joining: [Self.fresh(1600), Self.noisyCopies(400)])
    let found = try Self.measure(mixed)
    #expect(found.detected, "\(found)")
    #expect((0.1...0.4).contains(found.memorizedShare), "\(found)")
  }

  @Test("silent on fresh rows of the same source, and on rows far from all")
  func fresh() throws {
    for seed in 20..<30 as Range<UInt64> {
      let found = try Self.measure(Self.fresh(2000, seed: seed), seed: seed)
      #expect(!found.detected, "\(seed): \(found)")
    }
    let far = try Self.measure(SimulatedTables.shuffled(Self.train, rows: 1900))
    #expect(!far.detected, "\(far)")
  }

  @Test("silent where few categories make all rows repeat")
  func categories() throws {
    func table(_ rows: Int, _ shift: Int) -> Table {
      let values = (0..<rows).map { Double(($0 * 7919 + shift) % 13 % 5) }
      return try! Table(columns: [Column(name: "a", values: .number(values))])
    }
    let found = try MemorizationTest.measure(
      generated: table(1000, 3), real: table(1000, 0), isMonitoring: (0..<1000).map { $0 < 50 },
      seed: 1)
    #expect(!found.detected, "\(found)")
  }

  @Test("chance is a probability: seldom small where nothing is copied")
  func uniform() throws {
    // Other monitoring rows and other generated rows each time.
    var small = 0
    let runs = 60
    for run in 0..<runs {
      let real = Self.fresh(500, seed: 100 + UInt64(run))
      let found = try MemorizationTest.measure(
        generated: Self.fresh(500, seed: 1000 + UInt64(run)), real: real,
        isMonitoring: (0..<500).map { $0 % 5 == run % 5 }, seed: UInt64(run), threads: 2)
      if found.all.pValue <= 0.1 { small += 1 }
    }
    // Binomial(60, 0.1): 6 on average, beyond 18 once in a million.
    #expect(small <= 18, "\(small) of \(runs)")
  }

  @Test("the same on any number of threads")
  func determinism() throws {
    let one = try Self.measure(Self.fresh(700), threads: 1)
    #expect(try Self.measure(Self.fresh(700), threads: 3) == one)
  }

  @Test("errors are typed")
  func errors() throws {
    let table = Self.fresh(10)
    #expect(throws: EvaluationError.emptyTable("synthetic")) {
      try Self.measure(table.selecting(rows: []))
    }
    for isMonitoring in [
      [], [Bool](repeating: true, count: 10), [Bool](repeating: false, count: 10),
    ] {
      #expect(throws: EvaluationError.self) {
        try MemorizationTest.measure(
          generated: table, real: table, isMonitoring: isMonitoring, seed: 1)
      }
    }
    let text = try Table(columns: [
      Column(
        name: "t",
        values: .text(codes: (0..<100).map { $0 }, categories: (0..<100).map { "x\($0)" }))
    ])
    #expect(throws: EvaluationError.nothingToCompare(excludedNames: ["t"])) {
      try MemorizationTest.measure(
        generated: text, real: text, isMonitoring: (0..<100).map { $0 < 50 }, seed: 1)
    }
  }
}
