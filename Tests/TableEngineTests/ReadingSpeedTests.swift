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
      for (name, read) in [
        ("a table", { try connection.values(sql).rowCount }),
        ("a table with its schema", { try connection.table(sql).table.rowCount }),
      ] {
        var best = (wall: Double.infinity, processor: Double.infinity)
        var rows = 0
        for _ in 0..<3 {
          let (begun, used) = (ContinuousClock.now, processorSeconds())
          rows = try read()
          best.wall = min(best.wall, (ContinuousClock.now - begun) / .seconds(1))
          best.processor = min(best.processor, processorSeconds() - used)
        }
        print(
          "\(threads) threads, \(name): \(Int(Double(rows) / best.wall)) rows/s, "
            + "\(best.processor) s of processor time")
      }
    }
  }

  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
