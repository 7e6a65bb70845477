// SPDX-License-Identifier: Apache-2.0

/// Searches the columns that add up to a goal.
struct SumSearch {
  let goal: [Double]
  /// As many rows as the goal; no NaN.
  let columns: [[Double]]

  private static let maxParts = 12

  /// What the residuals of a sum are to be close to.
  enum Target { case zero, median }

  /// The columns, ascending, whose sum leaves residuals closest to the target in mean absolute
  /// error, as far as adding a column, removing one, or exchanging one for another can tell. Unlike
  /// least squares, it is not moved by the few rows in which a sum does not hold. O(moves x columns
  /// x rows), and that many times the parts for exchanges.
  func closest(to target: Target) -> [Int] {
    var chosen: Set<Int> = []
    var residual = goal
    var error = self.error(residual, target)
    while let move = bestMove(from: residual, chosen: chosen, to: target, below: error) {
      for index in move.indices {
        let sign = chosen.contains(index) ? 1.0 : -1.0
        for i in residual.indices { residual[i] += sign * columns[index][i] }
        chosen.formSymmetricDifference([index])
      }
      error = move.error
    }
    return chosen.sorted()
  }

  /// The move that leaves the least error: one column, or where none helps, two.
  private func bestMove(
    from residual: [Double], chosen: Set<Int>, to target: Target, below error: Double
  ) -> (indices: [Int], error: Double)? {
    // Rounding errors are no improvement.
    let limit = error * (1 - 1e-9)
    var best: (indices: [Int], error: Double)?
    for index in columns.indices where chosen.contains(index) || chosen.count < Self.maxParts {
      let error = self.error(
        Self.sum(residual, chosen.contains(index) ? 1 : -1, columns[index]), target)
      if error < best?.error ?? limit { best = ([index], error) }
    }
    if best != nil { return best }
    for removed in chosen.sorted() {
      let without = Self.sum(residual, 1, columns[removed])
      for added in columns.indices where !chosen.contains(added) {
        let error = self.error(Self.sum(without, -1, columns[added]), target)
        if error < best?.error ?? limit { best = ([removed, added], error) }
      }
    }
    return best
  }

  private static func sum(_ a: [Double], _ sign: Double, _ b: [Double]) -> [Double] {
    [Double](unsafeUninitializedCapacity: a.count) { result, count in
      for i in a.indices { result[i] = a[i] + sign * b[i] }
      count = a.count
    }
  }

  /// Rows whose median stands for that of all.
  private static let medianRows = 255

  /// The sum of the distances from the target.
  private func error(_ residual: [Double], _ target: Target) -> Double {
    var center = 0.0
    if case .median = target {
      let n = min(residual.count, Self.medianRows)
      center = (0..<n).map { residual[$0 * residual.count / n] }.sorted()[n / 2]
    }
    var error = 0.0
    for value in residual { error += abs(value - center) }
    return error
  }

  /// The columns, ascending, that leave one residual in the most rows, as far as adding or removing
  /// one at a time from `start` can find: the residual, if it takes several values. Residuals are
  /// rounded to `decimals`. O(moves x columns x rows).
  func mostConcentrated(from start: [Int], decimals: Int) -> [Int] {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    var chosen = Set(start)
    var residual = goal
    for index in start { for i in residual.indices { residual[i] -= columns[index][i] } }
    var rows = Self.mostFrequent(residual, scale: scale)
    while true {
      var best: (index: Int, residual: [Double], rows: Int)?
      for index in columns.indices where chosen.count > 1 || !chosen.contains(index) {
        let sign = chosen.contains(index) ? 1.0 : -1.0
        let next = Self.sum(residual, sign, columns[index])
        let nextRows = Self.mostFrequent(next, scale: scale)
        if nextRows > best?.rows ?? rows { best = (index, next, nextRows) }
      }
      guard let best else { return chosen.sorted() }
      chosen.formSymmetricDifference([best.index])
      (residual, rows) = (best.residual, best.rows)
    }
  }

  /// How often the most frequent value occurs.
  private static func mostFrequent(_ values: [Double], scale: Double) -> Int {
    let sorted = values.map { ($0 * scale).rounded() }.sorted()
    var (maximum, run) = (0, 0)
    for i in sorted.indices {
      run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1
      maximum = max(maximum, run)
    }
    return maximum
  }
}
