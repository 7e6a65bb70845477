// SPDX-License-Identifier: Apache-2.0

import WorkSharing

/// Ranks and what is computed from them.
package enum Ranks {
  /// The rank of each value, 1...n, ties sharing the mean of their ranks.
  ///
  /// No value may be NaN. O(n log n).
  package static func average(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let rank = Double(start + 1 + end) / 2
      for position in start..<end { ranks[order[position]] = rank }
      start = end
    }
    return ranks
  }

  /// Spearman's correlation of two columns over the rows in which both are present, or nil where it
  /// is undefined (a constant column, no common row).
  ///
  /// O(n log n).
  package static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
    let both = a.indices.filter { !a[$0].isNaN && !b[$0].isNaN }
    return correlation(average(both.map { a[$0] }), average(both.map { b[$0] }))
  }

  /// Pearson's correlation of two columns of ranks, or nil where one is constant or empty.
  package static func correlation(_ a: [Double], _ b: [Double]) -> Double? {
    let mean = Double(a.count + 1) / 2
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (dx, dy) = (x - mean, y - mean)
      xx += dx * dx
      xy += dx * dy
      yy += dy * dy
    }
    let scale = (xx * yy).squareRoot()
    return scale > 0 ? xy / scale : nil
  }

  /// The area under the ROC curve: the chance that a positive scores above a negative, ties half;
  /// 0.5 where one of the two is absent.
  ///
  /// O(n log n).
  package static func areaUnderCurve(scores: [Double], isPositive: [Bool]) -> Double {
    let ranks = average(scores)
    var sum = 0.0
    var positives = 0
    for (rank, positive) in zip(ranks, isPositive) where positive {
      sum += rank
      positives += 1
    }
    let negatives = scores.count - positives
    if positives == 0 || negatives == 0 { return 0.5 }
    let p = Double(positives)
    return (sum - p * (p + 1) / 2) / (p * Double(negatives))
  }
}

/// Spearman's correlations between all columns, rows in which either is missing left out of a pair.
struct SpearmanMatrix: Sendable {
  /// `values[i][j]`, 0 where the correlation is undefined, 1 on the diagonal.
  package let values: [[Double]]

  /// O(columns^2 x n), and x log n for pairs with missing values.
  init(_ columns: [[Double]], threads: Int) {
    let whole = columns.map { column in !column.contains { $0.isNaN } }
    let ranks = parallelMap(columns.count, threads: threads) {
      whole[$0] ? Ranks.average(columns[$0]) : []
    }
    let pairs = columns.indices.flatMap { i in columns.indices.dropFirst(i + 1).map { (i, $0) } }
    let found = parallelMap(pairs.count, threads: threads) { index -> Double in
      let (i, j) = pairs[index]
      return
        (whole[i] && whole[j]
        ? Ranks.correlation(ranks[i], ranks[j]) : Ranks.spearman(columns[i], columns[j])) ?? 0
    }
    var values = [[Double]](
      repeating: [Double](repeating: 1, count: columns.count), count: columns.count)
    for ((i, j), value) in zip(pairs, found) {
      values[i][j] = value
      values[j][i] = value
    }
    self.values = values
  }
}
