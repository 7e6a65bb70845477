import Foundation
import Tabular
import Testing

/// Lengths between two places.
@Suite struct EncodingPathTests {
  /// Ways of 1.2 to 1.6 times the line in a town; every tenth from nowhere.
  private func table(rows: Int, detour: Bool = true) throws -> (Table, Schema) {
    var random = SampleRandom(seed: 5)
    var columns: [String: [Double]] = [:]
    for _ in 0..<rows {
      let isNowhere = random.uniform() < 0.1
      let (a, b) =
        isNowhere ? (0, 0) : (40.7 + 0.1 * random.uniform(), -74 + 0.1 * random.uniform())
      let (c, d) = (40.7 + 0.1 * random.uniform(), -74 + 0.1 * random.uniform())
      let line = hypot((c - a) * 111.2, (d - b) * 111.2 * 0.757)
      let length =
        isNowhere || !detour ? 20 * random.uniform() : line * (1.2 + 0.4 * random.uniform())
      for (name, value) in [
        ("from_lat", a), ("from_lon", b), ("to_lat", c), ("to_lon", d),
        ("length", (length * 100).rounded() / 100),
      ] { columns[name, default: []].append(value) }
    }
    let names = ["length", "from_lat", "from_lon", "to_lat", "to_lon"]
    let table = try Table(
      columns: names.map { Column(name: $0, values: .number(columns[$0]!)) })
    return (table, EncodingSamples.schema(of: table, decimals: 6))
  }

  private func fit(_ table: Table, _ schema: Schema) throws -> TableEncoder {
    try TableEncoder.fit(table: table, schema: schema, configuration: .standard, seed: 1)
  }

  @Test func aWayIsFoundAndRestored() throws {
    let (table, schema) = try table(rows: 3000)
    let encoder = try fit(table, schema)
    #expect(
      encoder.relations.map(\.description) == [
        "length = rest * straight line(from_lat, from_lon, to_lat, to_lon)"
      ])
    let back = try encoder.roundTrip(table)
    let (before, after) = (table["length"]!.numbers!, back["length"]!.numbers!)
    // A coordinate comes back to a part of the range between two of its ranks.
    let far = zip(before, after).count { abs($0 - $1) > 0.02 + 0.02 * $0 }
    #expect(far < 30, "\(far) of 3000 ways come back another")
    let again = try JSONDecoder().decode(TableEncoder.self, from: JSONEncoder().encode(encoder))
    #expect(again == encoder)
  }

  /// In rows that never were, a way is as long as its detour says.
  @Test func generatedWaysAreLongerThanTheLine() throws {
    let (table, schema) = try table(rows: 3000)
    let encoder = try fit(table, schema)
    var random = SampleRandom(seed: 77)
    let rows = (0..<500 * encoder.width).map { _ in Float(random.normal()) }
    let made = try rows.withUnsafeBufferPointer {
      try encoder.inverse($0, count: 500, stride: encoder.width)
    }
    let values = ["length", "from_lat", "from_lon", "to_lat", "to_lon"].map {
      made[$0]!.numbers!
    }
    var (ways, short) = (0, 0)
    for row in 0..<500 where values[1][row] != 0 && values[2][row] != 0 {
      let line = hypot(
        (values[3][row] - values[1][row]) * 111.2,
        (values[4][row] - values[2][row]) * 111.2 * 0.757)
      guard line > 0.2 else { continue }
      ways += 1
      if values[0][row] < line { short += 1 }
    }
    #expect(ways > 60)
    // As many as are encoded as ways without a line, a tenth.
    #expect(short < ways / 5, "\(short) of \(ways)")
  }

  @Test func whatDoesNotFollowTheLineIsLeftAlone() throws {
    let (table, schema) = try table(rows: 3000, detour: false)
    #expect(try fit(table, schema).relations.isEmpty)
  }
}
