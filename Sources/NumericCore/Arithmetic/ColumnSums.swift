// SPDX-License-Identifier: Apache-2.0

/// Sums down columns in a fixed order: in single precision over blocks of 32 rows, in double
/// precision over the blocks.
///
/// Nearly as exact as double precision throughout, and several times as fast: the error is at most
/// 33 u Σ|terms|, u = 2⁻²⁴, whatever the number of rows.
@usableFromInline package enum ColumnSums {
  /// Rows of a block.
  @inlinable static var blockRows: Int { 32 }
  /// Columns that are summed at a time: their sums stay in the L1 cache.
  @inlinable static var panelColumns: Int { 512 }

  /// Sums the terms of `columns` over `rows` rows.
  ///
  /// - Parameters:
  ///   - accumulate: adds the terms of rows and columns to the partial sums, of which the first
  ///     belongs to the first of the columns; row after row.
  ///   - finish: receives the sum of a column.
  @inlinable @inline(__always)
  package static func sum(
    rows: Int, columns: Range<Int>,
    _ accumulate: (
      _ rows: Range<Int>, _ columns: Range<Int>, _ partial: UnsafeMutablePointer<Float>
    ) -> Void,
    finish: (_ column: Int, _ sum: Double) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: panelColumns) { totals in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: panelColumns) { partials in
        let (total, partial) = (totals.baseAddress!, partials.baseAddress!)
        var first = columns.lowerBound
        while first < columns.upperBound {
          let panel = first..<min(first + panelColumns, columns.upperBound)
          total.initialize(repeating: 0, count: panel.count)
          var start = 0
          while start < rows {
            let block = start..<min(start + blockRows, rows)
            partial.initialize(repeating: 0, count: panelColumns)
            accumulate(block, panel, partial)
            for j in 0..<panel.count { total[j] += Double(partial[j]) }
            start = block.upperBound
          }
          for j in 0..<panel.count { finish(first + j, total[j]) }
          first = panel.upperBound
        }
      }
    }
  }
}
