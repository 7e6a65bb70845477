// SPDX-License-Identifier: Apache-2.0

import GradientBoosting
import WorkSharing

/// What a classifier achieved that was to tell synthetic from real rows: the classifier two-sample
/// test (Lopez-Paz and Oquab 2017), by boosted trees and cross-validation.
public struct TwoSampleResult: Sendable, Codable, Equatable {
  /// Area under the ROC curve over rows that the classifier had not seen: 0.5 if it cannot
  /// distinguish the tables, 1 if it always can.
  public var auc: Double
  /// The 95 % confidence interval of ``auc``, from the number of rows (Newcombe 2006, method 5),
  /// widened for cross-validation.
  public var interval: ClosedRange<Double>
  /// Share of rows labeled rightly at a threshold of one half.
  public var accuracy: Double
  /// Synthetic rows, in percent, that were classified as real.
  public var classifiedReal: Double
  /// The features that gave the synthetic rows away, with their shares of the gain, greatest first.
  public var top: [FeatureScore]

  enum CodingKeys: String, CodingKey {
    case auc, accuracy, top
    case interval = "auc_interval"
    case classifiedReal = "synthetic_classified_real_pct"
  }
}

/// A number that belongs to a feature.
public struct FeatureScore: Sendable, Codable, Equatable {
  /// The feature's name.
  public var feature: String
  /// Its score; what it means is said where it stands.
  public var score: Double

  init(feature: String, score: Double) {
    self.feature = feature
    self.score = score
  }
}

/// The classifier two-sample test by gradient-boosted trees.
package struct TwoSampleTest: Sendable {
  package var folds = 5
  package var boosting = BoostingOptions()
  package var seed: UInt64 = 0
  /// Features named in `top`.
  static let shown = 8
  /// The widening of the interval. Cross-validated scores vary more than those of one classifier:
  /// on equivalent tables, AUCs by 1.22 times the sampling error (docs/reference/metrics.md).
  package static let spread = 1.25

  package init(rounds: Int = 200, folds: Int = 5, seed: UInt64 = 0) {
    self.folds = folds
    self.seed = seed
    boosting = BoostingOptions(rounds: rounds)
  }

  private struct Prepared: Sendable {
    var names: [String]
    var data: BinnedRows
    var isSynthetic: [Bool]
    var targets: [Double]
    var fold: [Int]
  }

  /// Runs several tests at once, all their folds side by side; the result does not depend on
  /// `threads`.
  ///
  /// Both tables of a test have the same features and should have equally many rows.
  package func run(
    _ tests: [(real: FeatureTable, synthetic: FeatureTable)], threads: Int
  ) -> [TwoSampleResult] {
    let prepared = tests.map { prepare(real: $0.real, synthetic: $0.synthetic, threads: threads) }
    let outcomes = parallelMap(tests.count * folds, threads: threads) { index in
      evaluate(prepared[index / folds], fold: index % folds)
    }
    return prepared.indices.map { test in
      summary(prepared[test], outcomes[test * folds..<(test + 1) * folds])
    }
  }

  private func prepare(real: FeatureTable, synthetic: FeatureTable, threads: Int) -> Prepared {
    let joined = FeatureTable(
      features: real.features, columns: zip(real.columns, synthetic.columns).map { $0 + $1 })
    let isSynthetic = (0..<joined.rowCount).map { $0 >= real.rowCount }
    return Prepared(
      names: real.features.map(\.name), data: BinnedRows(joined.boostingFeatures, threads: threads),
      isSynthetic: isSynthetic, targets: isSynthetic.map { $0 ? 1 : 0 },
      fold: StratifiedFolds.assign(isSynthetic, count: folds, seed: seed))
  }

  private func evaluate(
    _ test: Prepared, fold: Int
  ) -> (rows: [Int32], probabilities: [Double], gains: [Double]) {
    let rows = (0..<Int32(test.fold.count))
    let held = rows.filter { test.fold[Int($0)] == fold }
    let model = BoostedTrees(
      data: test.data, rows: rows.filter { test.fold[Int($0)] != fold }, targets: test.targets,
      objective: .binary, options: boosting)
    return (held, model.predict(test.data, rows: held)[0], model.gains)
  }

  private func summary(
    _ test: Prepared, _ folds: ArraySlice<(rows: [Int32], probabilities: [Double], gains: [Double])>
  ) -> TwoSampleResult {
    var probabilities = [Double](repeating: 0, count: test.isSynthetic.count)
    var gains = [Double](repeating: 0, count: test.names.count)
    for fold in folds {
      for (row, chance) in zip(fold.rows, fold.probabilities) { probabilities[Int(row)] = chance }
      for (feature, gain) in fold.gains.enumerated() { gains[feature] += gain }
    }
    let isRight = zip(probabilities, test.isSynthetic).filter { ($0.0 > 0.5) == $0.1 }.count
    let syntheticProbabilities = zip(probabilities, test.isSynthetic).filter { $0.1 }.map(\.0)
    let total = max(gains.reduce(0, +), 1e-9)
    let order = gains.indices.sorted { (-gains[$0], $0) < (-gains[$1], $1) }
    let auc = Ranks.areaUnderCurve(scores: probabilities, isPositive: test.isSynthetic)
    return TwoSampleResult(
      auc: auc,
      interval: Intervals.areaUnderCurve(
        auc, positives: syntheticProbabilities.count,
        negatives: probabilities.count - syntheticProbabilities.count,
        spread: Self.spread),
      accuracy: Double(isRight) / Double(max(probabilities.count, 1)),
      classifiedReal: 100 * Double(syntheticProbabilities.filter { $0 <= 0.5 }.count)
        / Double(max(syntheticProbabilities.count, 1)),
      top: order.prefix(Self.shown).filter { gains[$0] > 0 }
        .map { FeatureScore(feature: test.names[$0], score: gains[$0] / total) })
  }
}
