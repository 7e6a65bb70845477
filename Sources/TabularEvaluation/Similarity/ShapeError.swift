// SPDX-License-Identifier: Apache-2.0

import WorkSharing

/// How far the columns, each by itself, are from the train table's, in percent.
///
/// Numbers and datetimes: the Kolmogorov-Smirnov distance; categories: the total variation.
/// A missing value is a value of its own.
public struct ShapeError: Sendable, Codable, Equatable {
  /// Mean over the table's own columns.
  public var mean: Double
  /// Mean over the derived features (hour, weekday, seconds between datetimes); 0 without any.
  public var meanDerived: Double
  /// The error of each feature by name.
  public var columns: [String: Double]

  enum CodingKeys: String, CodingKey {
    case mean, columns
    case meanDerived = "mean_derived"
  }
}

/// Measures ``ShapeError`` against one reference, whose sorted columns it keeps.
struct ShapeComparison: Sendable {
  private enum Sample: Sendable {
    case sorted([Double])
    case codes([Int])
  }
  private let features: [ComparedFeature]
  private let reference: [Sample]
  private let threads: Int

  init(reference table: FeatureTable, threads: Int) {
    features = table.features
    self.threads = threads
    reference = parallelMap(table.features.count, threads: threads) {
      Self.sample(table.columns[$0], table.features[$0])
    }
  }

  private static func sample(_ values: [Double], _ feature: ComparedFeature) -> Sample {
    feature.isCategory
      ? .codes(Distance.codes(values)) : .sorted(Distance.missingFirst(values))
  }

  func callAsFunction(_ table: FeatureTable) -> ShapeError {
    let errors = parallelMap(features.count, threads: threads) { index -> Double in
      switch (reference[index], Self.sample(table.columns[index], features[index])) {
      case (.sorted(let a), .sorted(let b)): 100 * Distance.kolmogorovSmirnov(sorted: a, b)
      case (.codes(let a), .codes(let b)): 100 * Distance.totalVariation(a, b)
      default: preconditionFailure("one feature has two roles")
      }
    }
    let mean = { (derived: Bool) -> Double in
      let chosen = zip(features, errors).filter { $0.0.isDerived == derived }.map(\.1)
      return chosen.isEmpty ? 0 : chosen.reduce(0, +) / Double(chosen.count)
    }
    return ShapeError(
      mean: mean(false), meanDerived: mean(true),
      columns: Dictionary(uniqueKeysWithValues: zip(features.map(\.name), errors)))
  }
}

/// The shape error with its baselines.
///
/// The holdout baseline is that of the whole holdout table: a smaller sample would raise it without
/// reason.
enum ShapeMetric: Metric {
  static let key = "shape_error_pct"
  static let name = "shape error"
  static let goal: MetricGoal? = .minimize
  static let range = "0 to 100 %"
  static let content = "with baselines: `mean`, `mean_derived`, `columns` by name"
  static let equivalent: String? =
    "Column Shapes (`KSComplement`, `TVComplement`) = 1 - error; see `sdmetrics`"
  static let stage = EvaluationStage.similarity

  static func measure(_ inputs: EvaluationInputs) -> BaselinedScore<ShapeError>? {
    inputs.shared {
      let compare = ShapeComparison(reference: inputs.whole.train, threads: inputs.threads)
      return inputs.baselined(holdoutBaseline: inputs.whole.holdout) { compare($0) }
    }
  }

  static func lines(_ result: BaselinedScore<ShapeError>, _ facts: ReportFacts) -> [ScoreLine] {
    let mean = ScoreLine("shape error, mean % (0 is best)", result.map(\.mean), digits: 2)
    let derived = ScoreLine(
      "shape error, derived features %", result.map(\.meanDerived), digits: 2)
    return facts.hasDerivedFeatures ? [mean, derived] : [mean]
  }

  static func details(_ result: BaselinedScore<ShapeError>, _ facts: ReportFacts) -> [String] {
    let worst = result.synthetic.columns.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(6).map { ($0.key, $0.value) }
    return ["worst columns (shape error %): " + ScoreText.list(worst, 2)]
  }
}
