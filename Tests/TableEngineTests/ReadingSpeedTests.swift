// SPDX-License-Identifier: Apache-2.0

import Foundation
import TableEngine
import Testing

/// Measures how fast a Parquet file becomes a table:
/// `TABGAN_PARQUET=FILE swift test -c release --filter ReadingSpeedTests`; docs/lab/sources.md has
/// results.
@Suite(
  "Speed of reading",
  .enabled(
    if: InstalledEngine.measuredFile != nil && InstalledEngine.library != nil, "no TABGAN_PARQUET")
)
struct ReadingSpeedTests {
  @Test func rowsPerSecond() throws {
    let sql = "SELECT * FROM \(SQL.literal(InstalledEngine.measuredFile!))"
    for threads in [1, 2] {
      let connection = try InstalledEngine.connection(threads: threads)
      var best = (values: Double.infinity, table: Double.infinity)
      var rows = 0
      for _ in 0..<3 {
        var begun = ContinuousClock.now
        rows = try connection.values(sql).rowCount
        best.values = min(best.values, (ContinuousClock.now - begun) / .seconds(1))
        begun = ContinuousClock.now
        #expect(try connection.table(sql).table.rowCount == rows)
        best.table = min(best.table, (ContinuousClock.now - begun) / .seconds(1))
      }
      let rate = { (seconds: Double) in Int(Double(rows) / seconds) }
      print(
        "threads \(threads): \(rate(best.values)) rows/s, with a schema \(rate(best.table)) rows/s")
    }
  }
}
