// SPDX-License-Identifier: Apache-2.0

import GradientBoosting
import Tabular
import WorkSharing

/// The ML utility of synthetic rows: a target is learned on them and predicted for the holdout
/// rows (train on synthetic, test on real), beside the same learned on equally many real rows.
public struct MLUtility: Sendable, Codable, Equatable {
  /// The feature that was predicted.
  public var target: String
  /// How predictions are scored: R2 for numbers, the mean one-against-rest AUC for categories.
  public var metric: Metric
  /// The score of a model that learned on synthetic rows.
  public var trainedOnSynthetic: Double
  /// The score of a model that learned on real rows.
  public var trainedOnReal: Double
  /// The 95 % confidence interval of ``trainedOnSynthetic`` over holdout rows (percentile
  /// bootstrap); nil with fewer than 20 holdout rows.
  public var syntheticInterval: ClosedRange<Double>?
  /// The 95 % confidence interval of ``trainedOnReal``, like ``syntheticInterval``.
  public var realInterval: ClosedRange<Double>?
  /// The 95 % confidence interval of the synthetic minus the real score, like
  /// ``syntheticInterval``.
  public var differenceInterval: ClosedRange<Double>?
  /// Features that the models did not see because they all but contain the target.
  public var withheld: [String]

  /// The scale of the scores.
  public enum Metric: String, Sendable, Codable {
    /// The share of the variance that is explained: 1 is perfect, 0 no better than the mean.
    case r2 = "R2"
    /// The area under the ROC curve: 1 is perfect, 0.5 no better than chance.
    case auc = "AUC"
  }

  enum CodingKeys: String, CodingKey {
    case target, metric, withheld
    case trainedOnSynthetic = "tstr"
    case trainedOnReal = "trtr"
    case syntheticInterval = "tstr_interval"
    case realInterval = "trtr_interval"
    case differenceInterval = "difference_interval"
  }
}

/// The possible targets for measuring ``MLUtility``.
public struct MLUtilityTargets: Sendable, Equatable {
  /// All compared columns, and features of the table's datetimes.
  public let names: [String]
  /// The default target; nil if there is no obvious one.
  public let standard: String?

  /// Finds the targets of a table. O(cells).
  public init(train: Table, threads: Int = 1) {
    let features = FeatureEncoder(train: train, threads: threads).features
    names = features.map(\.name)
    standard = MLUtilityTest.defaultTarget(features)
  }
}

/// Measures ``MLUtility``.
struct MLUtilityTest: Sendable {
  private let target: ComparedFeature
  private let withheld: Set<String>
  /// Bounds of a numeric target: a few 24-hour meter errors would else decide R2.
  private let bounds: ClosedRange<Double>
  private static let regressionRounds = 300
  private static let classRounds = 100
  /// Classes of fewer holdout rows are not scored.
  private static let minClassRows = 10

  /// The default target: the seconds between the first two datetimes, or nil without them.
  static func defaultTarget(_ features: [ComparedFeature]) -> String? {
    features.first { $0.isDerived && $0.name.hasSuffix(".seconds") }?.name
  }

  /// `train` decides what is withheld: of a duration's datetimes all but the first and whatever is
  /// derived from them, and numbers that rank as the target does.
  init(target: ComparedFeature, train: FeatureTable, threads: Int) {
    self.target = target
    let related = target.isDerived ? target.parents : [target.name]
    let known =
      related.count > 1
      ? train.features.first { $0.role == .datetime && related.contains($0.name) } : nil
    let hiddenRelated = Set(related).subtracting([known?.name].compactMap { $0 })
    var hidden = hiddenRelated.union([target.name])
    for feature in train.features where !hiddenRelated.isDisjoint(with: feature.parents) {
      hidden.insert(feature.name)
    }
    if target.isCategory {
      bounds = -.infinity ... .infinity
    } else {
      let values = train[target.name]!
      let numbers = train.features.indices.filter { !train.features[$0].isCategory }
      let correlations = parallelMap(numbers.count, threads: threads) {
        abs(Ranks.spearman(train.columns[numbers[$0]], values) ?? 0)
      }
      for (index, rho) in zip(numbers, correlations) where rho > 0.999 {
        hidden.insert(train.features[index].name)
      }
      let sorted = values.filter { !$0.isNaN }.sorted()
      let low = Quantiles.linear(sorted, at: 0.005) ?? -.infinity
      bounds = low...max(Quantiles.linear(sorted, at: 0.995) ?? .infinity, low)
    }
    withheld = hidden
  }

  func callAsFunction(
    synthetic: FeatureTable, train: FeatureTable, holdout: FeatureTable, seed: UInt64, threads: Int
  ) -> MLUtility {
    let known = present(holdout)
    let tables = [synthetic, train].map { present($0) }
    let scores = parallelMap(2, threads: threads) {
      target.isCategory ? auc(tables[$0], known) : r2(tables[$0], known)
    }
    let ones = [Int32](repeating: 1, count: known.rowCount)
    let intervals = HoldoutBootstrap.intervals(
      rows: known.rowCount, seed: seed, threads: threads
    ) { (scores[0]($0), scores[1]($0)) }
    return MLUtility(
      target: target.name, metric: target.isCategory ? .auc : .r2,
      trainedOnSynthetic: scores[0](ones), trainedOnReal: scores[1](ones),
      syntheticInterval: intervals?.synthetic, realInterval: intervals?.real,
      differenceInterval: intervals?.difference,
      withheld: withheld.subtracting([target.name]).sorted())
  }

  /// Rows whose target is present.
  private func present(_ table: FeatureTable) -> FeatureTable {
    let values = table[target.name]!
    return table.selecting(values.indices.filter { !values[$0].isNaN })
  }

  private func predictions(
    learned table: FeatureTable, _ targets: [Double], _ objective: BoostingObjective,
    rounds: Int, for holdout: FeatureTable
  ) -> [[Double]] {
    let visible = { (table: FeatureTable) in
      table.selecting(features: { !withheld.contains($0.name) }).boostingFeatures
    }
    let data = BinnedRows(visible(table), threads: 1)
    let model = BoostedTrees(
      data: data, rows: Array(0..<Int32(table.rowCount)), targets: targets, objective: objective,
      options: BoostingOptions(rounds: rounds))
    let unseen = BinnedRows(visible(holdout), bins: data.features, threads: 1)
    return model.predict(unseen, rows: Array(0..<Int32(holdout.rowCount)))
  }

  private func r2(_ table: FeatureTable, _ holdout: FeatureTable) -> WeightedScore {
    let clip = { (value: Double) in min(max(value, bounds.lowerBound), bounds.upperBound) }
    let truth = holdout[target.name]!.map(clip)
    if truth.isEmpty || table.rowCount == 0 { return .constant(0) }
    let found = predictions(
      learned: table, table[target.name]!.map(clip), .regression, rounds: Self.regressionRounds,
      for: holdout)[0]
    return .r2(truth: truth, found: found)
  }

  private func auc(_ table: FeatureTable, _ holdout: FeatureTable) -> WeightedScore {
    let classes = table[target.name]!
    let truth = holdout[target.name]!
    if Set(classes).count < 2 { return .constant(0.5) }
    let count = Int(classes.max()!) + 1
    let found = predictions(
      learned: table, classes, .classes(count), rounds: Self.classRounds, for: holdout)
    var ranked: [WeightedScore.RankedClass] = []
    for category in Set(truth).sorted() {
      let isMember = truth.map { $0 == category }
      let rows = isMember.filter { $0 }.count
      guard rows >= Self.minClassRows, rows <= truth.count - Self.minClassRows else { continue }
      let probabilities = Int(category) < count ? found[Int(category)] : truth.map { _ in 0 }
      ranked.append(WeightedScore.RankedClass(probabilities: probabilities, isMember: isMember))
    }
    return .auc(ranked)
  }
}
