// SPDX-License-Identifier: Apache-2.0

extension ComputeContext {
  /// y[c] = finish(the sum of column c's terms), y being one row.
  ///
  /// - Parameters:
  ///   - nanoseconds: what an element takes, roughly.
  ///   - term: a row's terms in the `count` columns from `column` on, at most 16, with zeros behind
  ///     them.
  ///   - finish: makes the result of a sum.
  @inline(__always)
  func sumColumns(
    of x: Matrix, into y: Matrix, nanoseconds: Double,
    term: (_ row: Int, _ column: Int, _ count: Int) -> SIMD16<Float>,
    finish: (Double) -> Double = { $0 }
  ) {
    let total = nanoseconds * Double(x.rows) * Double(x.columns)
    share(x.columns, grain: 16, nanoseconds: total) { part in
      ColumnSums.sum(rows: x.rows, columns: part) { rows, columns, partial in
        var row = rows.lowerBound
        // Four rows at a time: the partial sums are loaded and stored once for them.
        while row + 4 <= rows.upperBound {
          Self.forEachVector(of: columns) { column, count in
            let sums = partial + (column - columns.lowerBound)
            var lanes = Lanes.load(sums)
            for next in row..<row + 4 { lanes += term(next, column, count) }
            Lanes.store(lanes, to: sums)
          }
          row += 4
        }
        while row < rows.upperBound {
          Self.forEachVector(of: columns) { column, count in
            let sums = partial + (column - columns.lowerBound)
            Lanes.store(Lanes.load(sums) + term(row, column, count), to: sums)
          }
          row += 1
        }
      } finish: { column, sum in
        y.base[column] = Float(finish(sum))
      }
    }
    withExtendedLifetime((x, y)) {}
  }

  /// Calls `body` with the first of each 16 columns, and at the end with the first of those left
  /// and their number.
  @inline(__always)
  private static func forEachVector(
    of columns: Range<Int>, _ body: (_ column: Int, _ count: Int) -> Void
  ) {
    var column = columns.lowerBound
    while column + 16 <= columns.upperBound {
      body(column, 16)
      column += 16
    }
    if column < columns.upperBound { body(column, columns.upperBound - column) }
  }

  /// y[c] = the largest f(element) of column c, or NaN if one is NaN, y being one row.
  @inline(__always)
  func maximizeColumns(
    of x: Matrix, into y: Matrix, _ f: (SIMD16<Float>) -> SIMD16<Float>
  ) {
    let total = 0.2 * Double(x.rows) * Double(x.columns)
    share(x.columns, grain: 16, nanoseconds: total) { part in
      let best = y.base + part.lowerBound
      best.update(repeating: -.infinity, count: part.count)
      for row in 0..<x.rows {
        Lanes.map(part.count, best, x.base + row * x.stride + part.lowerBound, into: best) {
          Lanes.largerOrNaN(f($1), $0)
        }
      }
    }
    withExtendedLifetime((x, y)) {}
  }
}
