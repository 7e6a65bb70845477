import Testing
import tabgan

@Suite("Rows to learn and guard rows")
struct TrainingRowsTests {
  private static func counts(_ count: Int, rows: Int? = nil, guards: Int? = nil) -> [Int] {
    let parts = TrainingRows(count: count, rows: rows, guards: guards, seed: 3)
    return [parts.learned.count, parts.guarding.count]
  }

  @Test("A twentieth is set aside, at most 2,000, and none where that is fewer than 50")
  func usual() {
    #expect(Self.counts(1000) == [950, 50])
    #expect(Self.counts(999) == [999, 0])
    #expect(Self.counts(1) == [1, 0])
    #expect(Self.counts(100_000) == [98_000, 2000])
  }

  @Test("Rows that are not learned anyway are set aside first")
  func leftOut() {
    #expect(Self.counts(2000, rows: 600) == [600, 1400])
    #expect(Self.counts(60_000, rows: 600) == [600, 2000])
    #expect(Self.counts(2000, rows: 1950) == [1900, 100])
    #expect(Self.counts(700, rows: 600) == [600, 100])
    #expect(Self.counts(640, rows: 600) == [600, 0])
  }

  @Test("A number that is asked for is kept, if need be at the cost of rows to learn")
  func asked() {
    #expect(Self.counts(2000, guards: 0) == [2000, 0])
    #expect(Self.counts(2000, rows: 600, guards: 0) == [600, 0])
    #expect(Self.counts(2000, guards: 7) == [1993, 7])
    #expect(Self.counts(2000, rows: 600, guards: 1900) == [100, 1900])
    #expect(Self.counts(2, guards: 1) == [1, 1])
  }

  @Test("No guard row is learned; both follow the seed, and without guards they are the subset")
  func disjoint() {
    for rows in [nil, 600, 1990] {
      let parts = TrainingRows(count: 2000, rows: rows, guards: nil, seed: 3)
      #expect(Set(parts.learned).isDisjoint(with: parts.guarding))
      #expect(parts.learned == parts.learned.sorted())
      let again = TrainingRows(count: 2000, rows: rows, guards: nil, seed: 3)
      #expect(again.learned == parts.learned && again.guarding == parts.guarding)
      let other = TrainingRows(count: 2000, rows: rows, guards: nil, seed: 4)
      #expect(other.guarding != parts.guarding)
    }
    #expect(
      TrainingRows(count: 2000, rows: 600, guards: nil, seed: 3).learned
        == RowSubset(count: 2000, seed: 3).first(600))
  }
}
