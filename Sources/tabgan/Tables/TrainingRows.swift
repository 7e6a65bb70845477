/// Which rows of a table are learned, and which are set aside as guard rows.
///
/// Both follow the seed alone: the learned rows are the first of ``RowSubset``, so that a smaller
/// number of them is part of every larger one, and the guard rows its last.
package struct TrainingRows {
  /// Row numbers in the order of the file.
  package let learned: [Int]
  /// Row numbers in the order of the file, none of them learned.
  package let guarding: [Int]

  /// The most guard rows that are set aside unasked; more say little more.
  private static let mostGuards = 2000
  /// With fewer, a guard would see only a generator that does nothing but copy.
  private static let fewestGuards = 50

  /// - Parameters:
  ///   - count: rows of the table.
  ///   - rows: how many are to be learned, nil for all; at most `count`.
  ///   - guards: how many are to be set aside, fewer than `count`; nil to choose.
  ///
  /// Where both are more than the table has, fewer rows are learned.
  package init(count: Int, rows: Int?, guards: Int?, seed: UInt64) {
    let wanted = rows ?? count
    // Rows that are not learned anyway cost nothing.
    let usual = min(max(count / 20, count - wanted), Self.mostGuards)
    let set = guards ?? (usual < Self.fewestGuards ? 0 : usual)
    let learned = min(wanted, count - set)
    if learned == count {
      self.learned = Array(0..<count)
      guarding = []
    } else {
      let subset = RowSubset(count: count, seed: seed)
      self.learned = subset.first(learned)
      guarding = subset.last(set)
    }
  }
}
