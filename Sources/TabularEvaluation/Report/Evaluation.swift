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

/// Checks and draws the rows of one evaluation, and runs the metrics.
private struct Evaluation {
  private let encoder: FeatureEncoder
  private let rows: QualityReport.Rows
  private let notCompared: [ExcludedColumn]
  private let inputs: EvaluationInputs

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
    let target = encoder.features.first { $0.name == targetName }
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
    self.encoder = encoder
    rows = QualityReport.Rows(
      train: train.rowCount, holdout: holdout.rowCount, synthetic: synthetic.rowCount, used: used)
    notCompared =
      encoder.excluded + Self.extraColumns(of: [holdout, synthetic], missingFrom: train)
    inputs = EvaluationInputs(
      options: options, domains: domains, target: target, usedRows: used,
      tables: (holdout, synthetic),
      whole: .init(
        train: try encoder(train, part: "train", threads: threads),
        holdout: try encoder(holdout, part: "holdout", threads: threads),
        synthetic: try encoder(synthetic, part: "synthetic", threads: threads)),
      rawSamples: (h, s, t),
      samples: .init(
        holdout: try encoder(h, part: "holdout", threads: threads),
        synthetic: try encoder(s, part: "synthetic", threads: threads),
        holdoutBaseline: try encoder(t, part: "train", threads: threads),
        independentColumnsBaseline: try encoder(c, part: "train", threads: threads)))
  }

  /// Columns that only the other tables have, without repetition.
  private static func extraColumns(of tables: [Table], missingFrom train: Table) -> [ExcludedColumn]
  {
    var seen = Set(train.columnNames)
    return tables.flatMap(\.columnNames).filter { seen.insert($0).inserted }
      .map { ExcludedColumn(column: $0, reason: .notInTrain) }
  }

  func report(progress: (EvaluationProgress) -> Void) -> QualityReport {
    var report = QualityReport(
      rows: rows, seed: inputs.options.seed, features: encoder.features,
      excludedNames: encoder.excludedNames, notCompared: notCompared)
    var stage: EvaluationStage?
    for metric in Metrics.all {
      if metric.stage != stage { progress(metric.stage.progress) }
      stage = metric.stage
      report.results.measure(metric, inputs)
    }
    if report.utility == nil {
      report.utilityOmission =
        inputs.options.parts.contains(.utility) ? .noTarget : .notRequested
    }
    progress(EvaluationProgress(stage: "done", fraction: 1))
    return report
  }
}
