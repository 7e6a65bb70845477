// SPDX-License-Identifier: Apache-2.0

import Testing
import tabgan

@Suite("Random subsets of rows")
struct RowSubsetTests {
  @Test("It is a permutation", arguments: [0, 1, 2, 1000])
  func permutation(count: Int) {
    let subset = RowSubset(count: count, seed: 7)
    #expect(subset.order.sorted() == Array(0..<count))
  }

  @Test("A smaller subset is part of a larger one, and the rest is disjoint")
  func nested() {
    let subset = RowSubset(count: 1000, seed: 3)
    let (small, large, rest) = (subset.first(100), subset.first(700), subset.last(300))
    #expect(small.count == 100 && large.count == 700 && rest.count == 300)
    #expect(Set(small).isSubset(of: large))
    #expect(Set(large).isDisjoint(with: rest))
    #expect(small == small.sorted())
  }

  @Test("It follows the seed, and only the seed")
  func seeded() {
    #expect(RowSubset(count: 500, seed: 1).order == RowSubset(count: 500, seed: 1).order)
    #expect(RowSubset(count: 500, seed: 1).order != RowSubset(count: 500, seed: 2).order)
  }

  @Test("Its keys are SplitMix64's, so that another program can choose the same rows")
  func knownOrder() {
    #expect(RowSubset(count: 8, seed: 1).order == [7, 4, 1, 2, 6, 5, 0, 3])
  }

  @Test("Rows are chosen evenly")
  func even() {
    // Of 64 stretches of 1000 rows each, a tenth of all rows should take about 100.
    let chosen = RowSubset(count: 64_000, seed: 5).first(6400)
    var counts = [Int](repeating: 0, count: 64)
    for row in chosen { counts[row / 1000] += 1 }
    for (stretch, count) in counts.enumerated() {
      #expect((50...150).contains(count), "stretch \(stretch): \(count)")
    }
  }
}
