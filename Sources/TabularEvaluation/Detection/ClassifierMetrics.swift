// SPDX-License-Identifier: Apache-2.0

/// All tests by boosted trees, run in one go so that their folds fill all threads.
private struct ClassifierTests {
  var plain: BaselinedScore<TwoSampleResult>?
  var engineered: BaselinedScore<TwoSampleResult>?

  init(_ inputs: EvaluationInputs) {
    var tests: [(real: FeatureTable, synthetic: FeatureTable)] = []
    let samples = inputs.samples
    let isPlain = inputs.options.parts.contains(.c2st)
    let isEngineered = inputs.options.parts.contains(.engineeredC2ST)
    if isPlain {
      tests += [samples.synthetic, samples.holdoutBaseline, samples.independentColumnsBaseline].map
      { (samples.holdout, $0) }
    }
    if isEngineered {
      let real = EngineeredFeatures.append(
        to: samples.holdout, of: inputs.rawSamples.holdout, domains: inputs.domains)
      tests += [
        (samples.synthetic, inputs.rawSamples.synthetic),
        (samples.holdoutBaseline, inputs.rawSamples.train),
      ].map { (real, EngineeredFeatures.append(to: $0, of: $1, domains: inputs.domains)) }
    }
    let results = TwoSampleTest(seed: inputs.options.seed).run(tests, threads: inputs.threads)
    if isPlain {
      plain = BaselinedScore(
        synthetic: results[0], holdoutBaseline: results[1], independentColumnsBaseline: results[2])
    }
    if isEngineered {
      engineered = BaselinedScore(
        synthetic: results[results.count - 2], holdoutBaseline: results[results.count - 1])
    }
  }

  /// The features that reveal most, with their scores.
  static func top(_ features: [FeatureScore]) -> String {
    let shown = features.prefix(6).filter { $0.score >= 0.005 }
    return shown.isEmpty ? "nothing" : ScoreText.list(shown.map { ($0.feature, $0.score) }, 2)
  }
}

/// The classifier two-sample test by boosted trees.
enum C2STMetric: Metric {
  static let key = "c2st"
  static let name = "C2ST AUC"
  static let goal: MetricGoal? = .approach(0.5)
  static let range = "0 to 1"
  static let content =
    "with baselines: `auc`, `auc_interval`, `accuracy`, `synthetic_classified_real_pct`, `top` "
    + "(`feature`, `score`)"
  static let equivalent: String? =
    "`LogisticDetection` and other detection metrics = 2 (1 - AUC), at most 1"
  static let stage = EvaluationStage.classifiers
  static let part: EvaluationOptions.Part? = .c2st

  static func measure(_ inputs: EvaluationInputs) -> BaselinedScore<TwoSampleResult>? {
    inputs.shared { ClassifierTests(inputs) }.plain
  }

  static func lines(
    _ result: BaselinedScore<TwoSampleResult>, _ facts: ReportFacts
  ) -> [ScoreLine] {
    [
      ScoreLine(
        "C2ST AUC (0.5: indistinguishable; 1: separable)", result.map(\.auc),
        interval: result.synthetic.interval, digits: 4),
      ScoreLine("C2ST accuracy (0.5)", result.map(\.accuracy), digits: 4),
      ScoreLine("synthetic classified as real % (50)", result.map(\.classifiedReal), digits: 1),
    ]
  }

  static func details(
    _ result: BaselinedScore<TwoSampleResult>, _ facts: ReportFacts
  ) -> [String] {
    ["identified by (share of the classifier's gain): " + ClassifierTests.top(result.synthetic.top)]
  }
}

/// The same test with engineered features.
enum EngineeredC2STMetric: Metric {
  static let key = "c2st_engineered"
  static let name = "C2ST AUC with engineered features"
  static let goal: MetricGoal? = .approach(0.5)
  static let range = "0 to 1"
  static let content = "as `c2st`, without `independent_columns`"
  static let stage = EvaluationStage.classifiers
  static let part: EvaluationOptions.Part? = .engineeredC2ST

  static func measure(_ inputs: EvaluationInputs) -> BaselinedScore<TwoSampleResult>? {
    inputs.shared { ClassifierTests(inputs) }.engineered
  }

  static func lines(
    _ result: BaselinedScore<TwoSampleResult>, _ facts: ReportFacts
  ) -> [ScoreLine] {
    [
      ScoreLine(
        "C2ST AUC with engineered features", result.map(\.auc),
        interval: result.synthetic.interval, digits: 4)
    ]
  }

  static func details(
    _ result: BaselinedScore<TwoSampleResult>, _ facts: ReportFacts
  ) -> [String] {
    ["C2ST with engineered features, identified by: " + ClassifierTests.top(result.synthetic.top)]
  }
}

/// Classifiers that see one feature each.
enum SingleColumnMetric: Metric {
  static let key = "c2st_single_column_auc"
  static let name = "single-column C2ST AUC"
  static let goal: MetricGoal? = .approach(0.5)
  static let range = "0 to 1"
  static let content = "`feature` and `score`, highest first"
  static let stage = EvaluationStage.smallClassifiers
  static let part: EvaluationOptions.Part? = .singleColumnC2ST

  static func measure(_ inputs: EvaluationInputs) -> [FeatureScore]? {
    SingleColumnTest.scores(
      real: inputs.samples.holdout, synthetic: inputs.samples.synthetic, seed: inputs.options.seed,
      threads: inputs.threads)
  }

  static func details(_ result: [FeatureScore], _ facts: ReportFacts) -> [String] {
    let bound = SingleColumnTest.chance(tests: result.count, usedRows: facts.usedRows)
    let revealing = result.filter { $0.score > bound }
    return [
      "identified by one column alone (AUC; chance reaches \(ScoreText.decimals(bound, 2))): "
        + ClassifierTests.top(revealing)
    ]
  }
}
