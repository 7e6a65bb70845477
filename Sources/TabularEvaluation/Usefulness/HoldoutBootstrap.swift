import WorkSharing

/// How far the choice of holdout rows moves the scores of two models that predict them: the bootstrap
/// of Efron (1979), by percentiles.
///
/// Both models are scored on the same resampled rows, so that what both get wrong leaves their
/// difference alone. The rows that the models learned from stay as they are: their choice adds to the
/// uncertainty and is not in the intervals.
struct HoldoutBootstrap {
  /// The score of each model if row i of the holdout were there `weights[i]` times.
  typealias Scores = @Sendable (_ weights: [Int32]) -> (synthetic: Double, real: Double)

  struct Intervals: Sendable {
    var synthetic: ClosedRange<Double>
    var real: ClosedRange<Double>
    var difference: ClosedRange<Double>
  }

  /// With fewer rows, resamples of them say nothing about others.
  static let fewestRows = 20
  private static let resamples = 200...1000
  /// Resampled rows in all, about, where these allow it.
  private static let budget = 40_000_000

  /// The 95 % intervals; nil where the holdout has too few rows.
  ///
  /// The same for any number of threads. O(resamples x rows).
  static func intervals(
    rows: Int, seed: UInt64, threads: Int, _ scores: Scores
  ) -> Intervals? {
    guard rows >= fewestRows else { return nil }
    let count = min(max(budget / rows, resamples.lowerBound), resamples.upperBound)
    let found = parallelMap(count, threads: threads) { index -> (synthetic: Double, real: Double) in
      var generator = SplitMix64(seed: seed, purpose: RandomPurpose.bootstrap + UInt64(index))
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
