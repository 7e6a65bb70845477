import Tabular
import TabularEvaluation
import Testing

@Suite("The copying alarm")
struct CopyingAlarmTests {
  private static func alarm(
    _ synthetic: Table, train: Table = SimulatedTables.train, threads: Int? = 2
  ) throws -> CopyingAlarm {
    var options = EvaluationOptions()
    options.parts = [.copying]
    options.threads = threads
    options.copyingRows = 1500
    let report = try QualityReport.evaluate(
      train: train, holdout: SimulatedTables.holdout, synthetic: synthetic, options: options)
    return try #require(report.copying)
  }

  private static let copies = SimulatedTables.train.selecting(
    rows: (0..<2000).map { ($0 * 17) % SimulatedTables.train.rowCount })

  @Test("silent on fresh rows of the same source")
  func fresh() throws {
    let found = try Self.alarm(SimulatedTables.fresh)
    #expect(!found.alarm, "\(found)")
    #expect(abs(found.share - 0.5) < 0.03)
    #expect(abs(found.copiedEstimate) < 0.1)
    #expect(found.duplicatesOfTrain == 0)
  }

  @Test("silent on shuffled columns, which are far from everything")
  func shuffled() throws {
    let table = try SimulatedTables.shuffled(SimulatedTables.train, rows: 2000)
    #expect(try !Self.alarm(table).alarm)
  }

  @Test("rings on copies")
  func exactCopies() throws {
    let found = try Self.alarm(Self.copies)
    #expect(found.alarm)
    #expect(found.duplicatesOfTrain == 2000 && found.duplicatesOfHoldout == 0)
    #expect(found.copiedEstimate > 0.95 && found.share > 0.6, "\(found)")
  }

  @Test("rings on copies with a little noise, where nothing is found exactly")
  func noisyCopies() throws {
    let noisy = try SimulatedTables.changing(
      Self.copies, ["pickup_longitude", "pickup_latitude", "dropoff_longitude"]
    ) { $1 + SimulatedTables.noise($0, 2e-4) + 1e-5 }
    let found = try Self.alarm(noisy)
    // The noise does not move rows whose coordinates are missing.
    #expect(found.duplicatesOfTrain < 40)
    #expect(found.alarm && found.copiedEstimate > 0.8, "\(found)")
  }

  @Test("rings where a fifth is copied")
  func someCopies() throws {
    let rows = Array(0..<1600)
    let fresh = SimulatedTables.fresh.selecting(rows: rows)
    let mixed = try Table(
      columns: zip(fresh.columns, Self.copies.selecting(rows: Array(0..<400)).columns).map {
        try Self.joined($0, $1)
      })
    let found = try Self.alarm(mixed)
    #expect(found.alarm && found.duplicatesOfTrain == 400, "\(found)")
  }

  private static func joined(_ a: Column, _ b: Column) throws -> Column {
    switch (a.values, b.values) {
    case (.number(let x), .number(let y)): Column(name: a.name, values: .number(x.array + y.array))
    case (.datetime(let x), .datetime(let y)):
      Column(name: a.name, values: .datetime(x.array + y.array))
    case (.text(let x, let names), .text(let y, let others)):
      TextTable.column(
        a.name, x.map { $0 < 0 ? nil : names[Int($0)] } + y.map { $0 < 0 ? nil : others[Int($0)] })
    default: throw TabularError.invalidTable("'\(a.name)' has two types")
    }
  }

  @Test("a train table smaller than the holdout table")
  func smallTrain() throws {
    let train = SimulatedTables.train.selecting(rows: Array(0..<500))
    #expect(try !Self.alarm(SimulatedTables.fresh, train: train).alarm)
    #expect(try Self.alarm(train, train: train).alarm)
  }

  @Test("the same on any number of threads")
  func determinism() throws {
    let one = try Self.alarm(SimulatedTables.fresh, threads: 1)
    #expect(try Self.alarm(SimulatedTables.fresh, threads: 3) == one)
  }
}
