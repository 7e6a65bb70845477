// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing

@Suite("Numbers of a column")
struct NumbersTests {
  /// Equal to the bit, NaN like NaN.
  private func same(_ a: some Sequence<Double>, _ b: [Double]) -> Bool {
    a.map { $0.isNaN ? 1 : $0.bitPattern } == b.map { $0.isNaN ? 1 : $0.bitPattern }
  }

  private func check(_ values: [Double], bytes: Int, _ location: SourceLocation = #_sourceLocation)
  {
    let numbers = Numbers(packing: values)
    #expect(numbers.bytesPerValue == bytes, sourceLocation: location)
    #expect(same(numbers.array, values), sourceLocation: location)
    #expect(same(numbers, values), sourceLocation: location)
    #expect(numbers.count == values.count, sourceLocation: location)
  }

  @Test("The least memory that changes nothing")
  func packed() {
    check([0, 127, -127, .nan], bytes: 1)
    check([128], bytes: 2)
    check([-128], bytes: 2)
    check([32_767, -32_767, .nan], bytes: 2)
    check([32_768], bytes: 4)
    check([2_147_483_647, -2_147_483_647], bytes: 4)
    check([2_147_483_648], bytes: 8)
    check([12.7, 0.1, -3], bytes: 1)
    check([12.8], bytes: 2)
    check([-73.968513, 40.759389, 0, .nan], bytes: 4)
    check([1_451_607_887, 1_467_329_895], bytes: 4)
    check([0.000000001], bytes: 1)
    check([], bytes: 1)
    check([.nan, .nan], bytes: 1)
  }

  @Test("What is no decimal of nine digits stays a double")
  func unpacked() {
    check([1.0 / 3], bytes: 8)
    check([-73.99401306152344], bytes: 8)
    check([-0.0], bytes: 8)
    check([.infinity, 1], bytes: 8)
    check([-.infinity], bytes: 8)
    check([1e300], bytes: 8)
    check([5e-324], bytes: 8)
    check([0.1 + 0.2], bytes: 8)
    // Each fits for itself, but not with the other's decimals.
    check([2_147_483_647, 0.1], bytes: 8)
  }

  @Test("Every cent comes back to the bit")
  func cents() {
    var values: [Double] = []
    for cents in -40_000...40_000 { values.append(Double(cents) / 100) }
    check(values, bytes: 4)
  }

  @Test("Appended numbers follow, whatever either is held as")
  func appended() {
    let kinds: [[Double]] = [
      [], [1, 2, .nan], [0.5, -0.1], [300, -5], [0.25, 100], [70_000, .nan], [0.001, 40_000],
      [2_147_483_647], [1.0 / 3, 7], [.nan],
    ]
    for first in kinds {
      for second in kinds {
        for third in kinds {
          var numbers = Numbers(packing: first)
          numbers.append(contentsOf: Numbers(packing: second))
          numbers.append(contentsOf: Numbers(packing: third))
          #expect(same(numbers, first + second + third))
          #expect(numbers.count == first.count + second.count + third.count)
        }
      }
    }
    var numbers = Numbers(packing: [1, 2])
    numbers.append(contentsOf: Numbers([0.5, 300]))
    #expect(same(numbers.array, [1, 2, 0.5, 300]))
    // Room is made for the decimals and the digits of what comes, and no more.
    numbers = Numbers(packing: [1, 2])
    numbers.append(contentsOf: Numbers(packing: [0.5]))
    #expect(numbers.bytesPerValue == 1)
    numbers.append(contentsOf: Numbers(packing: [12.8]))
    #expect(numbers.bytesPerValue == 2)
    numbers.append(contentsOf: Numbers(packing: [10_000.05]))
    #expect(numbers.bytesPerValue == 4)
  }

  @Test("Chosen rows are held like all")
  func chosen() {
    for values in [[1, 2, .nan, 4], [1, 200, .nan, 4], [1, 0.2, .nan, 1e6], [1, 2, 3, 1.0 / 3]] {
      let numbers = Numbers(packing: values)
      let chosen = numbers.selecting([3, 0, 0, 2])
      #expect(same(chosen, [values[3], values[0], values[0], values[2]]))
      #expect(chosen.bytesPerValue == numbers.bytesPerValue)
    }
  }

  @Test("Equality is that of the values")
  func equality() {
    #expect(Numbers(packing: [1, 2.5]) == Numbers([1, 2.5]))
    #expect(Numbers(packing: [1, 2]) != Numbers(packing: [1, 3]))
    #expect(Numbers(packing: [1]) != Numbers(packing: [1, 1]))
    #expect(Numbers(packing: [.nan]) != Numbers(packing: [.nan]))
  }

  @Test("A table lets go of its rows")
  func tables() throws {
    var table = try Table(columns: [
      Column(name: "n", values: .number(Numbers(packing: [1, 2, 3]))),
      Column(name: "s", values: .text(codes: [0, 1, -1], categories: ["a", "b"])),
    ])
    let chosen = table.selecting(rows: [2, 0])
    table.keep(rows: [2, 0])
    #expect(table.columns.map(\.count) == [2, 2])
    #expect(table == chosen)
    let taken = table.take()
    #expect(taken == chosen)
    #expect(table.columns.isEmpty && table.rowCount == 0)
  }
}
