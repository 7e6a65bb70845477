// SPDX-License-Identifier: Apache-2.0

/// A column that is sorted once and compared with many others by Spearman's rank correlation.
package struct RankedColumn {
  private let values: [Double]
  /// The rows that have a value, sorted by value; ties are in unspecified order.
  private let order: [Int]
  /// The rank of each row among those that have a value; 0 for the others.
  private let ranks: [Double]

  /// O(rows log rows).
  package init(_ values: [Double]) {
    self.values = values
    order = values.indices.filter { !values[$0].isNaN }.sorted { values[$0] < values[$1] }
    ranks = Self.ranks(of: values, order: order)
  }

  private var isComplete: Bool { order.count == values.count }

  /// The correlation with another column over rows without missing values; 0 if it is undefined.
  /// Ties get the mean of their ranks. O(rows).
  package func correlation(with other: RankedColumn) -> Double {
    if isComplete && other.isComplete { return Self.correlation(ranks, other.ranks) }
    let rows = values.indices.filter { !values[$0].isNaN && !other.values[$0].isNaN }
    let (own, others) = (ranks(amongRowsOf: other), other.ranks(amongRowsOf: self))
    return Self.correlation(rows.map { own[$0] }, rows.map { others[$0] })
  }

  /// The ranks among the rows in which both columns have a value.
  private func ranks(amongRowsOf other: RankedColumn) -> [Double] {
    other.isComplete
      ? ranks : Self.ranks(of: values, order: order.filter { !other.values[$0].isNaN })
  }

  private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    guard x.count > 2 else { return 0 }
    let mean = Double(x.count - 1) / 2
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      xy += (x - mean) * (y - mean)
      xx += (x - mean) * (x - mean)
      yy += (y - mean) * (y - mean)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
  }

  private static func ranks(of values: [Double], order: [Int]) -> [Double] {
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for i in start..<end { ranks[order[i]] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }
}
