// SPDX-License-Identifier: Apache-2.0

import Testing
import tabgan

@Suite("Rows to learn and monitoring rows")
struct TrainingRowsTests {
  private static func counts(_ count: Int, rows: Int? = nil, monitoring: Int? = nil) -> [Int] {
    let parts = TrainingRows(count: count, rows: rows, monitoring: monitoring, seed: 3)
    return [parts.training.count, parts.monitoringRows.count]
  }

  @Test("A twentieth is set aside, at most 2,000, and none where that is fewer than 50")
  func usual() {
    #expect(Self.counts(1000) == [950, 50])
    #expect(Self.counts(999) == [999, 0])
    #expect(Self.counts(1) == [1, 0])
    #expect(Self.counts(100_000) == [98_000, 2000])
  }

  @Test("Rows that are not learned anyway are set aside first")
  func excludedNames() {
    #expect(Self.counts(2000, rows: 600) == [600, 1400])
    #expect(Self.counts(60_000, rows: 600) == [600, 2000])
    #expect(Self.counts(2000, rows: 1950) == [1900, 100])
    #expect(Self.counts(700, rows: 600) == [600, 100])
    #expect(Self.counts(640, rows: 600) == [600, 0])
  }

  @Test("A number that is asked for is kept, if need be at the cost of rows to learn")
  func asked() {
    #expect(Self.counts(2000, monitoring: 0) == [2000, 0])
    #expect(Self.counts(2000, rows: 600, monitoring: 0) == [600, 0])
    #expect(Self.counts(2000, monitoring: 7) == [1993, 7])
    #expect(Self.counts(2000, rows: 600, monitoring: 1900) == [100, 1900])
    #expect(Self.counts(2, monitoring: 1) == [1, 1])
  }

  @Test(
    "No monitoring row is learned; both follow the seed, and without monitoring rows they are the subset"
  )
  func disjoint() {
    for rows in [nil, 600, 1990] {
      let parts = TrainingRows(count: 2000, rows: rows, monitoring: nil, seed: 3)
      #expect(Set(parts.training).isDisjoint(with: parts.monitoringRows))
      #expect(parts.training == parts.training.sorted())
      let again = TrainingRows(count: 2000, rows: rows, monitoring: nil, seed: 3)
      #expect(again.training == parts.training && again.monitoringRows == parts.monitoringRows)
      let other = TrainingRows(count: 2000, rows: rows, monitoring: nil, seed: 4)
      #expect(other.monitoringRows != parts.monitoringRows)
    }
    #expect(
      TrainingRows(count: 2000, rows: 600, monitoring: nil, seed: 3).training
        == RowSubset(count: 2000, seed: 3).first(600))
  }
}
