/// Searches the columns that add up to a goal.
struct SumSearch {
  let goal: [Double]
  /// As many rows as the goal; no NaN.
  let columns: [[Double]]

  private static let mostParts = 12

  /// The columns, ascending, that add up closest in mean absolute error, as far as adding a column,
  /// removing one, or exchanging one for another can tell. Unlike least squares, it is not moved by
  /// the few rows in which a sum does not hold. O(moves x columns x rows), and that many times the
  /// parts for exchanges.
  func closest() -> [Int] {
    var chosen: Set<Int> = []
    var rest = goal
    var error = rest.reduce(0) { $0 + abs($1) }
    while let move = bestMove(from: rest, chosen: chosen, below: error) {
      for index in move.indices {
        let sign = chosen.contains(index) ? 1.0 : -1.0
        for i in rest.indices { rest[i] += sign * columns[index][i] }
        chosen.formSymmetricDifference([index])
      }
      error = move.error
    }
    return chosen.sorted()
  }

  /// The move that leaves the least error: one column, or where none helps, two.
  private func bestMove(
    from rest: [Double], chosen: Set<Int>, below error: Double
  ) -> (indices: [Int], error: Double)? {
    // Rounding errors are no improvement.
    let limit = error * (1 - 1e-9)
    var best: (indices: [Int], error: Double)?
    for index in columns.indices where chosen.contains(index) || chosen.count < Self.mostParts {
      let sign = chosen.contains(index) ? 1.0 : -1.0
      let error = self.error(rest, sign, columns[index])
      if error < best?.error ?? limit { best = ([index], error) }
    }
    if best != nil { return best }
    for removed in chosen.sorted() {
      let without = zip(rest, columns[removed]).map { $0 + $1 }
      for added in columns.indices where !chosen.contains(added) {
        let error = self.error(without, -1, columns[added])
        if error < best?.error ?? limit { best = ([removed, added], error) }
      }
    }
    return best
  }

  /// The sum of |rest + sign x values|.
  private func error(_ rest: [Double], _ sign: Double, _ values: [Double]) -> Double {
    var error = 0.0
    for i in rest.indices { error += abs(rest[i] + sign * values[i]) }
    return error
  }

  /// The columns, ascending, that leave one rest in the most rows, as far as adding or removing one
  /// at a time from `start` can tell: what is left where the rest takes several values. Rests are
  /// told apart by `decimals`. O(moves x columns x rows).
  func mostConcentrated(from start: [Int], decimals: Int) -> [Int] {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    var chosen = Set(start)
    var rest = goal
    for index in start { for i in rest.indices { rest[i] -= columns[index][i] } }
    var rows = Self.mostFrequent(rest, scale: scale)
    while true {
      var best: (index: Int, rest: [Double], rows: Int)?
      for index in columns.indices where chosen.count > 1 || !chosen.contains(index) {
        let sign = chosen.contains(index) ? 1.0 : -1.0
        let next = zip(rest, columns[index]).map { $0 + sign * $1 }
        let nextRows = Self.mostFrequent(next, scale: scale)
        if nextRows > best?.rows ?? rows { best = (index, next, nextRows) }
      }
      guard let best else { return chosen.sorted() }
      chosen.formSymmetricDifference([best.index])
      (rest, rows) = (best.rest, best.rows)
    }
  }

  /// How often the most frequent value occurs.
  private static func mostFrequent(_ values: [Double], scale: Double) -> Int {
    let sorted = values.map { ($0 * scale).rounded() }.sorted()
    var (most, run) = (0, 0)
    for i in sorted.indices {
      run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1
      most = max(most, run)
    }
    return most
  }
}
