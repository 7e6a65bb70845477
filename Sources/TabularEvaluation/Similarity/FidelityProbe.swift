// SPDX-License-Identifier: Apache-2.0

import Tabular
import SeededRandom

/// A quick look at synthetic rows while a generator is being trained: the mean shape and trend
/// errors against a sample of the real rows, in a fraction of a second.
public struct FidelityProbe: Sendable {
  /// Mean errors in percent, over the table's own columns and their pairs.
  public struct Score: Sendable, Codable, Equatable {
    /// Mean of ``ShapeError``.
    public var shapeError: Double
    /// Mean of ``TrendError``.
    public var trendError: Double

    enum CodingKeys: String, CodingKey {
      case shapeError = "shape_error_pct"
      case trendError = "trend_error_pct"
    }
  }

  /// The score of further real rows, which differ from the reference by chance alone: the best that
  /// can honestly be reached.
  public let holdoutBaseline: Score
  private let encoder: FeatureEncoder
  private let shape: ShapeComparison
  private let trend: TrendComparison

  /// Draws up to `rows` rows of `table` as the reference and as many others for the holdout
  /// baseline.
  ///
  /// Throws where the table has fewer than two rows or no column that can be evaluated.
  public init(
    reference table: Table, rows: Int = 4000, seed: UInt64 = 0, threads: Int = 1
  ) throws(EvaluationError) {
    if table.rowCount < 2 { throw .emptyTable("reference") }
    if rows < 1 { throw .invalidOption("rows is \(rows); give 1 or more") }
    let encoder = FeatureEncoder(train: table, threads: threads)
    if encoder.features.isEmpty { throw .nothingToCompare(excludedNames: encoder.excludedNames) }
    var generator = SplitMix64(seed: seed, purpose: EvaluationPurpose.probe)
    let order = generator.permutation(table.rowCount)
    let size = min(rows, table.rowCount / 2)
    let draw = { (range: Range<Int>) in table.selecting(rows: Array(order[range])) }
    let reference = try encoder(draw(0..<size), part: "reference", threads: threads)
    let other = try encoder(draw(size..<2 * size), part: "reference", threads: threads)
    self.encoder = encoder
    shape = ShapeComparison(reference: reference, threads: threads)
    trend = TrendComparison(reference: reference, threads: threads)
    holdoutBaseline = Score(shapeError: shape(other).mean, trendError: trend(other).mean)
  }

  /// The errors of synthetic rows; a few thousand are enough.
  ///
  /// Throws where a column is missing or there is no row.
  public func score(_ synthetic: Table) throws(EvaluationError) -> Score {
    if synthetic.rowCount == 0 { throw .emptyTable("synthetic") }
    let features = try encoder(synthetic, part: "synthetic")
    return Score(shapeError: shape(features).mean, trendError: trend(features).mean)
  }
}
