// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// Places, and charges that are percentages.
@Suite struct EncodingRateAndRankTests {
  private func fit(_ table: Table, _ schema: Schema) throws -> TableEncoder {
    try TableEncoder.fit(table: table, schema: schema, configuration: .standard, seed: 1)
  }

  /// Two towns with a river between them: where a row can be depends on how far north it is. A few
  /// places may be out of this world.
  @Test(arguments: [Int.max, 2000])
  func generatedLocationsAreWhereRealOnesAre(rowsForEachMistake: Int) throws {
    var random = SampleRandom(seed: 3)
    var (latitudes, longitudes): ([Double], [Double]) = ([], [])
    func isRiver(_ latitude: Double, _ longitude: Double) -> Bool {
      abs(longitude - 0.5 * latitude) < 0.1
    }
    while latitudes.count < 20_000 {
      let (a, b) = (random.uniform(), random.uniform() * 1.5 - 0.5)
      guard !isRiver(a, b) else { continue }
      latitudes.append(a)
      longitudes.append(latitudes.count % rowsForEachMistake == 0 ? -3116 : b)
    }
    let table = try Table(columns: [
      Column(name: "lat", values: .number(latitudes)),
      Column(name: "lon", values: .number(longitudes)),
    ])
    let encoder = try fit(table, EncodingSamples.schema(of: table, decimals: 9))
    #expect(encoder.relations.map(\.description) == ["lon = rank of residual given lat"])
    let back = try encoder.roundTrip(table)
    let far = zip(longitudes, back["lon"]!.numbers!).count { abs($0 - $1) > 0.02 }
    #expect(far < 400, "\(far) of 20,000 longitudes come back elsewhere")

    let rows = (0..<5000 * encoder.width).map { _ in Float(random.normal()) }
    let made = try rows.withUnsafeBufferPointer {
      try encoder.inverse($0, count: 5000, stride: encoder.width, seed: 1)
    }
    // Independent numbers fall into the river with a share of 0.13.
    let wet = zip(made["lat"]!.numbers!, made["lon"]!.numbers!).count { isRiver($0, $1) }
    #expect(wet < 150, "\(wet) of 5,000 places are in the river")
    let again = try JSONDecoder().decode(TableEncoder.self, from: JSONEncoder().encode(encoder))
    #expect(again == encoder)
  }

  /// Fares from the tariff, tips by buttons: 20 % to the cent, 25 % down to five cents, or by hand.
  private func charges(rows: Int) throws -> (Table, Schema) {
    var random = SampleRandom(seed: 9)
    var columns: [String: [Double]] = [:]
    for _ in 0..<rows {
      let fare = (5 + 80 * random.uniform()).rounded() / 2
      let toll = random.uniform() < 0.1 ? 5.54 : 0
      let base = fare + toll
      let choice = random.uniform()
      let tip =
        choice < 0.3
        ? 0
        : choice < 0.6
          ? (base * 20 + 1e-6).rounded() / 100
          : choice < 0.8
            ? (base * 5 + 1e-6).rounded(.down) / 20
            : (100 * base * 0.5 * random.uniform()).rounded() / 100
      for (name, value) in [
        ("fare", fare), ("tip", tip), ("toll", toll),
        ("total", ((base + tip) * 100).rounded() / 100),
      ] { columns[name, default: []].append(value) }
    }
    let table = try Table(
      columns: ["fare", "tip", "toll", "total"].map {
        Column(name: $0, values: .number(columns[$0]!))
      })
    return (table, EncodingSamples.schema(of: table, decimals: 2))
  }

  @Test func aPercentageIsFoundAndRestored() throws {
    let (table, schema) = try charges(rows: 4000)
    let encoder = try fit(table, schema)
    let relations = encoder.relations.map(\.description)
    #expect(
      relations.count == 2 && relations[1] == "total = fare + tip + toll + residual", "\(relations)"
    )
    #expect(
      relations[0].hasPrefix("tip = 20.0 %, 25.0 %")
        && relations[0].hasSuffix("of (fare + toll) or residual"),
      "\(relations)")
    let back = try encoder.roundTrip(table)
    for column in table.columns {
      let row = column.firstDifference(from: back[column.name]!)
      #expect(row == nil, "\(column.name) differs in row \(row ?? 0)")
    }
    let again = try JSONDecoder().decode(TableEncoder.self, from: JSONEncoder().encode(encoder))
    #expect(again == encoder)
  }

  /// In rows that never were, most tips are what the buttons give.
  @Test func generatedChargesFollowTheRules() throws {
    let (table, schema) = try charges(rows: 4000)
    let encoder = try fit(table, schema)
    var random = SampleRandom(seed: 77)
    let rows = (0..<2000 * encoder.width).map { _ in Float(random.normal()) }
    let made = try rows.withUnsafeBufferPointer {
      try encoder.inverse($0, count: 2000, stride: encoder.width, seed: 1)
    }
    let (fare, tip, toll) = (
      made["fare"]!.numbers!, made["tip"]!.numbers!, made["toll"]!.numbers!
    )
    var (tips, byButton) = (0, 0)
    for row in 0..<2000 where tip[row] > 0 {
      tips += 1
      let base = fare[row] + toll[row]
      let buttons = [(base * 20 + 1e-6).rounded() / 100, (base * 5 + 1e-6).rounded(.down) / 20]
      if buttons.contains(where: { abs($0 - tip[row]) < 0.001 }) { byButton += 1 }
    }
    // Three of four categories with a tip are rules, drawn at random here.
    #expect(tips > 500 && byButton > tips / 3, "\(byButton) of \(tips)")
  }

  /// Amounts that have nothing to do with each other follow no rule.
  @Test func amountsOfTheirOwnAreLeftAlone() throws {
    var random = SampleRandom(seed: 4)
    let columns = ["a", "b", "c"].map { _ in
      (0..<3000).map { _ in (100 * 20 * random.uniform()).rounded() / 100 }
    }
    let total = (0..<3000).map { row in
      (columns.reduce(0) { $0 + $1[row] } * 100).rounded() / 100
    }
    let table = try Table(
      columns: zip(["a", "b", "c", "total"], columns + [total]).map {
        Column(name: $0, values: .number($1))
      })
    let relations = try fit(table, EncodingSamples.schema(of: table, decimals: 2)).relations
    #expect(relations.map(\.description) == ["total = a + b + c + residual"])
  }
}
