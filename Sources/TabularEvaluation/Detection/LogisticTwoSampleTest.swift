// SPDX-License-Identifier: Apache-2.0

import WorkSharing

/// The two-sample test by a logistic regression.
///
/// It is blind to relations between columns, so it still separates generators for which boosted
/// trees reach an AUC of 1.
struct LogisticTwoSampleTest: Sendable {
  private static let folds = 3
  /// See `TwoSampleTest.spread`; here 1.3 to 1.4 times.
  static let spread = 1.4
  /// Categories with a weight of their own; the others share one.
  private static let categories = 64
  var seed: UInt64

  /// The area under the ROC curve of each test, over rows that the regression had not seen.
  func run(
    _ tests: [(real: FeatureTable, synthetic: FeatureTable)], threads: Int
  ) -> [Double] {
    let prepared = parallelMap(tests.count, threads: threads) {
      Self.rows(tests[$0].real, tests[$0].synthetic)
    }
    let labels = tests.map { test in
      (0..<test.real.rowCount + test.synthetic.rowCount).map { $0 >= test.real.rowCount }
    }
    let folds = labels.map { StratifiedFolds.assign($0, count: Self.folds, seed: seed) }
    let outcomes = parallelMap(tests.count * Self.folds, threads: threads) {
      index -> [(Int, Double)] in
      let (test, fold) = (index / Self.folds, index % Self.folds)
      let all = folds[test].indices
      let model = LogisticRegression(
        prepared[test], isPositive: labels[test], fit: all.filter { folds[test][$0] != fold })
      return all.filter { folds[test][$0] == fold }.map { ($0, model.score(prepared[test], $0)) }
    }
    return tests.indices.map { test in
      var scores = [Double](repeating: 0, count: labels[test].count)
      for fold in 0..<Self.folds {
        for (row, score) in outcomes[test * Self.folds + fold] { scores[row] = score }
      }
      return Ranks.areaUnderCurve(scores: scores, isPositive: labels[test])
    }
  }

  /// Numbers within the real rows' 1 % and 99 %, standardized; categories as codes.
  private static func rows(_ real: FeatureTable, _ synthetic: FeatureTable)
    -> LogisticRegression.Rows
  {
    var result = LogisticRegression.Rows(numbers: [], categories: [], categoryCount: 0)
    for (index, feature) in real.features.enumerated() {
      let joined = real.columns[index] + synthetic.columns[index]
      if feature.isCategory {
        let (codes, count) = categories(joined)
        result.categories.append(codes.map { $0 + result.categoryCount })
        result.categoryCount += count
      } else {
        result.numbers.append(standardized(joined, like: real.columns[index]))
      }
    }
    return result
  }

  private static func standardized(_ values: [Double], like real: [Double]) -> [Double] {
    let sorted = real.filter { !$0.isNaN }.sorted()
    guard let low = Quantiles.linear(sorted, at: 0.01),
      let high = Quantiles.linear(sorted, at: 0.99)
    else { return values.map { _ in 0 } }
    let clipped = values.map { $0.isNaN ? low : min(max($0, low), high) }
    let mean = clipped.reduce(0, +) / Double(clipped.count)
    let squares = clipped.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(max(clipped.count - 1, 1))).squareRoot()
    return clipped.map { deviation > 0 ? ($0 - mean) / deviation : 0 }
  }

  /// Codes in 0..<count: missing, the most frequent categories, all others.
  private static func categories(_ values: [Double]) -> (codes: [Int], count: Int) {
    var counts: [Int: Int] = [:]
    let codes = Distance.codes(values)
    for code in codes { counts[code, default: 0] += 1 }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let ranks = Dictionary(
      uniqueKeysWithValues: order.prefix(categories).enumerated().map { ($1, $0) })
    let kept = ranks.count
    return (codes.map { ranks[$0] ?? kept }, order.count > kept ? kept + 1 : kept)
  }
}

/// The AUC of the logistic regression.
enum LogisticMetric: Metric {
  static let key = "c2st_logistic_auc"
  static let name = "logistic C2ST AUC"
  static let goal: MetricGoal? = .approach(0.5)
  static let range = "0 to 1"
  static let content = "with baselines: a number"
  static let equivalent: String? = "`LogisticDetection` = 2 (1 - AUC), at most 1"
  static let stage = EvaluationStage.smallClassifiers
  static let part: EvaluationOptions.Part? = .logisticC2ST

  static func measure(_ inputs: EvaluationInputs) -> BaselinedScore<Double>? {
    inputs.shared {
      let samples = inputs.samples
      let results = LogisticTwoSampleTest(seed: inputs.options.seed).run(
        [samples.synthetic, samples.holdoutBaseline, samples.independentColumnsBaseline].map {
          (samples.holdout, $0)
        },
        threads: inputs.threads)
      return BaselinedScore(
        synthetic: results[0], holdoutBaseline: results[1], independentColumnsBaseline: results[2])
    }
  }

  static func lines(_ result: BaselinedScore<Double>, _ facts: ReportFacts) -> [ScoreLine] {
    [
      ScoreLine(
        "logistic C2ST AUC (sees no relations)", result,
        interval: LogisticIntervalMetric.interval(result.synthetic, usedRows: facts.usedRows),
        digits: 4)
    ]
  }
}

/// The intervals of ``LogisticMetric``, under a key of their own.
enum LogisticIntervalMetric: Metric {
  static let key = "c2st_logistic_auc_interval"
  static let name = "its interval"
  static let goal: MetricGoal? = nil
  static let range = "0 to 1"
  static let content = "with baselines: an interval"
  static let stage = EvaluationStage.smallClassifiers
  static let part: EvaluationOptions.Part? = .logisticC2ST

  static func measure(_ inputs: EvaluationInputs) -> BaselinedScore<ClosedRange<Double>>? {
    LogisticMetric.measure(inputs)?.map { interval($0, usedRows: inputs.usedRows) }
  }

  static func interval(_ auc: Double, usedRows: Int) -> ClosedRange<Double> {
    Intervals.areaUnderCurve(
      auc, positives: usedRows, negatives: usedRows, spread: LogisticTwoSampleTest.spread)
  }
}
