// SPDX-License-Identifier: Apache-2.0

/// A score of the synthetic rows beside its two baselines, measured on equally many rows.
public struct BaselinedScore<Score: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
  /// The score of the synthetic rows.
  public var synthetic: Score
  /// The score of real rows instead of synthetic ones: the value to aim for.
  public var holdoutBaseline: Score
  /// The score of train columns shuffled independently: perfect columns, no relations at all.
  ///
  /// Nil where it would say nothing.
  public var independentColumnsBaseline: Score?

  enum CodingKeys: String, CodingKey {
    case synthetic
    case holdoutBaseline = "holdout_baseline"
    case independentColumnsBaseline = "independent_columns"
  }

  init(synthetic: Score, holdoutBaseline: Score, independentColumnsBaseline: Score? = nil) {
    self.synthetic = synthetic
    self.holdoutBaseline = holdoutBaseline
    self.independentColumnsBaseline = independentColumnsBaseline
  }

  func map<Other>(_ transform: (Score) -> Other) -> BaselinedScore<Other> {
    BaselinedScore<Other>(
      synthetic: transform(synthetic), holdoutBaseline: transform(holdoutBaseline),
      independentColumnsBaseline: independentColumnsBaseline.map(transform))
  }
}
