// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How good a synthetic table is: what it shares with the real one column by column and pair by
/// pair, whether a classifier can distinguish them, whether a model can learn from it, whether it
/// copies, and whether it breaks the rules of its subject.
///
/// Every score comes with the same score of real rows.
///
/// Its JSON form (``json()``) has the keys given in the coding keys, sorted; keys are only ever
/// added, and `format` grows where the meaning of one changes.
public struct QualityReport: Sendable, Codable, Equatable {
  /// The rows of the tables.
  public struct Rows: Sendable, Codable, Equatable {
    /// The rows the generator learned from.
    public var train: Int
    /// The real rows it never saw.
    public var holdout: Int
    /// The rows it produced.
    public var synthetic: Int
    /// Rows that were compared on each side.
    public var used: Int
  }

  /// The version of the JSON format.
  ///
  /// Version 3 renamed keys. Since version 2, `memorization_estimate` is within 0...1, counts all
  /// equally near rows, and is absent if it cannot be estimated.
  public var format = 3
  /// How many rows there are.
  public var rows: Rows
  /// The seed of all random choices.
  public var seed: UInt64
  /// What was evaluated, and as what.
  public var features: [ComparedFeature]
  /// Columns of the train table that were not evaluated: ids, free text and empty columns.
  public var excludedNames: [String]
  /// The same columns with the reasons, and columns that only the other tables have.
  public var notCompared: [ExcludedColumn]
  /// One column at a time, against train, in percent.
  public var shape: BaselinedScore<ShapeError>
  /// Two columns at a time, against train, in percent.
  public var trend: BaselinedScore<TrendError>
  /// A classifier that is to tell synthetic from holdout rows (holdout baseline: train from
  /// holdout).
  public var c2st: BaselinedScore<TwoSampleResult>?
  /// The same with forensic features.
  public var engineeredC2ST: BaselinedScore<TwoSampleResult>?
  /// The area under the ROC curve of a logistic regression in the classifier's place.
  public var logisticC2ST: BaselinedScore<Double>?
  /// The 95 % confidence intervals of ``logisticC2ST``.
  public var logisticIntervals: BaselinedScore<ClosedRange<Double>>?
  /// The area under the ROC curve of classifiers that see one feature each, greatest first.
  public var singleColumnC2ST: [FeatureScore]?
  /// What can be learned from the rows; nil without a target.
  public var utility: MLUtility?
  /// Why ``utility`` was not measured; nil if it was.
  public var utilityOmission: MLUtilityOmission?
  /// Whether synthetic rows are copies of train rows.
  public var memorization: MemorizationEstimate?
  /// Rows, in percent, that break each rule of the table's subject; empty where none is known.
  public var plausibility: [BrokenRule]

  /// Why utility is not measured.
  public enum MLUtilityOmission: String, Sendable, Codable, CaseIterable {
    /// No target was named, and the table has no two datetimes whose difference could be predicted.
    case noTarget = "no_target"
    /// It was not requested.
    case notRequested = "not_requested"
  }

  enum CodingKeys: String, CodingKey {
    case format, rows, seed, features, memorization
    case excludedNames = "excluded_columns"
    case shape = "shape_error_pct"
    case trend = "trend_error_pct"
    case c2st = "c2st"
    case engineeredC2ST = "c2st_engineered"
    case notCompared = "not_compared"
    case logisticC2ST = "c2st_logistic_auc"
    case logisticIntervals = "c2st_logistic_auc_interval"
    case singleColumnC2ST = "c2st_single_column_auc"
    case utility = "ml_utility"
    case utilityOmission = "ml_utility_omitted"
    case plausibility
  }

  /// The report with the values derived from it.
  private struct Document: Encodable {
    let report: QualityReport
    enum CodingKeys: String, CodingKey { case verdict }

    func encode(to encoder: any Encoder) throws {
      try report.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(report.verdict, forKey: .verdict)
    }
  }

  /// The report as JSON: pretty-printed, keys sorted, with the ``verdict``.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(Document(report: self))
  }
}
