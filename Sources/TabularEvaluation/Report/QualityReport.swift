// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How good a synthetic table is: what it shares with the real one column by column and pair by
/// pair, whether a classifier can distinguish them, whether a model can learn from it, whether it
/// copies, and whether it breaks the rules of its subject.
///
/// Every score comes with the same score of real rows.
///
/// Its JSON form (``json()``) has sorted keys, among them one for each metric; keys are only ever
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
  /// What each metric found.
  var results = MetricResults()
  /// Why ``utility`` was not measured; nil if it was.
  public var utilityOmission: MLUtilityOmission?

  /// Why utility is not measured.
  public enum MLUtilityOmission: String, Sendable, Codable, CaseIterable {
    /// No target was named, and the table has no two datetimes whose difference could be predicted.
    case noTarget = "no_target"
    /// It was not requested.
    case notRequested = "not_requested"
  }

  /// What is not a metric; the metrics have keys of their own.
  private enum CodingKeys: String, CodingKey {
    case format, rows, seed, features
    case excludedNames = "excluded_columns"
    case notCompared = "not_compared"
    case utilityOmission = "ml_utility_omitted"
  }

  init(
    rows: Rows, seed: UInt64, features: [ComparedFeature], excludedNames: [String],
    notCompared: [ExcludedColumn]
  ) {
    self.rows = rows
    self.seed = seed
    self.features = features
    self.excludedNames = excludedNames
    self.notCompared = notCompared
  }

  /// Decodes a report.
  ///
  /// - Throws: `DecodingError` if a metric that every report has is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    format = try container.decode(Int.self, forKey: .format)
    rows = try container.decode(Rows.self, forKey: .rows)
    seed = try container.decode(UInt64.self, forKey: .seed)
    features = try container.decode([ComparedFeature].self, forKey: .features)
    excludedNames = try container.decode([String].self, forKey: .excludedNames)
    notCompared = try container.decode([ExcludedColumn].self, forKey: .notCompared)
    utilityOmission = try container.decodeIfPresent(
      MLUtilityOmission.self, forKey: .utilityOmission)
    let metrics = try decoder.container(keyedBy: MetricResults.Key.self)
    for key in [ShapeMetric.key, TrendMetric.key, PlausibilityMetric.key] {
      let key = MetricResults.Key(stringValue: key)
      if !metrics.contains(key) {
        throw DecodingError.keyNotFound(
          key, .init(codingPath: decoder.codingPath, debugDescription: "there is no \(key)"))
      }
    }
    for metric in Metrics.all { try results.decode(metric, from: metrics) }
  }

  /// Encodes the report without its ``verdict``; see ``json()``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(format, forKey: .format)
    try container.encode(rows, forKey: .rows)
    try container.encode(seed, forKey: .seed)
    try container.encode(features, forKey: .features)
    try container.encode(excludedNames, forKey: .excludedNames)
    try container.encode(notCompared, forKey: .notCompared)
    try container.encodeIfPresent(utilityOmission, forKey: .utilityOmission)
    var metrics = encoder.container(keyedBy: MetricResults.Key.self)
    for metric in Metrics.all { try results.encode(metric, to: &metrics) }
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
