// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import TabularGAN
import Testing

/// How candidates are accepted by their density ratios.
@Suite struct AcceptanceTests {
  /// Ratios of a log-normal distribution with mean 1.
  private static func logarithms(_ count: Int, deviation: Double) -> [Float] {
    (0..<count).map { row in
      var random = RowRandom(seed: 3, row: row)
      return Float(deviation * random.normal() - deviation * deviation / 2)
    }
  }

  @Test func theCapIsAMultipleOfTheMean() {
    let logarithms = [1.0, 2, 3, 6].map { Float(log($0)) }
    #expect(abs(exp(Acceptance.ratioBound(logarithms, cap: 5)) - 15) < 1e-4)
    // An infinite ratio doesn't make the bound infinite.
    #expect(Acceptance.ratioBound([0, .infinity], cap: 4).isFinite)
    #expect(Acceptance.ratioBound([], cap: 4).isFinite)
  }

  /// A tenth of the sum of the ratios lies above the bound.
  @Test(arguments: [0.1, 1.0, 2.0]) func aTenthOfTheSumIsLost(deviation: Double) {
    let logarithms = Self.logarithms(5000, deviation: deviation)
    let bound = Double(exp(Acceptance.bound(logarithms)))
    let ratios = logarithms.map { exp(Double($0)) }
    let above = ratios.reduce(0) { $0 + max($1 - bound, 0) }
    // The bound is a Float: a relative error of 2^-23 of the logarithm.
    #expect(abs(above / ratios.reduce(0, +) - 0.1) < 1e-4, "\(above / ratios.reduce(0, +))")
  }

  @Test func equalRatiosAreAllAccepted() {
    #expect(Acceptance.bound([2, 2, 2]) <= 2)
    #expect(Acceptance.bound([]).isFinite)
  }

  /// Of ratios 1, 2 and 8 with a bound of 4, a quarter, a half and all are accepted.
  @Test func candidatesAreAcceptedInProportion() {
    let sampling = RejectionSampling(bound: Float(log(4.0)), candidates: 16, seed: 5)
    let rows = 20_000
    for (ratio, share) in [(1.0, 0.25), (2, 0.5), (8, 1)] {
      for candidate in [0, 3] {
        let accepted = (0..<rows).count {
          sampling.accepts(Float(log(ratio)), row: $0, candidate: candidate)
        }
        // Five standard deviations of a binomial share, and none for what is certain.
        let bound = 5 * (share * (1 - share) / Double(rows)).squareRoot()
        #expect(
          abs(Double(accepted) / Double(rows) - share) <= bound + 1e-4,
          "\(accepted) of \(rows) with ratio \(ratio)")
      }
    }
    #expect(!sampling.accepts(.nan, row: 1, candidate: 0))
    #expect(!sampling.accepts(-.infinity, row: 1, candidate: 0))
  }

  /// Whether one candidate is accepted says nothing of the next one's chances.
  @Test func candidatesAreAcceptedIndependently() {
    let sampling = RejectionSampling(bound: Float(log(2.0)), candidates: 16, seed: 5)
    let rows = 20_000
    let both = (0..<rows).count {
      sampling.accepts(0, row: $0, candidate: 0) && sampling.accepts(0, row: $0, candidate: 1)
    }
    #expect(abs(Double(both) / Double(rows) - 0.25) < 5 * (0.1875 / Double(rows)).squareRoot())
  }
}
