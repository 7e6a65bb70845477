import Foundation

/// How good a synthetic table is: what it shares with the real one column by column and pair by
/// pair, whether a classifier can tell them apart, whether a model can learn from it, whether it
/// copies, and whether it breaks the rules of its subject.
///
/// Every score stands beside what real rows score in the same place.
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

  /// The version of the JSON form.
  public var format = 1
  /// How many rows there are.
  public var rows: Rows
  /// The seed of all random choices.
  public var seed: UInt64
  /// What was judged, and as what.
  public var features: [JudgedFeature]
  /// Columns that were not judged: ids, free text, empty ones.
  public var leftOut: [String]
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
  /// The area under the ROC curve of classifiers that see one feature each, greatest first.
  public var soloDetection: [FeatureScore]?
  /// What can be learned from the rows; nil without a target.
  public var usefulness: Usefulness?
  /// Whether synthetic rows are copies of train rows.
  public var copying: CopyingAlarm?
  /// Rows, in percent, that break each rule of the table's subject; empty where none is known.
  public var plausibility: [BrokenRule]

  /// A rule of the table's subject, with the share of rows that break it in percent.
  public struct BrokenRule: Sendable, Codable, Equatable {
    /// What a row that breaks it has, in words for people.
    public var rule: String
    /// The share of the synthetic rows.
    public var synthetic: Double
    /// The same in the holdout table.
    public var floor: Double

    enum CodingKeys: String, CodingKey {
      case rule
      case synthetic = "synthetic_pct"
      case floor = "floor_pct"
    }
  }

  enum CodingKeys: String, CodingKey {
    case format, rows, seed, features, copying
    case leftOut = "left_out"
    case shape = "shape_error_pct"
    case trend = "trend_error_pct"
    case detection = "c2st"
    case strictDetection = "c2st_strict"
    case linearDetection = "c2st_linear_auc"
    case soloDetection = "c2st_alone_auc"
    case usefulness = "tstr"
    case plausibility
  }

  /// The report as JSON: pretty-printed, keys sorted.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
