// SPDX-License-Identifier: Apache-2.0

/// A metric of the quality report: its name, its goal, its range, and how it is computed.
///
/// A metric is one type, beside what it computes. `Metrics.all` lists the types; the JSON form and
/// the text of a report, and the table in docs/reference/metrics.md, follow from them.
protocol Metric: SendableMetatype {
  associatedtype Result: Codable & Sendable & Equatable

  /// The key in the JSON report; it never changes.
  static var key: String { get }
  /// The name in the table of metrics.
  static var name: String { get }
  /// The value to aim for; nil for what is not good or bad by itself.
  static var goal: MetricGoal? { get }
  /// The range of the scores, as in "0 to 100 %".
  static var range: String { get }
  /// What ``key`` holds in the JSON report, for the table of metrics.
  static var content: String { get }
  /// The score of SDMetrics that measures the same, and how to convert; nil if there is none.
  static var equivalent: String? { get }
  /// The part of an evaluation that it belongs to, for the display of progress.
  static var stage: EvaluationStage { get }
  /// The option that switches it off; nil if it is always measured.
  static var part: EvaluationOptions.Part? { get }

  /// Measures the tables; nil if they have nothing to measure.
  static func measure(_ inputs: EvaluationInputs) -> Result?

  /// Its lines in the table of scores.
  static func lines(_ result: Result, _ facts: ReportFacts) -> [ScoreLine]

  /// Its lines below the table: the worst findings and what limits them.
  static func details(_ result: Result, _ facts: ReportFacts) -> [String]
}

extension Metric {
  static var equivalent: String? { nil }
  static var part: EvaluationOptions.Part? { nil }
  static func lines(_ result: Result, _ facts: ReportFacts) -> [ScoreLine] { [] }
  static func details(_ result: Result, _ facts: ReportFacts) -> [String] { [] }
}

/// The value of a metric to aim for.
enum MetricGoal: Equatable {
  /// The smallest value of the range is best.
  case minimize
  /// The greatest value of the range is best.
  case maximize
  /// This value is best; values on either side of it are worse.
  case approach(Double)

  /// The goal in a table.
  var text: String {
    switch self {
    case .minimize: "low"
    case .maximize: "high"
    case .approach(let value): "\(value)"
    }
  }
}

/// The parts of an evaluation, in the order in which they run.
enum EvaluationStage {
  case similarity, classifiers, smallClassifiers, utility, memorization, rules

  /// The part and the share of the work before it, for people.
  var progress: EvaluationProgress {
    switch self {
    case .similarity: .init(stage: "comparing columns and pairs", fraction: 0.05)
    case .classifiers: .init(stage: "training classifiers", fraction: 0.15)
    case .smallClassifiers:
      .init(stage: "training logistic and single-column classifiers", fraction: 0.65)
    case .utility: .init(stage: "measuring ML utility", fraction: 0.75)
    case .memorization: .init(stage: "testing for memorization", fraction: 0.85)
    case .rules: .init(stage: "checking rules", fraction: 0.98)
    }
  }
}

/// What the lines of a metric need to know of the report around them.
struct ReportFacts {
  /// Rows compared on each side.
  var usedRows: Int
  /// The compared columns.
  var features: [ComparedFeature]

  /// Whether some of them are derived from datetimes.
  var hasDerivedFeatures: Bool { features.contains(where: \.isDerived) }
}
