// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// Columns that are products or quotients of two others.
@Suite struct EncodingProductTests {
  private func columns(rows: Int) -> [String: [Double]] {
    var random = SampleRandom(seed: 21)
    var found: [String: [Double]] = [:]
    for _ in 0..<rows {
      let quantity = 1 + (8 * random.uniform()).rounded(.down)
      let price = (100 + 4900 * random.uniform()).rounded() / 100
      let area = (20 + 180 * random.uniform()).rounded()
      let amount = (quantity * price * 100).rounded() / 100
      let fee = [0, 2.5, 4][min(Int(3 * random.uniform()), 2)]
      found["quantity", default: []].append(quantity)
      found["price", default: []].append(price)
      found["amount", default: []].append(amount)
      found["fee", default: []].append(fee)
      found["total", default: []].append(((amount + fee) * 100).rounded() / 100)
      found["area", default: []].append(area)
      let rent = (300 + 2000 * random.uniform()).rounded()
      found["rent", default: []].append(rent)
      found["per_area", default: []].append((100 * rent / area).rounded() / 100)
    }
    return found
  }

  private func table(_ columns: [String: [Double]], _ names: [String]) throws -> Table {
    try Table(columns: names.map { Column(name: $0, values: .number(columns[$0]!)) })
  }

  private func fit(_ table: Table) throws -> TableEncoder {
    try TableEncoder.fit(
      table: table, schema: EncodingSamples.schema(of: table, decimals: 2),
      configuration: .standard, seed: 1)
  }

  private func generated(_ encoder: TableEncoder, rows: Int) throws -> Table {
    var random = SampleRandom(seed: 4)
    let noise = (0..<rows * encoder.width).map { _ in Float(random.normal()) }
    return try noise.withUnsafeBufferPointer {
      try encoder.inverse($0, count: rows, stride: encoder.width, seed: 1)
    }
  }

  @Test func productsAndQuotientsHoldInGeneratedRows() throws {
    let table = try table(
      columns(rows: 4000), ["price", "amount", "quantity", "area", "rent", "per_area"])
    let encoder = try fit(table)
    #expect(
      encoder.relations.map(\.description) == [
        "amount = price x quantity + residual", "per_area = rent / area + residual",
      ])
    #expect(try encoder.roundTrip(table)["quantity"] == table["quantity"])
    let made = try generated(encoder, rows: 2000)
    for row in 0..<2000 {
      let value = { (name: String) in made[name]!.numbers![row] }
      #expect(abs(value("amount") - value("price") * value("quantity")) < 0.005 + 1e-6)
      #expect(abs(value("per_area") - value("rent") / value("area")) < 0.005 + 1e-6)
    }
    let again = try JSONDecoder().decode(TableEncoder.self, from: JSONEncoder().encode(encoder))
    #expect(again == encoder)
  }

  /// A product may be a part of a sum, which is computed after it.
  @Test func productsArePartsOfSums() throws {
    let table = try table(columns(rows: 4000), ["total", "fee", "amount", "quantity", "price"])
    let encoder = try fit(table)
    #expect(
      encoder.relations.map(\.description) == [
        "amount = quantity x price + residual", "total = fee + amount + residual",
      ])
    let made = try generated(encoder, rows: 500)
    for row in 0..<500 {
      let value = { (name: String) in made[name]!.numbers![row] }
      #expect(abs(value("total") - value("fee") - value("amount")) < 1e-6)
      #expect(abs(value("amount") - value("price") * value("quantity")) < 0.005 + 1e-6)
    }
  }

  @Test func percentagesAreTimesAHundred() throws {
    var columns = columns(rows: 2000)
    columns["share"] = zip(columns["rent"]!, columns["area"]!).map { rent, area in
      (1000 * area / rent).rounded() / 10
    }
    let encoder = try fit(try table(columns, ["area", "rent", "share"]))
    #expect(encoder.relations.map(\.description) == ["share = area / rent x 10^2 + residual"])
  }

  @Test func aRowWithoutAQuotientKeepsItsValue() throws {
    var columns = columns(rows: 4000)
    for row in stride(from: 0, to: 4000, by: 200) {
      columns["area"]![row] = 0
      columns["per_area"]![row] = 7
    }
    let table = try table(columns, ["area", "rent", "per_area"])
    let encoder = try fit(table)
    #expect(encoder.relations.map(\.description) == ["per_area = rent / area + residual"])
    let back = try encoder.roundTrip(table)
    for row in stride(from: 0, to: 4000, by: 200) {
      // The area may come back beside 0 where it has no category of its own.
      if back["area"]!.numbers![row] == 0 { #expect(back["per_area"]!.numbers![row] == 7) }
    }
  }

  @Test func whatIsNoProductIsNotFound() throws {
    var columns = columns(rows: 3000)
    for row in stride(from: 0, to: 3000, by: 20) { columns["amount"]![row] += 13.37 + Double(row) }
    // Times a column that is nearly always 1, a column is no product.
    columns["one"] = (0..<3000).map { $0 % 100 == 0 ? 2 : 1 }
    columns["copy"] = zip(columns["rent"]!, columns["one"]!).map { $0 * $1 }
    let encoder = try fit(
      try table(columns, ["price", "amount", "quantity", "rent", "one", "copy"]))
    #expect(
      !encoder.relations.contains { if case .product = $0 { true } else { false } },
      "\(encoder.relations)")
  }
}
