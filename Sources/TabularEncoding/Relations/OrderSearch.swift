// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Finds pairs of columns of which one is never less than the other.
///
/// A pair is accepted if no row violates the order although independent columns would violate it in
/// at least 50 rows and 2 % of the rows. That rate is estimated from all pairs of rows. Columns in
/// other relations are excluded, since computed columns keep their order anyway. O(columns² x
/// rows); of more than 128 columns, only nearby ones are compared. Nearly all pairs are rejected
/// after a few rows.
struct OrderSearch {
  private static let minByChance = 50.0
  private static let minShareByChance = 0.02
  private static let maxBelow = 3

  let finder: RelationFinder
  let taken: Set<String>

  private struct Candidate {
    let column: Column
    let areTimes: Bool
    /// The sample's values, ascending.
    let sorted: [Double]
  }

  /// The orders, sorted so that they can be repaired one after the other.
  func orders() -> [OrderRelation] {
    let candidates = finder.table.columns.compactMap { column -> Candidate? in
      let isTime = finder.kinds[column.name] == .datetime
      guard isTime || finder.isQuantity(column), let numbers = column.numbers else { return nil }
      return Candidate(
        column: column, areTimes: isTime,
        sorted: finder.sample.map { numbers[$0] }.filter { !$0.isNaN }.sorted())
    }
    var found: [(relation: OrderRelation, chance: Double)] = []
    for (index, greater) in candidates.enumerated() where !taken.contains(greater.column.name) {
      let near = ColumnPairs.indices(near: index, of: candidates.count, window: ColumnPairs.window)
      var own: [(relation: OrderRelation, chance: Double)] = []
      for other in near where other != index {
        let smaller = candidates[other]
        guard smaller.areTimes == greater.areTimes,
          let chance = chance(greater, smaller),
          // Of two identical columns, the second is the greater.
          other < index || greater.column.numbers!.array != smaller.column.numbers!.array
        else { continue }
        own.append((relation(greater, over: smaller), chance))
      }
      found += own.sorted { ($1.chance, $0.relation.smaller) < ($0.chance, $1.relation.smaller) }
        .prefix(Self.maxBelow)
    }
    // A column is repaired after the columns that it must not be below.
    var pending = found.map(\.relation)
    var ordered: [OrderRelation] = []
    while let next = pending.firstIndex(where: { relation in
      !pending.contains { $0.greater == relation.smaller }
    }) {
      ordered.append(pending.remove(at: next))
    }
    return ordered
  }

  /// The expected rate of violations for independent columns; nil if the order does not hold or is
  /// not significant.
  private func chance(_ greater: Candidate, _ smaller: Candidate) -> Double? {
    let (high, low) = (greater.column.numbers!, smaller.column.numbers!)
    var both = 0
    for row in high.indices where !high[row].isNaN && !low[row].isNaN {
      if low[row] > high[row] { return nil }
      both += 1
    }
    guard both >= RelationFinder.minRows else { return nil }
    var pairs = 0.0
    var below = 0
    for value in smaller.sorted {
      while below < greater.sorted.count && greater.sorted[below] < value { below += 1 }
      pairs += Double(below)
    }
    let chance = pairs / (Double(smaller.sorted.count) * Double(greater.sorted.count))
    return chance >= Self.minShareByChance && chance * Double(both) >= Self.minByChance
      ? chance : nil
  }

  private func relation(_ greater: Candidate, over smaller: Candidate) -> OrderRelation {
    let values = greater.sorted
    let step: Double
    if greater.areTimes {
      step =
        [86_400, 60, 1].first { step in values.allSatisfy { $0 == ($0 / step).rounded() * step } }
        ?? 0
    } else {
      step =
        RelationFinder.decimals(greater.column.numbers!, maximum: 9).map { pow(10, -Double($0)) }
        ?? 0
    }
    return OrderRelation(
      greater: greater.column.name, smaller: smaller.column.name, step: step,
      maximum: greater.column.numbers!.reduce(-.infinity) { $1.isNaN ? $0 : max($0, $1) },
      areTimes: greater.areTimes)
  }
}
