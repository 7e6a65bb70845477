// SPDX-License-Identifier: Apache-2.0

/// What a run that compares ours with peers measured.
struct ComparisonOutcome<Cell: ComparedCell> {
  let report: ComparisonReport<Cell>
  let limits: [MeasuredLimit]
  /// The fewest samples of any side.
  let rounds: Int
  let sampleSeconds: Double
}
