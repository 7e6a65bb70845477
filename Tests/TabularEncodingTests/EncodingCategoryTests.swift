// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

@Suite struct EncodingCategoryTests {
  @Test(arguments: [1, 2, 3, 1000, 65_534])
  func categoriesComeBack(count: Int) throws {
    let values = (0..<count).map { Double($0 * 3) - 100 }
    let encoder = try CategoryEncoder(fitting: values)
    #expect(
      encoder.spans == [
        OutputSpan(column: 0, offset: 0, width: count, activation: .softmax, isCategory: true)
      ])
    guard case .code(let codes) = try encoder.transform(values, seed: 1)[0] else { return }
    #expect(codes.map(Int.init) == Array(0..<count), "\(count) categories")
    #expect(encoder.categories == values)
  }

  @Test func missingIsACategoryOfItsOwn() throws {
    let values: [Double] = [4, .nan, 2, .nan]
    let encoder = try CategoryEncoder(fitting: values)
    let back = try encoder.roundTrip(values)
    #expect(back[0] == 4 && back[1].isNaN && back[2] == 2 && back[3].isNaN)
    #expect(encoder.categories(ofSpan: 0) == [.value(2), .value(4), .missing])
  }

  @Test func tooManyPositionsAreRefused() throws {
    let values = (0..<65_535).map(Double.init)
    let encoder = try CategoryEncoder(fitting: values)
    #expect(throws: TabularError.self) { try encoder.transform(values, seed: 1) }
    let table = try Table(columns: [Column(name: "a", values: .number(Numbers(values)))])
    let schema = Schema(columns: [ColumnSchema(name: "a", kind: .categorical)])
    var configuration = EncodingConfiguration.standard
    configuration.groupsRareCategories = false
    #expect(throws: TabularError.self) {
      try TableEncoder.fit(table: table, schema: schema, configuration: configuration, seed: 1)
    }
  }

  @Test("Any number of categories is encoded in groups, and every category can come back")
  func manyCategoriesAreGrouped() throws {
    let categories = 70_000
    let values = (0..<140_000).map { Double($0 % categories) }
    let table = try Table(columns: [
      Column(name: "a", values: .number(Numbers(values))),
      Column(name: "b", values: .number(Numbers(values.map { ($0 / 7000).rounded(.down) }))),
    ])
    let schema = Schema(columns: [
      ColumnSchema(name: "a", kind: .categorical), ColumnSchema(name: "b", kind: .categorical),
    ])
    var configuration = EncodingConfiguration.standard
    configuration.findsRelations = false
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: configuration, seed: 1)
    #expect(encoder.width < 1000)
    let data = try JSONEncoder().encode(encoder)
    let read = try JSONDecoder().decode(TableEncoder.self, from: data)
    let back = try read.roundTrip(table)
    guard case .number(let found) = back.columns[0].values else {
      Issue.record("not numbers")
      return
    }
    // Categories are drawn within their group, so most of them come back in some row.
    #expect(
      Set(found).count > categories / 2 && found.allSatisfy { $0 >= 0 && $0 < Double(categories) })
  }

  @Test func unseenCategoriesAreRefused() throws {
    let encoder = try CategoryEncoder(fitting: [1, 2])
    for value in [0, 1.5, 3, Double.nan] {
      #expect(throws: TabularError.self, "\(value)") { try encoder.transform([1, value], seed: 1) }
    }
  }

  @Test func theLargestPositionWins() throws {
    let encoder = try CategoryEncoder(fitting: [10, 20, 30])
    let rows: [([Float], Double)] = [
      ([0.2, 0.5, 0.3], 20), ([0, 0, 0], 10), ([0.4, 0.2, 0.4], 10), ([-1, -2, -0.5], 30),
    ]
    for (row, value) in rows { #expect(encoder.inverse(row) == value, "\(row)") }
  }

  @Test func constantsTakeTheMostFrequentValue() throws {
    #expect(ConstantEncoder(fitting: [3, 1, 3, .nan]).value == 3)
    #expect(ConstantEncoder(fitting: [2, 1]).value == 1)
    #expect(ConstantEncoder(fitting: [.nan]).value == nil)
    let back = try ConstantEncoder(fitting: [.nan]).roundTrip([.nan])
    #expect(back[0].isNaN)
  }
}
