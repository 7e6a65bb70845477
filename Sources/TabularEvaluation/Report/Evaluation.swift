// SPDX-License-Identifier: Apache-2.0

import Tabular
import SeededRandom

extension QualityReport {
  /// Evaluates a synthetic table.
  ///
  /// - Parameters:
  ///   - train: the real rows that the generator learned from. Its columns decide what is
  ///     evaluated.
  ///   - holdout: real rows of the same source that the generator never saw.
  ///   - synthetic: what the generator produced.
  ///   - domains: what is known about the tables' subjects: plausibility rules and engineered
  ///     features; each applies as far as the table has its columns.
  ///   - options: what is measured, on how many rows.
  ///   - progress: called on the calling thread whenever a stage begins.
  /// - Throws: ``EvaluationError`` where a table is empty or lacks a column of `train`, where no
  /// column can be evaluated, or where the target does not exist.
  ///
  /// The same tables, options and seed give the same report on any number of threads.
  public static func evaluate(
    train: Table, holdout: Table, synthetic: Table, domains: [any TableDomain] = [],
    options: EvaluationOptions = .init(),
    progress: (EvaluationProgress) -> Void = { _ in }
  ) throws(EvaluationError) -> QualityReport {
    let evaluation = try Evaluation(
      train: train, holdout: holdout, synthetic: synthetic, domains: domains, options: options,
      progress: progress)
    return evaluation.report(progress: progress)
  }
}

/// The tables of one evaluation in all the forms that its parts need.
private struct Evaluation {
  private let options: EvaluationOptions
  private let threads: Int
  private let domains: [any TableDomain]
  private let encoder: FeatureEncoder
  private let target: ComparedFeature?
  private let rows: QualityReport.Rows
  private let notCompared: [ExcludedColumn]
  private let tables: (holdout: Table, synthetic: Table)
  private let full: (train: FeatureTable, holdout: FeatureTable, synthetic: FeatureTable)
  /// Equally many rows of each, raw and encoded.
  private let sample: (holdout: Table, synthetic: Table, train: Table)
  private let encoded:
    (
      holdout: FeatureTable, synthetic: FeatureTable, holdoutBaseline: FeatureTable,
      independentColumnsBaseline: FeatureTable
    )

  init(
    train: Table, holdout: Table, synthetic: Table, domains: [any TableDomain],
    options: EvaluationOptions,
    progress: (EvaluationProgress) -> Void
  ) throws(EvaluationError) {
    for (part, table) in [("train", train), ("holdout", holdout), ("synthetic", synthetic)]
    where table.rowCount == 0 {
      throw .emptyTable(part)
    }
    if options.rows < 1 { throw .invalidOption("rows is \(options.rows); give 1 or more") }
    if options.memorizationRows < 1 {
      throw .invalidOption("memorizationRows is \(options.memorizationRows); give 1 or more")
    }
    if let threads = options.threads, threads < 1 {
      throw .invalidOption("threads is \(threads); give 1 or more")
    }
    progress(EvaluationProgress(stage: "reading the columns", fraction: 0))
    for (part, table) in [("holdout", holdout), ("synthetic", synthetic)] {
      let missing = train.columnNames.filter { table[$0] == nil }
      if !missing.isEmpty { throw .missingColumns(table: part, columns: missing) }
    }
    let threads = options.threadCount
    let encoder = FeatureEncoder(train: train, threads: threads)
    if encoder.features.isEmpty { throw .nothingToCompare(excludedNames: encoder.excludedNames) }
    let targetName = options.target ?? MLUtilityTest.defaultTarget(encoder.features)
    target = encoder.features.first { $0.name == targetName }
    if let targetName, target == nil {
      throw .unknownTarget(targetName, available: encoder.features.map(\.name))
    }
    let used = min(holdout.rowCount, synthetic.rowCount, options.rows)
    let seed = options.seed
    let draw = { (table: Table, purpose: UInt64) -> Table in
      var generator = SplitMix64(seed: seed, purpose: purpose)
      return table.selecting(rows: generator.sample(used, of: table.rowCount))
    }
    let h = draw(holdout, EvaluationPurpose.holdoutRows)
    let s = draw(synthetic, EvaluationPurpose.syntheticRows)
    let t = draw(train, EvaluationPurpose.trainRows)
    let shuffled = train.columns.enumerated().map { index, column in
      var generator = SplitMix64(
        seed: seed, purpose: EvaluationPurpose.independentColumnsBaseline + UInt64(index))
      return column.selecting(Array(generator.permutation(train.rowCount).prefix(used)))
    }
    guard let c = try? Table(columns: shuffled) else {
      preconditionFailure("columns of one table have one length")
    }
    self.options = options
    self.threads = threads
    self.domains = domains
    self.encoder = encoder
    rows = QualityReport.Rows(
      train: train.rowCount, holdout: holdout.rowCount, synthetic: synthetic.rowCount, used: used)
    notCompared =
      encoder.excluded + Self.extraColumns(of: [holdout, synthetic], missingFrom: train)
    tables = (holdout, synthetic)
    sample = (h, s, t)
    full = (
      try encoder(train, part: "train", threads: threads),
      try encoder(holdout, part: "holdout", threads: threads),
      try encoder(synthetic, part: "synthetic", threads: threads)
    )
    encoded = (
      try encoder(h, part: "holdout", threads: threads),
      try encoder(s, part: "synthetic", threads: threads),
      try encoder(t, part: "train", threads: threads),
      try encoder(c, part: "train", threads: threads)
    )
  }

  /// Columns that only the other tables have, without repetition.
  private static func extraColumns(of tables: [Table], missingFrom train: Table) -> [ExcludedColumn]
  {
    var seen = Set(train.columnNames)
    return tables.flatMap(\.columnNames).filter { seen.insert($0).inserted }
      .map { ExcludedColumn(column: $0, reason: .notInTrain) }
  }

  func report(progress: (EvaluationProgress) -> Void) -> QualityReport {
    func stage(_ name: String, _ fraction: Double) {
      progress(EvaluationProgress(stage: name, fraction: fraction))
    }
    stage("comparing columns and pairs", 0.05)
    let shape = ShapeComparison(reference: full.train, threads: threads)
    let trend = TrendComparison(reference: full.train, threads: threads)
    // The holdout baseline is the whole holdout table: a smaller sample would raise it without
    // reason.
    let shapes = baselined(holdoutBaseline: full.holdout) { shape($0) }
    let trends = baselined(holdoutBaseline: full.holdout) { trend($0) }
    stage("training classifiers", 0.15)
    let (c2st, engineered) = classifierTests()
    stage("training logistic and single-column classifiers", 0.65)
    let linear = logisticTest()
    let singleColumn =
      options.parts.contains(.singleColumnC2ST)
      ? SingleColumnTest.scores(
        real: encoded.holdout, synthetic: encoded.synthetic, seed: options.seed, threads: threads)
      : nil
    stage("measuring ML utility", 0.75)
    let utility = measureUtility()
    stage("testing for memorization", 0.85)
    let memorization =
      options.parts.contains(.memorization)
      ? MemorizationEstimator(train: full.train, holdout: full.holdout, threads: threads)(
        full.synthetic, rows: options.memorizationRows, seed: options.seed) : nil
    stage("checking rules", 0.98)
    let plausibility = Plausibility.brokenRules(
      synthetic: (tables.synthetic, full.synthetic), holdout: (tables.holdout, full.holdout),
      domains: domains)
    stage("done", 1)
    return QualityReport(
      rows: rows, seed: options.seed, features: encoder.features,
      excludedNames: encoder.excludedNames,
      notCompared: notCompared, shape: shapes, trend: trends, c2st: c2st,
      engineeredC2ST: engineered,
      logisticC2ST: linear,
      logisticIntervals: linear?.map {
        Intervals.areaUnderCurve(
          $0, positives: rows.used, negatives: rows.used, spread: LogisticTwoSampleTest.spread)
      }, singleColumnC2ST: singleColumn, utility: utility,
      utilityOmission: utility != nil
        ? nil : options.parts.contains(.utility) ? .noTarget : .notRequested,
      memorization: memorization,
      plausibility: plausibility)
  }

  private func baselined<Score>(
    holdoutBaseline: FeatureTable, _ measure: (FeatureTable) -> Score
  ) -> BaselinedScore<Score> {
    BaselinedScore(
      synthetic: measure(encoded.synthetic), holdoutBaseline: measure(holdoutBaseline),
      independentColumnsBaseline: measure(encoded.independentColumnsBaseline))
  }

  /// All classifiers by trees in one go, so that their folds fill all threads.
  private func classifierTests() -> (
    BaselinedScore<TwoSampleResult>?, BaselinedScore<TwoSampleResult>?
  ) {
    var tests: [(real: FeatureTable, synthetic: FeatureTable)] = []
    let isPlain = options.parts.contains(.c2st)
    let isEngineered = options.parts.contains(.engineeredC2ST)
    if isPlain {
      tests += [encoded.synthetic, encoded.holdoutBaseline, encoded.independentColumnsBaseline].map
      { (encoded.holdout, $0) }
    }
    if isEngineered {
      let real = EngineeredFeatures.append(
        to: encoded.holdout, of: sample.holdout, domains: domains)
      tests += [(encoded.synthetic, sample.synthetic), (encoded.holdoutBaseline, sample.train)].map
      {
        (real, EngineeredFeatures.append(to: $0, of: $1, domains: domains))
      }
    }
    let results = TwoSampleTest(seed: options.seed).run(tests, threads: threads)
    let engineered = isPlain ? results.dropFirst(3) : results[...]
    return (
      isPlain
        ? BaselinedScore(
          synthetic: results[0], holdoutBaseline: results[1], independentColumnsBaseline: results[2]
        ) : nil,
      isEngineered
        ? BaselinedScore(synthetic: engineered.first!, holdoutBaseline: engineered.last!) : nil
    )
  }

  private func logisticTest() -> BaselinedScore<Double>? {
    guard options.parts.contains(.logisticC2ST) else { return nil }
    let results = LogisticTwoSampleTest(seed: options.seed).run(
      [encoded.synthetic, encoded.holdoutBaseline, encoded.independentColumnsBaseline].map {
        (encoded.holdout, $0)
      },
      threads: threads)
    return BaselinedScore(
      synthetic: results[0], holdoutBaseline: results[1], independentColumnsBaseline: results[2])
  }

  private func measureUtility() -> MLUtility? {
    guard let target, options.parts.contains(.utility) else { return nil }
    let test = MLUtilityTest(target: target, train: encoded.holdoutBaseline, threads: threads)
    return test(
      synthetic: encoded.synthetic, train: encoded.holdoutBaseline, holdout: full.holdout,
      seed: options.seed, threads: threads)
  }
}
