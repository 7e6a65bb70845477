// SPDX-License-Identifier: Apache-2.0

/// A rule of the table's subject, with the share of rows that break it in percent.
public struct BrokenRule: Sendable, Codable, Equatable {
  /// What a row that breaks it has, in words for people.
  public var rule: String
  /// The share of the synthetic rows.
  public var synthetic: Double
  /// The same in the holdout table.
  public var holdoutBaseline: Double

  enum CodingKeys: String, CodingKey {
    case rule
    case synthetic = "synthetic_pct"
    case holdoutBaseline = "holdout_baseline_pct"
  }
}
