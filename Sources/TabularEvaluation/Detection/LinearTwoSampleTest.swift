import WorkSharing

/// The two-sample test by a logistic regression.
///
/// It is blind to relations between columns, so it still separates generators for which boosted
/// trees reach an AUC of 1.
struct LinearTwoSampleTest: Sendable {
  private static let folds = 3
  /// See `TwoSampleTest.spread`; here 1.3 to 1.4 times.
  static let spread = 1.4
  /// Levels with a weight of their own; the others share one.
  private static let levels = 64
  var seed: UInt64

  /// The area under the ROC curve of each test, over rows that the regression had not seen.
  func run(
    _ tests: [(real: FeatureTable, fake: FeatureTable)], threads: Int
  ) -> [Double] {
    let prepared = parallelMap(tests.count, threads: threads) {
      Self.rows(tests[$0].real, tests[$0].fake)
    }
    let labels = tests.map { test in
      (0..<test.real.rowCount + test.fake.rowCount).map { $0 >= test.real.rowCount }
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

  /// Numbers within the real rows' 1 % and 99 %, standardized; categories as levels.
  private static func rows(_ real: FeatureTable, _ fake: FeatureTable) -> LogisticRegression.Rows {
    var result = LogisticRegression.Rows(numbers: [], levels: [], levelCount: 0)
    for (index, feature) in real.features.enumerated() {
      let joined = real.columns[index] + fake.columns[index]
      if feature.isCategory {
        let (codes, count) = levels(joined)
        result.levels.append(codes.map { $0 + result.levelCount })
        result.levelCount += count
      } else {
        result.numbers.append(standardised(joined, like: real.columns[index]))
      }
    }
    return result
  }

  private static func standardised(_ values: [Double], like real: [Double]) -> [Double] {
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

  /// Codes in 0..<count: missing, the most frequent levels, all others.
  private static func levels(_ values: [Double]) -> (codes: [Int], count: Int) {
    var counts: [Int: Int] = [:]
    let codes = Distance.codes(values)
    for code in codes { counts[code, default: 0] += 1 }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let place = Dictionary(uniqueKeysWithValues: order.prefix(levels).enumerated().map { ($1, $0) })
    let kept = place.count
    return (codes.map { place[$0] ?? kept }, order.count > kept ? kept + 1 : kept)
  }
}
