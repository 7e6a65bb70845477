// SPDX-License-Identifier: Apache-2.0

import Tabular
import TableTestSupport
import Testing
import TabularEncoding

@Suite struct EncodingRelationTests {
  private func fit(_ table: Table, _ schema: Schema? = nil) throws -> TableEncoder {
    try TableEncoder.fit(
      table: table, schema: schema ?? EncodingSamples.schema(of: table, decimals: 2),
      configuration: .standard, seed: 1)
  }

  @Test func sumsAndDifferencesAreFoundAndRestored() throws {
    let (table, schema) = try EncodingSamples.trips(rows: 4000)
    let encoder = try fit(table, schema)
    #expect(
      encoder.relations.map(\.description) == [
        "dropoff = pickup + residual", "total = fare + tip + toll + fee + residual",
      ])
    let back = try encoder.roundTrip(table)
    for column in table.columns {
      let row = column.firstDifference(from: back[column.name]!)
      #expect(row == nil, "\(column.name) differs in row \(row ?? 0)")
    }
  }

  /// A sum is restored from generated parts, so it holds in rows that never were.
  @Test func generatedRowsObeyTheSum() throws {
    let (table, schema) = try EncodingSamples.trips(rows: 4000)
    let encoder = try fit(table, schema)
    var random = SampleRandom(seed: 77)
    let rows = (0..<500 * encoder.width).map { _ in Float(random.normal()) }
    let generated = try rows.withUnsafeBufferPointer {
      try encoder.inverse($0, count: 500, stride: encoder.width, seed: 1)
    }
    let values = { (name: String) in generated[name]!.numbers! }
    let (pickup, dropoff) = (values("pickup"), values("dropoff"))
    for row in 0..<500 {
      let parts = ["fare", "tip", "toll", "fee"].map { values($0)[row] }.filter { !$0.isNaN }
      let residual = values("total")[row] - parts.reduce(0, +)
      #expect(
        [0, 7].contains { abs(residual - $0) <= 0.011 },
        "row \(row): \(residual) is left of the total")
      #expect(dropoff[row] >= pickup[row], "row \(row)")
    }
  }

  @Test func aDurationIsAPartOfTheDifference() throws {
    let (trips, _) = try EncodingSamples.trips(rows: 1000)
    let duration = zip(trips["dropoff"]!.numbers!, trips["pickup"]!.numbers!).map { $0 - $1 }
    let table = try Table(
      columns: [trips["dropoff"]!, trips["pickup"]!]
        + [Column(name: "duration", values: .number(duration))])
    let encoder = try fit(table)
    #expect(encoder.relations.map(\.description) == ["dropoff = pickup + duration + residual"])
    // The rest is 0 in every row and takes no place.
    #expect(!encoder.spans.contains { $0.column == 0 })
    #expect(try encoder.roundTrip(table) == table)
  }

  /// c follows b follows a: each is computed from the one before it, whatever their order.
  @Test(arguments: [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"], ["c", "a", "b"]])
  func chainsAreComputedInOrder(_ order: [String]) throws {
    var random = SampleRandom(seed: 31)
    var times: [String: [Double]] = ["a": [], "b": [], "c": []]
    for _ in 0..<500 {
      let a = (random.uniform() * 1e7).rounded()
      let b = a + (random.uniform() * 900).rounded() + 1
      times["a"]!.append(a)
      times["b"]!.append(b)
      times["c"]!.append(b + (random.uniform() * 700).rounded() + 1)
    }
    let table = try Table(
      columns: order.map { Column(name: $0, values: .datetime(times[$0]!)) })
    let encoder = try fit(table)
    #expect(encoder.relations.map(\.description) == ["b = a + residual", "c = b + residual"])
    #expect(try encoder.roundTrip(table) == table)
  }

  @Test func aTimeBesideAMissingOneIsKept() throws {
    let (trips, _) = try EncodingSamples.trips(rows: 1000)
    var pickup = trips["pickup"]!.numbers!.array
    pickup[5] = .nan
    let table = try Table(columns: [
      trips["dropoff"]!, Column(name: "pickup", values: .datetime(pickup)),
    ])
    let encoder = try fit(table)
    #expect(encoder.relations.isEmpty)
    let back = try encoder.roundTrip(table)
    #expect(table["dropoff"]!.firstDifference(from: back["dropoff"]!) == nil)
    #expect(back["pickup"]!.numbers![5].isNaN)
  }

  /// A fee that has no column of its own, in a part of the rows.
  @Test func aFewResidualsAreASumToo() throws {
    let (trips, _) = try EncodingSamples.trips(rows: 2000)
    let fee = trips["fee"]!.numbers!
    let table = try Table(columns: trips.columns.filter { $0.name != "fee" })
    let encoder = try fit(table)
    #expect(
      encoder.relations.last?.description == "total = fare + tip + toll + residual",
      "\(encoder.relations)")
    #expect(fee.contains(where: \.isNaN) && fee.contains(2.5))
    let back = try encoder.roundTrip(table)
    #expect(table["total"]!.firstDifference(from: back["total"]!) == nil)
  }

  @Test func independentColumnsHaveNoRelation() throws {
    var random = SampleRandom(seed: 41)
    let table = try Table(
      columns: (0..<8).map { c in
        Column(
          name: "c\(c)",
          values: .number(
            (0..<600).map { _ in EncodingSamples.rounded(random.normal() * Double(c + 1), 2) }))
      })
    #expect(try fit(table).relations.isEmpty)
  }

  @Test func fewRowsProveNothing() throws {
    let (table, schema) = try EncodingSamples.trips(rows: 49)
    #expect(try fit(table, schema).relations.isEmpty)
  }
}
