import Tabular
import SeededRandom

extension QualityReport {
  /// Judges a synthetic table.
  ///
  /// - Parameters:
  ///   - train: the real rows that the generator learned from. Its columns decide what is judged.
  ///   - holdout: real rows of the same source that the generator never saw.
  ///   - synthetic: what the generator produced.
  ///   - domains: what is known about the tables' subjects: plausibility rules and engineered
  ///     features; each applies as far as the table has its columns.
  ///   - options: what is measured, on how many rows.
  ///   - progress: called on the calling thread whenever a stage begins.
  /// - Throws: ``EvaluationError`` where a table is empty or lacks a column of `train`, where no
  /// column can be judged, or where the target does not exist.
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
  private let target: JudgedFeature?
  private let rows: QualityReport.Rows
  private let notCompared: [ExcludedColumn]
  private let tables: (holdout: Table, synthetic: Table)
  private let full: (train: FeatureTable, holdout: FeatureTable, synthetic: FeatureTable)
  /// Equally many rows of each, raw and encoded.
  private let sample: (holdout: Table, synthetic: Table, train: Table)
  private let encoded:
    (holdout: FeatureTable, synthetic: FeatureTable, floor: FeatureTable, control: FeatureTable)

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
    if options.copyingRows < 1 {
      throw .invalidOption("copyingRows is \(options.copyingRows); give 1 or more")
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
    if encoder.features.isEmpty { throw .nothingToJudge(leftOut: encoder.leftOut) }
    let targetName = options.target ?? UsefulnessTest.defaultTarget(encoder.features)
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
    let h = draw(holdout, RandomPurpose.holdoutRows)
    let s = draw(synthetic, RandomPurpose.syntheticRows)
    let t = draw(train, RandomPurpose.trainRows)
    let shuffled = train.columns.enumerated().map { index, column in
      var generator = SplitMix64(
        seed: seed, purpose: RandomPurpose.control + UInt64(index))
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
    notCompared = encoder.excluded + Self.surplus(of: [holdout, synthetic], beside: train)
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
  private static func surplus(of tables: [Table], beside train: Table) -> [ExcludedColumn] {
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
    // The floor is the whole holdout table: a smaller sample would raise it without reason.
    let shapes = anchored(floor: full.holdout) { shape($0) }
    let trends = anchored(floor: full.holdout) { trend($0) }
    stage("training detectors", 0.15)
    let (detection, strict) = detectors()
    stage("training linear and single-column detectors", 0.65)
    let linear = linearDetector()
    let solo =
      options.parts.contains(.soloDetection)
      ? SoloDetection.scores(
        real: encoded.holdout, fake: encoded.synthetic, seed: options.seed, threads: threads) : nil
    stage("learning the target", 0.75)
    let usefulness = learnability()
    stage("looking for copies", 0.85)
    let copying =
      options.parts.contains(.copying)
      ? CopyingTest(train: full.train, holdout: full.holdout, threads: threads)(
        full.synthetic, rows: options.copyingRows, seed: options.seed) : nil
    stage("checking rules", 0.98)
    let plausibility = Plausibility.brokenRules(
      synthetic: (tables.synthetic, full.synthetic), holdout: (tables.holdout, full.holdout),
      domains: domains)
    stage("done", 1)
    return QualityReport(
      rows: rows, seed: options.seed, features: encoder.features, leftOut: encoder.leftOut,
      notCompared: notCompared, shape: shapes, trend: trends, detection: detection,
      strictDetection: strict,
      linearDetection: linear,
      linearIntervals: linear?.map {
        Intervals.areaUnderCurve(
          $0, positives: rows.used, negatives: rows.used, spread: LinearTwoSampleTest.spread)
      }, soloDetection: solo, usefulness: usefulness,
      usefulnessOmission: usefulness != nil
        ? nil : options.parts.contains(.usefulness) ? .noTarget : .notAsked, copying: copying,
      plausibility: plausibility)
  }

  private func anchored<Score>(
    floor: FeatureTable, _ measure: (FeatureTable) -> Score
  ) -> Anchored<Score> {
    Anchored(
      synthetic: measure(encoded.synthetic), floor: measure(floor),
      control: measure(encoded.control))
  }

  /// All detectors by trees in one go, so that their folds fill all threads.
  private func detectors() -> (Anchored<TwoSampleResult>?, Anchored<TwoSampleResult>?) {
    var tests: [(real: FeatureTable, fake: FeatureTable)] = []
    let isPlain = options.parts.contains(.detection)
    let isStrict = options.parts.contains(.strictDetection)
    if isPlain {
      tests += [encoded.synthetic, encoded.floor, encoded.control].map { (encoded.holdout, $0) }
    }
    if isStrict {
      let real = ForensicFeatures.append(
        to: encoded.holdout, of: sample.holdout, domains: domains)
      tests += [(encoded.synthetic, sample.synthetic), (encoded.floor, sample.train)].map {
        (real, ForensicFeatures.append(to: $0, of: $1, domains: domains))
      }
    }
    let results = TwoSampleTest(seed: options.seed).run(tests, threads: threads)
    let strict = isPlain ? results.dropFirst(3) : results[...]
    return (
      isPlain
        ? Anchored(synthetic: results[0], floor: results[1], control: results[2]) : nil,
      isStrict ? Anchored(synthetic: strict.first!, floor: strict.last!) : nil
    )
  }

  private func linearDetector() -> Anchored<Double>? {
    guard options.parts.contains(.linearDetection) else { return nil }
    let results = LinearTwoSampleTest(seed: options.seed).run(
      [encoded.synthetic, encoded.floor, encoded.control].map { (encoded.holdout, $0) },
      threads: threads)
    return Anchored(synthetic: results[0], floor: results[1], control: results[2])
  }

  private func learnability() -> Usefulness? {
    guard let target, options.parts.contains(.usefulness) else { return nil }
    let test = UsefulnessTest(target: target, train: encoded.floor, threads: threads)
    return test(
      synthetic: encoded.synthetic, train: encoded.floor, holdout: full.holdout,
      seed: options.seed, threads: threads)
  }
}
