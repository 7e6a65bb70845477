// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// Typical relations hold in all generated rows; near misses are not accepted.
@Suite struct EncodingRelationFormsTests {
  private typealias Random = SampleRandom

  private static func fit(
    _ columns: [(name: String, values: [Double])], times: Bool = false
  ) throws -> (table: Table, encoder: TableEncoder) {
    let table = try Table(
      columns: columns.map {
        Column(name: $0.name, values: times ? .datetime($0.values) : .number($0.values))
      })
    let encoder = try TableEncoder.fit(
      table: table, schema: EncodingSamples.schema(of: table, decimals: 2),
      configuration: .standard, seed: 1)
    return (
      table, try JSONDecoder().decode(TableEncoder.self, from: JSONEncoder().encode(encoder))
    )
  }

  /// Rows of an untrained generator.
  private static func generated(_ encoder: TableEncoder, rows: Int = 2000) throws -> Table {
    var random = SampleRandom(seed: 99)
    let values = (0..<rows * max(encoder.width, 1)).map { _ in Float(random.normal()) }
    return try values.withUnsafeBufferPointer {
      try encoder.inverse($0, count: rows, stride: max(encoder.width, 1), seed: 4)
    }
  }

  private static func cents(_ value: Double) -> Double { EncodingSamples.rounded(value, 2) }

  private static func invoice(_ rows: Int = 500) -> [String: [Double]] {
    var random = SampleRandom(seed: 21)
    var columns: [String: [Double]] = [:]
    for _ in 0..<rows {
      let net = cents(5 + 300 * random.uniform())
      let tax = cents(1 + 20 * random.uniform())
      let shipping = cents(9 * random.uniform())
      for (name, value) in [
        ("net", net), ("tax", tax), ("gross", cents(net + tax)), ("shipping", shipping),
        ("total", cents(net + tax + shipping)), ("copy", net),
      ] { columns[name, default: []].append(value) }
    }
    return columns
  }

  @Test(arguments: [
    ["net", "tax", "gross", "shipping", "total"], ["total", "gross", "net", "shipping", "tax"],
    ["gross", "total", "tax", "net", "shipping"],
    ["shipping", "copy", "total", "net", "tax", "gross"],
    ["copy", "net", "tax", "gross"],
  ])
  func chainsOfSumsHold(_ order: [String]) throws {
    let invoice = Self.invoice()
    let (table, encoder) = try Self.fit(order.map { ($0, invoice[$0]!) })
    #expect(try encoder.roundTrip(table) == table, "\(encoder.relations)")
    let made = try Self.generated(encoder)
    func value(_ name: String, _ row: Int) -> Double { made[name]!.numbers![row] }
    let broken = (0..<made.rowCount).first { row in
      abs(value("gross", row) - value("net", row) - value("tax", row)) > 0.015
        || order.contains("total")
          && abs(value("total", row) - value("gross", row) - value("shipping", row)) > 0.015
        || order.contains("copy") && value("copy", row) != value("net", row)
    }
    #expect(broken == nil, "\(order): \(encoder.relations)")
  }

  /// A column as a function of another, with the decimals of both.
  struct Line: Sendable {
    let slope, intercept: Double
    let decimals: (part: Int, target: Int)
  }

  @Test(arguments: [
    Line(slope: 1.8, intercept: 32, decimals: (1, 1)),
    Line(slope: 2, intercept: 0, decimals: (0, 0)),
    Line(slope: 1.609344, intercept: 0, decimals: (2, 2)),
    Line(slope: 0.2, intercept: 0, decimals: (2, 2)),
    Line(slope: -3, intercept: 7.5, decimals: (1, 1)),
    Line(slope: 0.01, intercept: 0, decimals: (0, 2)),
    Line(slope: 1000, intercept: 0, decimals: (3, 0)),
    Line(slope: 1.8, intercept: 32, decimals: (17, 17)),
  ])
  func linearFunctionsHold(_ line: Line) throws {
    var random = SampleRandom(seed: 31)
    func rounded(_ value: Double, _ decimals: Int) -> Double {
      decimals > 15 ? value : EncodingSamples.rounded(value, decimals)
    }
    let part = (0..<600).map { _ in
      rounded(40 * random.uniform() + 10 * random.normal(), line.decimals.part)
    }
    let target = part.map { rounded(line.slope * $0 + line.intercept, line.decimals.target) }
    let noise = (0..<600).map { _ in random.normal() }
    let (table, encoder) = try Self.fit([("noise", noise), ("x", part), ("y", target)])
    let description = "\(line): \(encoder.relations)"
    #expect(encoder.relations.count == 1, "\(description)")
    let made = try Self.generated(encoder)
    let (x, y) = (made["x"]!.numbers!, made["y"]!.numbers!)
    // Rounding of either column, and a residual that is off by one unit.
    let unit = line.decimals.target > 15 ? 1e-8 : pow(10, -Double(line.decimals.target))
    let partUnit = line.decimals.part > 15 ? 1e-8 : pow(10, -Double(line.decimals.part))
    let worst = (0..<made.rowCount).map { abs(y[$0] - line.slope * x[$0] - line.intercept) }.max()!
    #expect(worst <= 2.1 * unit + 2.1 * abs(line.slope) * partUnit, "\(description)")
    #expect(
      table["x"]!.firstDifference(from: try encoder.roundTrip(table)["x"]!, tolerance: 1e-3) == nil)
  }

  @Test func nearMissesAreNotRelations() throws {
    var random = SampleRandom(seed: 41)
    let net = (0..<800).map { _ in Self.cents(5 + 300 * random.uniform()) }
    let noisy = net.map { Self.cents(1.2 * $0 + 0.5 * random.normal()) }
    // 8 % of the rows have no tax.
    let often = net.map { random.uniform() < 0.08 ? 0 : Self.cents(0.2 * $0) }
    let other = (0..<800).map { _ in Self.cents(300 * random.uniform()) }
    let curved = net.map { Self.cents(0.01 * $0 * $0) }
    let (_, encoder) = try Self.fit([
      ("net", net), ("noisy", noisy), ("often", often), ("other", other), ("curved", curved),
    ])
    #expect(encoder.relations.isEmpty, "\(encoder.relations)")
  }

  /// 84 % of the rows lack the determinant, and few of the others are informative.
  @Test("Tiny numbers are not zeros with rounding errors", arguments: [1e-9, 1e-12, 1e-30])
  func tinyNumbers(scale: Double) throws {
    var random = SampleRandom(seed: 8)
    let (_, encoder) = try Self.fit([
      ("a", (0..<400).map { _ in scale * exp(random.normal()) }),
      ("b", (0..<400).map { _ in random.normal() }),
      ("c", (0..<400).map { _ in 1 / scale * exp(random.normal()) }),
    ])
    #expect(encoder.relations.isEmpty, "\(encoder.relations)")
  }

  @Test func aHandfulOfRowsIsNotEnough() throws {
    var random = SampleRandom(seed: 51)
    let comment = (0..<300).map { row in random.uniform() < 0.97 ? Double.nan : Double(row % 5) }
    let rating = comment.map { comment in
      comment.isNaN ? 1 : Double(Int(comment) % 2 + 1)
    }
    let (_, encoder) = try Self.fit([("comment", comment), ("rating", rating)])
    #expect(encoder.relations.isEmpty, "\(encoder.relations)")
  }

  @Test(arguments: [0, 2])
  func orderOfQuantitiesHolds(decimals: Int) throws {
    var random = SampleRandom(seed: 61)
    let low = (0..<900).map { _ in EncodingSamples.rounded(50 + 20 * random.normal(), decimals) }
    let middle = low.map {
      EncodingSamples.rounded($0 + 30 * random.uniform() * random.uniform(), decimals)
    }
    let high = middle.map { EncodingSamples.rounded($0 - 12 * log(1 - random.uniform()), decimals) }
    let free = (0..<900).map { _ in EncodingSamples.rounded(50 + 20 * random.normal(), decimals) }
    let (table, encoder) = try Self.fit([
      ("high", high), ("low", low), ("free", free), ("middle", middle),
    ])
    #expect(
      Set(encoder.orders.map(\.description)) == ["low <= middle", "low <= high", "middle <= high"])
    #expect(try encoder.roundTrip(table) == table)
    let made = try Self.generated(encoder)
    let values = { (name: String) in made[name]!.numbers!.array }
    #expect(zip(values("low"), values("middle")).allSatisfy { $0 <= $1 }, "\(decimals) decimals")
    #expect(zip(values("middle"), values("high")).allSatisfy { $0 <= $1 }, "\(decimals) decimals")
    #expect(values("high").max()! <= high.max()!)
  }

  /// Ends that are years after their starts, some of them open.
  @Test(arguments: [0.0, 0.15, 0.6], [1.0, 86_400])
  func timesEndAfterTheyStart(never: Double, step: Double) throws {
    var random = SampleRandom(seed: 71)
    let sentinel = step == 1 ? 253_402_300_799.0 : 253_402_214_400
    let start = (0..<1500).map { _ in
      ((1.4e9 + 2e8 * random.uniform()) / step).rounded() * step
    }
    let end = start.map { start in
      random.uniform() < never
        ? sentinel : ((start - 6e7 * log(1 - random.uniform())) / step).rounded() * step
    }
    let (table, encoder) = try Self.fit([("start", start), ("end", end)], times: true)
    let context: Comment = "\(never) of the rows never end, steps of \(step) s"
    let back = try encoder.roundTrip(table)
    #expect(back["end"]!.firstDifference(from: table["end"]!, tolerance: 1e-3) == nil, context)
    let made = try Self.generated(encoder)
    let (starts, ends) = (made["start"]!.numbers!.array, made["end"]!.numbers!.array)
    #expect(zip(starts, ends).allSatisfy { $0 <= $1 }, context)
    let late = ends.filter { $0 > 5e9 }
    #expect(late.allSatisfy { $0 == sentinel }, context)
    if never > 0 { #expect(!late.isEmpty, context) }
    if step > 1 { #expect(ends.allSatisfy { $0 == ($0 / step).rounded() * step }, context) }
  }

  /// Fractions of seconds, before and after 1970, and times without a date.
  @Test(arguments: [1e-3, 1e-6, 0.25], [-1e9, 0.0, 1.7e9])
  func fractionsOfSecondsComeBack(step: Double, from: Double) throws {
    var random = SampleRandom(seed: 81)
    let scale = (1 / step).rounded()
    let values = (0..<2000).map { _ in
      let second = (from + (from == 0 ? 86_399 : 3e7) * random.uniform()).rounded(.down)
      return second + (random.uniform() * scale).rounded(.down) / scale
    }
    let (table, encoder) = try Self.fit([("t", values)], times: true)
    let back = try encoder.roundTrip(table)["t"]!.numbers!.array
    // A scalar is a `Float`, which distinguishes 2^24 positions in an hour.
    let worst = zip(values, back).map { abs($0 - $1) }.max()!
    #expect(worst <= (step < 1e-3 ? 4e-4 : 1e-6), "steps of \(step) s from \(from): \(worst)")
    let made = try Self.generated(encoder)["t"]!.numbers!
    let isOnStep = made.allSatisfy { abs($0 * scale - ($0 * scale).rounded()) <= 0.3 }
    #expect(isOnStep, "steps of \(step) s from \(from)")
  }
}
