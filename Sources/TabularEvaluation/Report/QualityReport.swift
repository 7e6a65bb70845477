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
  /// Since version 2, `copied_estimate` is within 0...1, counts all equally near rows, and is
  /// absent if it cannot be estimated.
  public var format = 2
  /// How many rows there are.
  public var rows: Rows
  /// The seed of all random choices.
  public var seed: UInt64
  /// What was judged, and as what.
  public var features: [JudgedFeature]
  /// Columns of the train table that were not judged: ids, free text and empty columns.
  public var leftOut: [String]
  /// The same columns with the reasons, and columns that only the other tables have.
  public var notCompared: [ExcludedColumn]
  /// One column at a time, against train, in percent.
  public var shape: Anchored<ShapeError>
  /// Two columns at a time, against train, in percent.
  public var trend: Anchored<TrendError>
  /// A classifier that is to tell synthetic from holdout rows (floor: train from holdout).
  public var detection: Anchored<TwoSampleResult>?
  /// The same with forensic features.
  public var strictDetection: Anchored<TwoSampleResult>?
  /// The area under the ROC curve of a logistic regression in the classifier's place.
  public var linearDetection: Anchored<Double>?
  /// The 95 % confidence intervals of ``linearDetection``.
  public var linearIntervals: Anchored<ClosedRange<Double>>?
  /// The area under the ROC curve of classifiers that see one feature each, greatest first.
  public var soloDetection: [FeatureScore]?
  /// What can be learned from the rows; nil without a target.
  public var usefulness: Usefulness?
  /// Why ``usefulness`` was not measured; nil if it was.
  public var usefulnessOmission: UsefulnessOmission?
  /// Whether synthetic rows are copies of train rows.
  public var copying: CopyingAlarm?
  /// Rows, in percent, that break each rule of the table's subject; empty where none is known.
  public var plausibility: [BrokenRule]

  /// Why usefulness is not measured.
  public enum UsefulnessOmission: String, Sendable, Codable, CaseIterable {
    /// No target was named, and the table has no two datetimes whose difference could be predicted.
    case noTarget = "no_target"
    /// It was not requested.
    case notAsked = "not_asked"
  }

  enum CodingKeys: String, CodingKey {
    case format, rows, seed, features, copying
    case leftOut = "left_out"
    case shape = "shape_error_pct"
    case trend = "trend_error_pct"
    case detection = "c2st"
    case strictDetection = "c2st_strict"
    case notCompared = "not_compared"
    case linearDetection = "c2st_linear_auc"
    case linearIntervals = "c2st_linear_auc_interval"
    case soloDetection = "c2st_alone_auc"
    case usefulness = "tstr"
    case usefulnessOmission = "tstr_left_out"
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
