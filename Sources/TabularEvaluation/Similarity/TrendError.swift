// SPDX-License-Identifier: Apache-2.0

import WorkSharing

/// How far the relations between two columns are from the train table's, in percent.
///
/// Two numbers: half the difference of their Spearman correlations. Else: the total variation
/// between the two contingency tables, numbers cut at the train table's deciles. A feature is not
/// paired with the datetimes that it is derived from.
public struct TrendError: Sendable, Codable, Equatable {
  /// Mean over the pairs of the table's own columns.
  public var mean: Double
  /// Mean over the pairs that touch a derived feature; 0 without any.
  public var meanDerived: Double
  /// All pairs, the worst first.
  public var pairs: [Pair]

  /// The error of one pair of features.
  public struct Pair: Sendable, Codable, Equatable {
    /// The feature further left.
    public var first: String
    /// The feature further right.
    public var second: String
    /// The error in percent.
    public var error: Double
  }

  enum CodingKeys: String, CodingKey {
    case mean, pairs
    case meanDerived = "mean_derived"
  }
}

/// Measures ``TrendError`` against one reference, whose correlations and codes it keeps.
struct TrendComparison: Sendable {
  private struct Digest: Sendable {
    /// Spearman correlations between the numeric features.
    var correlations: [[Double]]
    /// Categories of each feature, from 0 (missing) on.
    var codes: [[Int]]
  }
  private let features: [ComparedFeature]
  private let edges: [[Double]]
  /// Place of a feature among the numeric ones, or -1.
  private let numericIndex: [Int]
  private let reference: Digest
  private let pairs: [(Int, Int)]
  private let threads: Int

  init(reference table: FeatureTable, threads: Int) {
    let features = table.features
    self.features = features
    self.threads = threads
    let edges = parallelMap(features.count, threads: threads) {
      features[$0].isCategory ? [] : Quantiles.decileEdges(table.columns[$0])
    }
    self.edges = edges
    var next = 0
    numericIndex = features.map { feature in
      if feature.isCategory { return -1 }
      defer { next += 1 }
      return next
    }
    pairs = features.indices.flatMap { i in
      features.indices.dropFirst(i + 1).map { (i, $0) }
    }.filter { !features[$0.0].isRelated(to: features[$0.1]) }
    reference = Self.digest(table, edges: edges, threads: threads)
  }

  private static func digest(_ table: FeatureTable, edges: [[Double]], threads: Int) -> Digest {
    let numbers = table.features.indices.filter { !table.features[$0].isCategory }
    let codes = parallelMap(table.features.count, threads: threads) { index -> [Int] in
      let values = table.columns[index]
      if table.features[index].isCategory { return Distance.codes(values) }
      let cuts = edges[index]
      return values.map { $0.isNaN ? 0 : 1 + cuts.upperBound(of: $0) }
    }
    return Digest(
      correlations: SpearmanMatrix(numbers.map { table.columns[$0] }, threads: threads).values,
      codes: codes)
  }

  func callAsFunction(_ table: FeatureTable) -> TrendError {
    let candidate = Self.digest(table, edges: edges, threads: threads)
    let errors = parallelMap(pairs.count, threads: threads) { index -> Double in
      let (i, j) = pairs[index]
      let (m, n) = (numericIndex[i], numericIndex[j])
      if m >= 0, n >= 0 {
        return 50 * abs(reference.correlations[m][n] - candidate.correlations[m][n])
      }
      let width = max(reference.codes[j].max() ?? 0, candidate.codes[j].max() ?? 0) + 1
      let cells = { (digest: Digest) in
        zip(digest.codes[i], digest.codes[j]).map { $0 * width + $1 }
      }
      return 100 * Distance.totalVariation(cells(reference), cells(candidate))
    }
    let derived = pairs.map { features[$0.0].isDerived || features[$0.1].isDerived }
    let mean = { (flag: Bool) -> Double in
      let chosen = zip(derived, errors).filter { $0.0 == flag }.map(\.1)
      return chosen.isEmpty ? 0 : chosen.reduce(0, +) / Double(chosen.count)
    }
    let order = pairs.indices.sorted { (-errors[$0], $0) < (-errors[$1], $1) }
    return TrendError(
      mean: mean(false), meanDerived: mean(true),
      pairs: order.map { index in
        TrendError.Pair(
          first: features[pairs[index].0].name, second: features[pairs[index].1].name,
          error: errors[index])
      })
  }
}

/// The trend error with its baselines, of which the holdout's is that of the whole table.
enum TrendMetric: Metric {
  static let key = "trend_error_pct"
  static let name = "trend error"
  static let goal: MetricGoal? = .minimize
  static let range = "0 to 100 %"
  static let content =
    "with baselines: `mean`, `mean_derived`, `pairs` (`first`, `second`, `error`), worst first"
  static let equivalent: String? =
    "Column Pair Trends (`CorrelationSimilarity`, `ContingencySimilarity`) = 1 - error; see "
    + "`sdmetrics`"
  static let stage = EvaluationStage.similarity

  static func measure(_ inputs: EvaluationInputs) -> BaselinedScore<TrendError>? {
    inputs.shared {
      let compare = TrendComparison(reference: inputs.whole.train, threads: inputs.threads)
      return inputs.baselined(holdoutBaseline: inputs.whole.holdout) { compare($0) }
    }
  }

  static func lines(_ result: BaselinedScore<TrendError>, _ facts: ReportFacts) -> [ScoreLine] {
    let mean = ScoreLine("trend error, mean % (0 is best)", result.map(\.mean), digits: 2)
    let derived = ScoreLine(
      "trend error, derived features %", result.map(\.meanDerived), digits: 2)
    return facts.hasDerivedFeatures ? [mean, derived] : [mean]
  }

  static func details(_ result: BaselinedScore<TrendError>, _ facts: ReportFacts) -> [String] {
    let worst = result.synthetic.pairs.prefix(5).map { ("\($0.first) x \($0.second)", $0.error) }
    return ["worst pairs (trend error %): " + ScoreText.list(worst, 2)]
  }
}
