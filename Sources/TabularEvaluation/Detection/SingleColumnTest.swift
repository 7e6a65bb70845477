// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Small classifiers that see one feature each: which single columns reveal synthetic rows.
enum SingleColumnTest {
  /// Limit on the number of rows of each kind.
  static let rows = 5000
  private static let rounds = 40
  private static let folds = 2

  /// The AUC that the best of that many tests exceeds by chance in 1 of 40 tables.
  static func chance(tests: Int, usedRows: Int) -> Double {
    Intervals.maxAreaByChance(
      of: tests, rows: min(usedRows, rows), spread: TwoSampleTest.spread)
  }

  /// The AUC by feature, greatest first.
  static func scores(
    real: FeatureTable, synthetic: FeatureTable, seed: UInt64, threads: Int
  ) -> [FeatureScore] {
    let sample = { (table: FeatureTable, purpose: UInt64) in
      var generator = SplitMix64(seed: seed, purpose: purpose)
      return table.selecting(generator.sample(rows, of: table.rowCount))
    }
    let (real, synthetic) = (
      sample(real, EvaluationPurpose.singleColumnReal),
      sample(synthetic, EvaluationPurpose.singleColumnSynthetic)
    )
    let single = { (table: FeatureTable, index: Int) in
      FeatureTable(features: [table.features[index]], columns: [table.columns[index]])
    }
    let results = TwoSampleTest(rounds: rounds, folds: folds, seed: seed).run(
      real.features.indices.map { (single(real, $0), single(synthetic, $0)) }, threads: threads)
    return zip(real.features, results)
      .map { FeatureScore(feature: $0.name, score: $1.auc) }
      .sorted { (-$0.score, $0.feature) < (-$1.score, $1.feature) }
  }
}
