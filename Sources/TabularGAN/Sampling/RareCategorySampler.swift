// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEncoding
import SeededRandom

/// Puts rows with rare categories into batches more often than chance does, so that the generator
/// does not lose them (mode dropping); the density ratio restores their proportions when rows are
/// chosen.
///
/// Stratified oversampling: a category whose share of the rows lies below a target gets what is
/// missing to it, up to a few times its own share, from rows drawn among those that have it.
package struct RareCategorySampler {
  /// A category is at most this many times as frequent as in the table.
  private static let maxFactor = 8.0
  /// Categories of fewer rows are unchanged: repeating them would memorize single rows.
  private static let minRows = 10

  /// Cumulative shares of a batch by category; the last is below 1, the rest is drawn from all
  /// rows.
  private let cumulative: [Double]
  /// For each category the rows that have it.
  private let members: [[UInt32]]
  private let seed: UInt64

  /// Counts the categories of every one-hot span. O(spans x rows).
  ///
  /// - Returns: nil if no category is rare, or if rare ones would be half of a batch.
  package init?(_ table: EncodedTable, target: Double, seed: UInt64) {
    var cumulative: [Double] = []
    var members: [[UInt32]] = []
    var sum = 0.0
    for (span, block) in zip(table.spans, table.blocks) {
      guard let codes = block.codes else { continue }
      var counts = [Int](repeating: 0, count: span.width)
      for code in codes { counts[Int(code)] += 1 }
      // A span of many categories has no rare ones: all are.
      let target = min(target, 1 / Double(2 * span.width))
      // For each category its place among the rare ones, or none.
      var indices = [Int](repeating: -1, count: span.width)
      for (category, count) in counts.enumerated() where count >= Self.minRows {
        let share = Double(count) / Double(table.rowCount)
        let extra = min(target, Self.maxFactor * share) - share
        guard extra > 0 else { continue }
        sum += extra
        cumulative.append(sum)
        indices[category] = members.count
        members.append([])
      }
      for (row, code) in codes.enumerated() where indices[Int(code)] >= 0 {
        members[indices[Int(code)]].append(UInt32(row))
      }
    }
    guard sum > 0, sum < 0.5 else { return nil }
    self.cumulative = cumulative
    self.members = members
    self.seed = seed
  }

  /// The row that takes place `index` of the run, nil for one in its turn.
  package func row(at index: UInt64) -> Int? {
    let u = CounterRandom(seed: seed, purpose: .rareCategory).uniform(index)
    guard u < cumulative.last! else { return nil }
    let category = cumulative.firstIndex { u < $0 }!
    let position = CounterRandom(seed: seed, purpose: .rareRow)
      .integer(below: members[category].count, index)
    return Int(members[category][position])
  }
}
