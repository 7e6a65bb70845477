// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularGAN

@Suite struct MarginalTests {
  private func counts(_ marginal: Marginal, _ table: Table) -> [Int] {
    var counts = [Int](repeating: 0, count: marginal.cellCount)
    for cell in marginal.cells(of: CountedRows(table: table)) { counts[Int(cell)] += 1 }
    return counts
  }

  /// A value that stands out has a cell of its own, missing ones too, and no other cell holds more
  /// than a 32nd of the rows.
  @Test func cellsOfAQuantity() throws {
    var random = SampleRandom(seed: 3)
    var values = (0..<8000).map { _ in random.normal() }
    values += Array(repeating: 0.125, count: 2000) + Array(repeating: .nan, count: 300)
    let table = try Table(columns: [Column(name: "x", values: .number(values))])
    let marginal = try #require(Marginal(.column("x"), of: CountedRows(table: table)))
    let counts = counts(marginal, table)
    #expect(counts.reduce(0, +) == 10_300)
    #expect(counts.last == 300)
    #expect(counts.dropLast().max() == 2000)
    #expect(counts.dropLast().filter { $0 > 10_000 / 32 }.count == 1)
    #expect(counts.dropLast().allSatisfy { $0 >= 10 }, "\(counts)")
    // Narrower at both ends.
    #expect(counts[0] < counts[15] && counts[counts.count - 2] < counts[15], "\(counts)")
    #expect(marginal.groupCount <= 16)
  }

  /// However few negative numbers there are, they share no cell with others.
  @Test func signsArePartedFromEachOther() throws {
    var random = SampleRandom(seed: 3)
    let values = [-3.5, -2.5] + (0..<8000).map { _ in random.uniform() }
    let table = try Table(columns: [Column(name: "x", values: .number(values))])
    let marginal = try #require(Marginal(.column("x"), of: CountedRows(table: table)))
    #expect(counts(marginal, table)[0] == 2)
  }

  @Test func textsAreCountedByTheirCategories() throws {
    let table = try Table(columns: [
      Column(name: "t", values: .text(codes: [0, 1, 1, 2, -1], categories: ["a", "b", "c"]))
    ])
    let marginal = try #require(Marginal(.column("t"), of: CountedRows(table: table)))
    // The same rows with categories in another order.
    let other = try Table(columns: [
      Column(name: "t", values: .text(codes: [2, 1, 1, 0, -1], categories: ["c", "b", "a"]))
    ])
    #expect(
      marginal.cells(of: CountedRows(table: table)) == marginal.cells(of: CountedRows(table: other))
    )
    #expect(Set(marginal.cells(of: CountedRows(table: table))).count == 4)
  }

  /// 2016-01-01 was a Friday.
  @Test func partsOfATime() throws {
    let start = 1_451_606_400.0
    let times = (0..<240).map { start + Double($0) * 3600 }
    let table = try Table(columns: [Column(name: "t", values: .datetime(times))])
    let hour = try #require(Marginal(.part("t", .hour), of: CountedRows(table: table)))
    #expect(counts(hour, table) == Array(repeating: 10, count: 24) + [0])
    let weekday = try #require(Marginal(.part("t", .weekday), of: CountedRows(table: table)))
    #expect(counts(weekday, table) == [24, 24, 24, 24, 48, 48, 48, 0].map { $0 })
  }

  @Test func damagedCellsAreRefused() throws {
    let table = try Table(columns: [Column(name: "x", values: .number([1, 2, 3]))])
    let marginal = try #require(Marginal(.column("x"), of: CountedRows(table: table)))
    let json = String(decoding: try JSONEncoder().encode(marginal), as: UTF8.self)
    #expect(try JSONDecoder().decode(Marginal.self, from: Data(json.utf8)) == marginal)
    for (good, bad) in [("[1,2,3]", "[1,3,2]"), ("[1,2,3]", "[]"), ("[0,1,2,3]", "[0,1,2,99]")] {
      let damaged = json.replacing(good, with: bad)
      #expect(damaged != json)
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Marginal.self, from: Data(damaged.utf8))
      }
    }
    // Rows without the column count as missing.
    let other = try Table(columns: [Column(name: "y", values: .number([1, 2]))])
    #expect(marginal.cells(of: CountedRows(table: other)) == [3, 3])
  }

  @Test func nothingToCount() throws {
    let table = try Table(columns: [
      Column(name: "one", values: .number([1, 1, 1])),
      Column(name: "none", values: .number([.nan, .nan, .nan])),
    ])
    for name in ["one", "none", "other"] {
      #expect(Marginal(.column(name), of: CountedRows(table: table)) == nil, "\(name)")
    }
  }
}
