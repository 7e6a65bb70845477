// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TabularGAN
import Testing
import TabularEncoding

@Suite struct ConditionalSamplerTests {
  private func encoded(rows: Int) throws -> EncodedTable {
    let (table, schema) = try SampleTables.trips(rows: rows)
    return try TableEncoder.fit(table: table, schema: schema, configuration: .ctgan, seed: 1)
      .transform(table, seed: 1)
  }

  @Test func rowsMeetTheirCondition() throws {
    let table = try encoded(rows: 3000)
    let sampler = try #require(ConditionalSampler(table))
    for index in 0..<2000 {
      let draw = sampler.trainingDraw(seed: 5, index: UInt64(index))
      let (condition, row) = (draw.condition, draw.row)
      let span = sampler.spans[condition.span].span
      let block = try #require(table.spans.firstIndex(of: span))
      let codes = try #require(table.blocks[block].codes, "a category is a code")
      #expect(Int(codes[row]) == condition.category, "draw \(index)")
    }
  }

  /// Categories come by log(1 + count): the observed share of each lies within five standard
  /// errors.
  @Test func categoriesFollowTheLogFrequency() throws {
    let table = try encoded(rows: 3000)
    let sampler = try #require(ConditionalSampler(table))
    let span = try #require(sampler.spans.indices.first)
    let categories = sampler.spans[span].span.width
    guard case .code(let codes) = table.blocks[0] else { return }
    let weights = (0..<categories).map { category in log(1 + Double(codes.count { $0 == category }))
    }
    let draws = 20_000
    var counts = [Int](repeating: 0, count: categories)
    var total = 0
    for index in 0..<draws {
      let condition = sampler.trainingDraw(seed: 9, index: UInt64(index)).condition
      guard condition.span == span else { continue }
      counts[condition.category] += 1
      total += 1
    }
    for category in 0..<categories {
      let expected = weights[category] / weights.reduce(0, +)
      let error = abs(Double(counts[category]) / Double(total) - expected)
      let bound = 5 * (expected * (1 - expected) / Double(total)).squareRoot()
      #expect(
        error <= bound, "level \(category): \(counts[category]) of \(total), expected \(expected)")
    }
  }

  @Test func categoriesWithoutRowsAreNeverDrawn() {
    let cumulative = ConditionalSampler.cumulative([0, 2, 0, 1, 0])
    for i in 0...1000 {
      let category = ConditionalSampler.index(in: cumulative, at: Double(i) / 1000)
      #expect(category == 1 || category == 3, "u \(Double(i) / 1000): category \(category)")
    }
  }

  @Test func nothingToConditionOn() throws {
    let table = try Table(columns: [
      Column(name: "x", values: .number((0..<100).map { Double($0) * 0.37 + 0.01 }))
    ])
    let encoded = try TableEncoder.fit(
      table: table, schema: SchemaInference.infer(table), configuration: .ctgan, seed: 1
    ).transform(table, seed: 1)
    #expect(ConditionalSampler(encoded) == nil)
  }
}
