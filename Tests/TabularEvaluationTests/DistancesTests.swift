// SPDX-License-Identifier: Apache-2.0

import TabularEvaluation
import Testing

@Suite("Distances between samples")
struct DistancesTests {
  @Test(
    "Kolmogorov-Smirnov by hand",
    arguments: [
      ([0, 1, 2, 3], [0, 1, 2, 3], 0.0),
      ([0, 0, 0, 0], [0, 0, 1, 1], 0.5),
      ([0, 0, 0, 0], [0, 0, 0, .nan], 0.25),
      ([.nan, .nan], [1, 2], 1),
      ([.nan, .nan], [.nan], 0),
      ([1, 2, 3, 4], [11, 12], 1),
      // Ties across the samples: 2/3 against 1/2 at 1, both 1 at 2.
      ([1, 1, 2], [1, 2], 2.0 / 3 - 0.5),
      ([5], [5, 5, 5], 0),
      ([], [], 0),
      ([], [1], 1),
    ] as [([Double], [Double], Double)])
  func kolmogorovSmirnov(a: [Double], b: [Double], expected: Double) {
    #expect(abs(Distance.kolmogorovSmirnov(a, b) - expected) < 1e-15, "\(a) and \(b)")
    #expect(abs(Distance.kolmogorovSmirnov(b, a) - expected) < 1e-15, "\(b) and \(a)")
  }

  @Test(
    "total variation by hand",
    arguments: [
      ([0, 1], [1, 0], 0.0),
      ([0, 0], [1, 1], 1),
      ([0, 1, 2, 3], [0, 0, 0, 0], 0.75),
      ([0, 0, 1], [0, 1], 1.0 / 6),
      ([], [], 0),
      ([3], [], 1),
    ] as [([Int], [Int], Double)])
  func totalVariation(a: [Int], b: [Int], expected: Double) {
    #expect(abs(Distance.totalVariation(a, b) - expected) < 1e-15, "\(a) and \(b)")
  }

  @Test("a missing category is a category")
  func codes() {
    #expect(Distance.codes([0, .nan, 2]) == [1, 0, 3])
  }
}

@Suite("Ranks")
struct RanksTests {
  @Test("ties share the mean of their ranks")
  func averageRanks() {
    #expect(Ranks.average([10, 20, 10, 30]) == [1.5, 3, 1.5, 4])
    #expect(Ranks.average([7, 7, 7]) == [2, 2, 2])
    #expect(Ranks.average([]) == [])
  }

  @Test("Spearman by hand, with ties and missing values left out by pair")
  func spearman() throws {
    #expect(Ranks.spearman([1, 2, 3], [10, 100, 1000]) == 1)
    #expect(Ranks.spearman([1, 2, 3], [3, 2, 1]) == -1)
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: 4.5 / sqrt(4.5 x 5).
    let tied = try #require(Ranks.spearman([1, 2, 2, 3], [1, 3, 2, 4]))
    #expect(abs(tied - 4.5 / (4.5 * 5.0).squareRoot()) < 1e-15)
    let missing = try #require(Ranks.spearman([1, .nan, 2, 3], [1, 9, .nan, 4]))
    #expect(missing == 1)
    #expect(Ranks.spearman([5, 5, 5], [1, 2, 3]) == nil, "a constant column has none")
    #expect(Ranks.spearman([.nan], [1]) == nil)
  }

  @Test("the area under the curve by hand")
  func areaUnderCurve() {
    let curve = { (scores: [Double], positive: [Bool]) in
      Ranks.areaUnderCurve(scores: scores, isPositive: positive)
    }
    #expect(curve([0.1, 0.4, 0.35, 0.8], [false, false, true, true]) == 0.75)
    #expect(curve([1, 1, 1], [true, false, true]) == 0.5)
    #expect(curve([1, 2], [true, false]) == 0)
    #expect(curve([1, 2], [true, true]) == 0.5)
  }

  @Test(
    "quantiles between two values",
    arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1, 4)] as [(Double, Double)])
  func quantiles(share: Double, expected: Double) throws {
    let found = try #require(Quantiles.linear([1, 2, 3, 4], at: share))
    #expect(abs(found - expected) < 1e-15)
    #expect(Quantiles.linear([Double](), at: share) == nil)
    #expect(Quantiles.linear([7.0], at: share) == 7)
  }
}
