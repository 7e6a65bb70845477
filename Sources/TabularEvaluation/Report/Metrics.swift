// SPDX-License-Identifier: Apache-2.0

/// The metrics of a report, in the order of its lines. A further metric is added here.
enum Metrics {
  static let all: [any Metric.Type] = [
    ShapeMetric.self, TrendMetric.self, SDMetricsMetric.self, C2STMetric.self,
    EngineeredC2STMetric.self, LogisticMetric.self, LogisticIntervalMetric.self,
    SingleColumnMetric.self, MLUtilityMetric.self, MemorizationMetric.self, PlausibilityMetric.self,
  ]
}

/// What each metric found; a metric that was not measured has no result.
struct MetricResults: Sendable, Equatable {
  private var values: [String: any Sendable] = [:]

  /// The result of one metric.
  subscript<M: Metric>(_ metric: M.Type) -> M.Result? {
    get { values[M.key] as? M.Result }
    set { values[M.key] = newValue }
  }

  static func == (a: MetricResults, b: MetricResults) -> Bool {
    Metrics.all.allSatisfy { a.agrees(with: b, on: $0) }
  }

  private func agrees<M: Metric>(with other: MetricResults, on metric: M.Type) -> Bool {
    self[metric] == other[metric]
  }

  /// Measures one metric, unless the options leave it out.
  mutating func measure<M: Metric>(_ metric: M.Type, _ inputs: EvaluationInputs) {
    if let part = M.part, !inputs.options.parts.contains(part) { return }
    self[metric] = M.measure(inputs)
  }

  /// The lines of one metric in the table of scores.
  func lines<M: Metric>(of metric: M.Type, _ facts: ReportFacts) -> [ScoreLine] {
    self[metric].map { M.lines($0, facts) } ?? []
  }

  /// The lines of one metric below the table.
  func details<M: Metric>(of metric: M.Type, _ facts: ReportFacts) -> [String] {
    self[metric].map { M.details($0, facts) } ?? []
  }

  // MARK: JSON

  /// The key of a metric.
  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode<M: Metric>(
    _ metric: M.Type, to container: inout KeyedEncodingContainer<Key>
  ) throws {
    try container.encodeIfPresent(self[metric], forKey: Key(stringValue: M.key))
  }

  mutating func decode<M: Metric>(
    _ metric: M.Type, from container: KeyedDecodingContainer<Key>
  ) throws {
    self[metric] = try container.decodeIfPresent(M.Result.self, forKey: Key(stringValue: M.key))
  }
}

extension QualityReport {
  /// One column at a time, against train, in percent.
  public var shape: BaselinedScore<ShapeError> { required(ShapeMetric.self) }
  /// Two columns at a time, against train, in percent.
  public var trend: BaselinedScore<TrendError> { required(TrendMetric.self) }
  /// Shape and trend on the scale of SDMetrics; nil in reports of earlier versions.
  public var sdmetrics: BaselinedScore<SDMetricsScores>? { results[SDMetricsMetric.self] }
  /// A classifier that is to tell synthetic from holdout rows (holdout baseline: train from
  /// holdout).
  public var c2st: BaselinedScore<TwoSampleResult>? { results[C2STMetric.self] }
  /// The same with forensic features.
  public var engineeredC2ST: BaselinedScore<TwoSampleResult>? { results[EngineeredC2STMetric.self] }
  /// The area under the ROC curve of a logistic regression in the classifier's place.
  public var logisticC2ST: BaselinedScore<Double>? { results[LogisticMetric.self] }
  /// The 95 % confidence intervals of ``logisticC2ST``.
  public var logisticIntervals: BaselinedScore<ClosedRange<Double>>? {
    results[LogisticIntervalMetric.self]
  }
  /// The area under the ROC curve of classifiers that see one feature each, greatest first.
  public var singleColumnC2ST: [FeatureScore]? { results[SingleColumnMetric.self] }
  /// What can be learned from the rows; nil without a target.
  public var utility: MLUtility? { results[MLUtilityMetric.self] }
  /// Whether synthetic rows are copies of train rows.
  public var memorization: MemorizationEstimate? { results[MemorizationMetric.self] }
  /// Rows, in percent, that break each rule of the table's subject; empty where none is known.
  public var plausibility: [BrokenRule] { required(PlausibilityMetric.self) }

  /// The result of a metric that every report has.
  private func required<M: Metric>(_ metric: M.Type) -> M.Result {
    guard let result = results[metric] else {
      preconditionFailure("a report is made or decoded with \(M.key)")
    }
    return result
  }
}
