// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The tables of one evaluation in all the forms that its metrics need.
///
/// Used by one thread.
final class EvaluationInputs {
  /// Whole tables, encoded as features.
  struct WholeTables {
    var train: FeatureTable
    var holdout: FeatureTable
    var synthetic: FeatureTable
  }

  /// Equally many rows of each table, encoded as features.
  struct Samples {
    var holdout: FeatureTable
    var synthetic: FeatureTable
    /// Training rows.
    var holdoutBaseline: FeatureTable
    /// Training columns, each shuffled by itself.
    var independentColumnsBaseline: FeatureTable
  }

  let options: EvaluationOptions
  let threads: Int
  let domains: [any TableDomain]
  /// The feature that models learn to predict; nil without one.
  let target: ComparedFeature?
  /// Rows compared on each side.
  let usedRows: Int
  /// The tables as they were given.
  let tables: (holdout: Table, synthetic: Table)
  let whole: WholeTables
  /// The rows of `samples` as they were given.
  let rawSamples: (holdout: Table, synthetic: Table, train: Table)
  let samples: Samples
  private var shared: [ObjectIdentifier: Any] = [:]

  init(
    options: EvaluationOptions, domains: [any TableDomain], target: ComparedFeature?, usedRows: Int,
    tables: (holdout: Table, synthetic: Table), whole: WholeTables,
    rawSamples: (holdout: Table, synthetic: Table, train: Table), samples: Samples
  ) {
    self.options = options
    threads = options.threadCount
    self.domains = domains
    self.target = target
    self.usedRows = usedRows
    self.tables = tables
    self.whole = whole
    self.rawSamples = rawSamples
    self.samples = samples
  }

  /// A value that several metrics need, computed once and known by its type.
  func shared<Value>(_ compute: () -> Value) -> Value {
    let key = ObjectIdentifier(Value.self)
    // In two steps: nothing known would itself be a value if `Value` is optional.
    if let known = shared[key], let value = known as? Value { return value }
    let value = compute()
    shared[key] = value
    return value
  }

  /// A score of the synthetic rows and of both baselines.
  func baselined<Score>(
    holdoutBaseline: FeatureTable, _ measure: (FeatureTable) -> Score
  ) -> BaselinedScore<Score> {
    BaselinedScore(
      synthetic: measure(samples.synthetic), holdoutBaseline: measure(holdoutBaseline),
      independentColumnsBaseline: measure(samples.independentColumnsBaseline))
  }
}
