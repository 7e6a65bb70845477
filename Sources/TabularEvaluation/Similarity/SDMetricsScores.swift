// SPDX-License-Identifier: Apache-2.0

/// Shape and trend errors as the scores that SDMetrics has for them: 1 - error, so 1 is best.
///
/// Only columns and pairs for which the definitions are the same are counted, among the table's
/// own: no missing values (except for pairs of categories), no constant columns in correlations, and
/// no more than 200 categories, beyond which this module joins the rare ones.
public struct SDMetricsScores: Sendable, Codable, Equatable {
  /// The mean of one score.
  public struct Mean: Sendable, Codable, Equatable {
    /// The mean score, 0...1.
    public var score: Double
    /// The columns or pairs of columns that it is the mean of.
    public var count: Int
  }

  /// The complement of the Kolmogorov-Smirnov statistic, over numbers and datetimes; nil without
  /// any.
  public var ksComplement: Mean?
  /// The complement of the total variation distance, over categorical columns.
  public var tvComplement: Mean?
  /// The similarity of Spearman's correlations, over pairs of numbers and datetimes. (The default of
  /// SDMetrics is Pearson's.)
  public var correlationSimilarity: Mean?
  /// The similarity of contingency tables, over pairs of categorical columns.
  public var contingencySimilarity: Mean?

  enum CodingKeys: String, CodingKey {
    case ksComplement = "KSComplement"
    case tvComplement = "TVComplement"
    case correlationSimilarity = "CorrelationSimilarity"
    case contingencySimilarity = "ContingencySimilarity"
  }

  /// Converts errors of `table` against `train`.
  init(shape: ShapeError, trend: TrendError, of table: FeatureTable, train: FeatureTable) {
    var numbers: Set<String> = []
    var categories: Set<String> = []
    var complete: Set<String> = []
    var constant: Set<String> = []
    for (index, feature) in table.features.enumerated() where !feature.isDerived {
      let columns = [table.columns[index], train.columns[index]]
      if !columns.contains(where: { $0.contains(where: \.isNaN) }) {
        complete.insert(feature.name)
      }
      if columns.contains(where: { values in values.allSatisfy { $0 == values.first } }) {
        constant.insert(feature.name)
      }
      if !feature.isCategory {
        numbers.insert(feature.name)
      } else if train.columns[index].allSatisfy({
        $0.isNaN || $0 < Double(FeatureEncoder.textCategoryLimit)
      }) {
        categories.insert(feature.name)
      }
    }
    let ofColumns = { (names: Set<String>) in
      Self.mean(shape.columns.filter { names.contains($0.key) }.values.sorted())
    }
    let ofPairs = { (names: Set<String>) in
      Self.mean(
        trend.pairs.filter { names.contains($0.first) && names.contains($0.second) }.map(\.error))
    }
    ksComplement = ofColumns(numbers.intersection(complete))
    tvComplement = ofColumns(categories.intersection(complete))
    correlationSimilarity = ofPairs(numbers.intersection(complete).subtracting(constant))
    contingencySimilarity = ofPairs(categories)
  }

  /// The mean of errors in percent, as a score.
  private static func mean(_ errors: [Double]) -> Mean? {
    if errors.isEmpty { return nil }
    return Mean(
      score: 1 - errors.reduce(0, +) / Double(errors.count) / 100, count: errors.count)
  }
}

/// The same scores with their baselines.
enum SDMetricsMetric: Metric {
  static let key = "sdmetrics"
  static let name = "scores on the scale of SDMetrics"
  static let goal: MetricGoal? = .maximize
  static let range = "0 to 1"
  static let content =
    "with baselines: `KSComplement`, `TVComplement`, `CorrelationSimilarity` (Spearman), "
    + "`ContingencySimilarity`, each with `score` and `count`; absent without such columns"
  static let equivalent: String? = "of the same names"
  static let stage = EvaluationStage.similarity

  static func measure(_ inputs: EvaluationInputs) -> BaselinedScore<SDMetricsScores>? {
    guard let shape = ShapeMetric.measure(inputs), let trend = TrendMetric.measure(inputs),
      let columns = shape.independentColumnsBaseline, let pairs = trend.independentColumnsBaseline
    else { return nil }
    let scores = { (shape: ShapeError, trend: TrendError, table: FeatureTable) in
      SDMetricsScores(shape: shape, trend: trend, of: table, train: inputs.whole.train)
    }
    return BaselinedScore(
      synthetic: scores(shape.synthetic, trend.synthetic, inputs.samples.synthetic),
      holdoutBaseline: scores(
        shape.holdoutBaseline, trend.holdoutBaseline, inputs.whole.holdout),
      independentColumnsBaseline: scores(
        columns, pairs, inputs.samples.independentColumnsBaseline))
  }

  static func lines(
    _ result: BaselinedScore<SDMetricsScores>, _ facts: ReportFacts
  ) -> [ScoreLine] {
    let scores: [(String, KeyPath<SDMetricsScores, SDMetricsScores.Mean?>)] = [
      ("KSComplement (1 is best)", \.ksComplement), ("TVComplement", \.tvComplement),
      ("CorrelationSimilarity, Spearman", \.correlationSimilarity),
      ("ContingencySimilarity", \.contingencySimilarity),
    ]
    return scores.compactMap { name, mean in
      guard let own = result.synthetic[keyPath: mean] else { return nil }
      var line = ScoreLine(
        "SDMetrics \(name)", ScoreText.decimals(own.score, 4),
        holdoutBaseline: result.holdoutBaseline[keyPath: mean].map {
          ScoreText.decimals($0.score, 4)
        })
      line.independentColumnsBaseline = result.independentColumnsBaseline?[keyPath: mean].map {
        ScoreText.decimals($0.score, 4)
      }
      return line
    }
  }
}
