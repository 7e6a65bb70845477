// SPDX-License-Identifier: Apache-2.0

import WorkSharing
import SeededRandom

/// Estimates how the choice of holdout rows affects the scores of two models: the percentile
/// bootstrap (Efron 1979).
///
/// Both models are scored on the same resampled rows, so that common errors do not affect their
/// difference. The training rows are fixed; the uncertainty due to their choice is not included in
/// the intervals.
struct HoldoutBootstrap {
  /// The score of each model if row i of the holdout occurs `weights[i]` times.
  typealias Scores = @Sendable (_ weights: [Int32]) -> (synthetic: Double, real: Double)

  struct Intervals: Sendable {
    var synthetic: ClosedRange<Double>
    var real: ClosedRange<Double>
    var difference: ClosedRange<Double>
  }

  /// With fewer rows, resampling is not informative.
  static let minRows = 20
  private static let resamples = 200...1000
  /// The approximate total number of resampled rows.
  private static let budget = 40_000_000

  /// The 95 % intervals; nil if the holdout has too few rows.
  ///
  /// Independent of the number of threads. O(resamples x rows).
  static func intervals(
    rows: Int, seed: UInt64, threads: Int, _ scores: Scores
  ) -> Intervals? {
    guard rows >= minRows else { return nil }
    let count = min(max(budget / rows, resamples.lowerBound), resamples.upperBound)
    let found = parallelMap(count, threads: threads) { index -> (synthetic: Double, real: Double) in
      var generator = SplitMix64(seed: seed, purpose: EvaluationPurpose.bootstrap + UInt64(index))
      var weights = [Int32](repeating: 0, count: rows)
      for _ in 0..<rows { weights[generator.below(rows)] += 1 }
      return scores(weights)
    }
    let middle = { (values: [Double]) -> ClosedRange<Double> in
      let sorted = values.sorted()
      return (Quantiles.linear(sorted, at: 0.025) ?? 0)...(Quantiles.linear(sorted, at: 0.975) ?? 0)
    }
    return Intervals(
      synthetic: middle(found.map(\.synthetic)), real: middle(found.map(\.real)),
      difference: middle(found.map { $0.synthetic - $0.real }))
  }
}
