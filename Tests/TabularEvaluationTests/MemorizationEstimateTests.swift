// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation
import TaxiTrips
import Testing
import SeededRandom

@Suite("The memorization estimate")
struct MemorizationEstimateTests {
  private static func detected(
    _ synthetic: Table, train: Table = SimulatedTables.train, threads: Int? = 2
  ) throws -> MemorizationEstimate {
    var options = EvaluationOptions()
    options.parts = [.memorization]
    options.threads = threads
    options.memorizationRows = 1500
    let report = try QualityReport.evaluate(
      train: train, holdout: SimulatedTables.holdout, synthetic: synthetic, domains: [TaxiDomain()],
      options: options)
    return try #require(report.memorization)
  }

  private static let copies = SimulatedTables.train.selecting(
    rows: (0..<2000).map { ($0 * 17) % SimulatedTables.train.rowCount })

  @Test("silent on fresh rows of the same source")
  func fresh() throws {
    let found = try Self.detected(SimulatedTables.fresh)
    #expect(!found.detected, "\(found)")
    #expect(abs(found.dcrShare - 0.5) < 0.03)
    #expect(try #require(found.memorizationEstimate) < 0.1)
    #expect(try #require(found.memorizationInterval).lowerBound == 0, "\(found)")
    #expect(found.dcrShareInterval.contains(0.5), "\(found)")
    #expect(found.duplicatesOfTrain == 0)
  }

  @Test("silent on shuffled columns, which are far from everything")
  func shuffled() throws {
    let table = try SimulatedTables.shuffled(SimulatedTables.train, rows: 2000)
    #expect(try !Self.detected(table).detected)
  }

  @Test("rings on copies")
  func exactCopies() throws {
    let found = try Self.detected(Self.copies)
    #expect(found.detected)
    #expect(found.duplicatesOfTrain == 2000 && found.duplicatesOfHoldout == 0)
    #expect(try #require(found.memorizationEstimate) > 0.95 && found.dcrShare > 0.6, "\(found)")
    #expect(try #require(found.memorizationInterval).lowerBound > 0.9, "\(found)")
  }

  @Test("rings on copies with a little noise, where nothing is found exactly")
  func noisyCopies() throws {
    let noisy = try SimulatedTables.changing(
      Self.copies, ["pickup_longitude", "pickup_latitude", "dropoff_longitude"]
    ) { $1 + SimulatedTables.noise($0, 2e-4) + 1e-5 }
    let found = try Self.detected(noisy)
    // The noise does not move rows whose coordinates are missing.
    #expect(found.duplicatesOfTrain < 40)
    #expect(try found.detected && #require(found.memorizationEstimate) > 0.8, "\(found)")
  }

  @Test("rings where a fifth is copied")
  func someCopies() throws {
    let rows = Array(0..<1600)
    let fresh = SimulatedTables.fresh.selecting(rows: rows)
    let mixed = try Table(
      columns: zip(fresh.columns, Self.copies.selecting(rows: Array(0..<400)).columns).map {
        try Self.joined($0, $1)
      })
    let found = try Self.detected(mixed)
    #expect(found.detected && found.duplicatesOfTrain == 400, "\(found)")
  }

  private static func joined(_ a: Column, _ b: Column) throws -> Column {
    switch (a.values, b.values) {
    case (.number(let x), .number(let y)): Column(name: a.name, values: .number(x.array + y.array))
    case (.datetime(let x), .datetime(let y)):
      Column(name: a.name, values: .datetime(x.array + y.array))
    case (.text(let x, let names), .text(let y, let others)):
      TextCells.column(
        a.name, x.map { $0 < 0 ? nil : names[Int($0)] } + y.map { $0 < 0 ? nil : others[Int($0)] })
    default: throw TabularError.invalidTable("'\(a.name)' has two types")
    }
  }

  @Test("a train table smaller than the holdout table")
  func smallTrain() throws {
    let train = SimulatedTables.train.selecting(rows: Array(0..<500))
    #expect(try !Self.detected(SimulatedTables.fresh, train: train).detected)
    #expect(try Self.detected(train, train: train).detected)
  }

  /// Rows of a few categories and steps: most synthetic rows occur in both real tables.
  private static func coarse(_ rows: Int, categories: Int, seed: UInt64) throws -> Table {
    var random = SplitMix64(seed: seed, purpose: 5)
    let columns = (0..<3).map { _ in (0..<rows).map { _ in Double(random.below(categories)) } }
    return try Table(
      columns: columns.enumerated().map { Column(name: "c\($0)", values: .number($1)) })
  }

  private static func coarseEstimate(
    train: Int, holdout: Int, categories: Int, seed: UInt64, copies: Bool = false
  ) throws -> MemorizationEstimate {
    var options = EvaluationOptions()
    options.parts = [.memorization]
    let learned = try coarse(train, categories: categories, seed: seed)
    let report = try QualityReport.evaluate(
      train: learned, holdout: coarse(holdout, categories: categories, seed: seed + 1),
      synthetic: copies ? learned : coarse(train, categories: categories, seed: seed + 2),
      domains: [TaxiDomain()],
      options: options)
    return try #require(report.memorization)
  }

  @Test("if rows repeat, the share of copies is reported as undecidable", arguments: [false, true])
  func repeatedRows(copies: Bool) throws {
    let found = try Self.coarseEstimate(
      train: 1000, holdout: 250, categories: 3, seed: 1, copies: copies)
    #expect(found.memorizationEstimate == nil && found.memorizationInterval == nil, "\(found)")
    #expect(found.undecided > 95 && !found.detected, "\(found)")
    #expect(found.duplicatesExpected > 900, "\(found)")
  }

  @Test("if some rows repeat, the estimate stays fair", arguments: [25, 40])
  func someRepeatedRows(categories: Int) throws {
    // With 4 times as many train rows, a cell that is in only one table is mostly in train; being
    // nearest must not be taken for being copied.
    let shares = try (0..<12).map { trial in
      let found = try Self.coarseEstimate(
        train: 1200, holdout: 300, categories: categories,
        seed: 100 * UInt64(categories) + 3 * UInt64(trial))
      let memorizedShare = try #require(found.memorizationEstimate, "\(found)")
      let interval = try #require(found.memorizationInterval)
      #expect(
        !found.detected && (0...1).contains(memorizedShare) && interval.contains(memorizedShare),
        "\(found)")
      return memorizedShare
    }
    #expect(shares.reduce(0, +) / 12 < 0.1, "\(shares)")
  }

  @Test("a few exact copies do not raise the alarm, more do")
  func handful() throws {
    for (copies, rings) in [(4, false), (40, true)] {
      let fresh = SimulatedTables.fresh.selecting(rows: Array(0..<(2000 - copies)))
      let mixed = try Table(
        columns: zip(fresh.columns, Self.copies.selecting(rows: Array(0..<copies)).columns).map {
          try Self.joined($0, $1)
        })
      let found = try Self.detected(mixed)
      #expect(found.detected == rings && found.duplicatesOfTrain == copies, "\(copies): \(found)")
    }
  }

  @Test("the same on any number of threads")
  func determinism() throws {
    let one = try Self.detected(SimulatedTables.fresh, threads: 1)
    #expect(try Self.detected(SimulatedTables.fresh, threads: 3) == one)
  }
}
