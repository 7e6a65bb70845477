// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The rows of a table by which its marginals are counted: an evenly spaced sample of a large one.
struct MarginalSample {
  /// Their numbers in the table.
  let rows: [Int]
  let table: Table
  /// Rows of the whole table.
  let count: Int

  private static let maxRows = 200_000

  /// O(columns x rows of the sample).
  init(of whole: Table) {
    count = whole.rowCount
    let known = min(count, Self.maxRows)
    rows = (0..<known).map { [count] in $0 * count / known }
    table = known == count ? whole : whole.selecting(rows: rows)
  }
}
