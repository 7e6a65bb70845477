// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularEncoding

extension TabularSynthesizer {
  /// Measures the density ratio on rows on trial, which tells from which ratio on candidates are
  /// accepted, and corrects it by the marginals of the table that was learned, where the
  /// configuration asks for it. O(rows x weights).
  ///
  /// - Parameter onProgress: called with the completed share, 0...1.
  mutating func rake(
    to sample: MarginalSample, encoded: EncodedTable, seed: UInt64, in context: ComputeContext,
    onProgress: (Double) throws -> Void
  ) throws {
    guard let ratio, let resampling = configuration.resampling else { return }
    try onProgress(0)
    var marginals: [Marginal] = []
    var real = CountedRows(table: sample.table)
    if resampling.rakingRows > 0 {
      real = CountedRows(
        table: sample.table,
        features: try ratio.features(of: sample.rows, in: encoded, in: context), areLearned: true)
      marginals = MarginalSubject.all(
        of: real.table, schema: schema, encoder: encoder, derived: derived
      )
      .compactMap { Marginal($0, of: real) }
    }
    // Rows that neither the ratio was learned from nor a user gets for the same seed.
    let sampler = try candidateSampler(
      weighing: true, conditions: conditions, seed: ~seed, in: context)
    let room = Self.trialBytes / (MemoryLayout<UInt16>.size * max(marginals.count, 1))
    let wanted = min(sample.count, max(resampling.rakingRows, Self.minTrialRows))
    let count = min(wanted * Self.trialCandidates, room)
    var fit = RakingFit(marginals: marginals, real: real, threads: context.threads)
    var logarithms: [Float] = []
    // Blocks of rows for which no thread waits long.
    let block = CandidateSampler.maxRows * context.threads
    for first in stride(from: 0, to: count, by: block) {
      let rows = first..<min(first + block, count)
      let parts = try sampler.map(
        Self.firstTrialRow + rows.lowerBound..<Self.firstTrialRow + rows.upperBound,
        threads: context.threads
      ) { [marginals] numbers, workspace in
        let made = try sampler.candidates(numbers, 0, workspace: workspace)
        return (
          cells: Raking.cells(
            of: CountedRows(table: made.table, features: made.features), marginals, threads: 1),
          logarithms: made.logarithms
        )
      }
      for part in parts {
        fit.add(cells: part.cells)
        logarithms += part.logarithms
      }
      // The rounds that follow take about a tenth of the total time.
      try onProgress(0.9 * Double(rows.upperBound) / Double(count))
    }
    let ratioBound = Acceptance.ratioBound(logarithms, cap: resampling.ratioCap)
    for row in logarithms.indices { logarithms[row] = min(logarithms[row], ratioBound) }
    var bound = Acceptance.bound(logarithms)
    if !marginals.isEmpty { (raking, bound) = fit.run(logarithms: logarithms) }
    acceptance = Acceptance(ratioBound: ratioBound, bound: bound)
    try onProgress(1)
  }

  /// Candidates on trial for each of the rows that the marginals are corrected by. A weighted
  /// candidate counts like a part of an accepted row.
  private static let trialCandidates = 6
  private static let firstTrialRow = 1 << 41
  /// What the cells of the rows on trial may take in memory.
  private static let trialBytes = 96 << 20
  /// Rows that tell the mean of the ratio.
  private static let minTrialRows = 8192
}
