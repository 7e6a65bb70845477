// SPDX-License-Identifier: Apache-2.0

/// The distinct values of a column of numbers with their counts.
package struct ValueSummary {
  /// Ascending.
  package let distinct: [(value: Double, count: Int)]
  /// Values looked at.
  let sampled: Int
  let range: ClosedRange<Double>?
  let isWhole: Bool

  /// Values are looked at one by one up to `limit`, evenly spaced beyond it.
  package init(_ values: [Double], limit: Int) {
    var present = values.filter { !$0.isNaN }
    range = present.min().map { $0...present.max()! }
    isWhole = present.allSatisfy { $0 == $0.rounded() }
    if present.count > limit {
      let step = Double(present.count) / Double(limit)
      present = (0..<limit).map { present[Int(Double($0) * step)] }
    }
    present.sort()
    sampled = present.count
    var distinct: [(value: Double, count: Int)] = []
    for value in present {
      if let last = distinct.last, last.value == value {
        distinct[distinct.count - 1].count += 1
      } else {
        distinct.append((value, 1))
      }
    }
    self.distinct = distinct
  }

  /// Values that stand out: every value where there are at most 25; else those with at least 0.5 %
  /// of the rows and five times the mean of their ten nearest neighbors. Most frequent first.
  package func pointMasses() -> [ColumnSchema.PointMass] {
    guard sampled > 0 else { return [] }
    let found: [(value: Double, count: Int)]
    if distinct.count <= 25 {
      found = distinct
    } else {
      let minimum = max(Double(sampled) * 0.005, 5)
      found = distinct.indices.filter { i in
        let count = Double(distinct[i].count)
        guard count >= minimum else { return false }
        let low = max(0, min(i - 5, distinct.count - 11))
        let neighbors = (low..<min(low + 11, distinct.count)).filter { $0 != i }
        let mean =
          neighbors.reduce(0.0) { $0 + Double(distinct[$1].count) } / Double(neighbors.count)
        return count >= 5 * mean
      }.map { distinct[$0] }
    }
    return found.sorted { $0.count != $1.count ? $0.count > $1.count : $0.value < $1.value }
      .map { ColumnSchema.PointMass(value: $0.value, share: Double($0.count) / Double(sampled)) }
  }
}
