// SPDX-License-Identifier: Apache-2.0

import NumericCore

// Matrices one below the other, as the parts of a batch.

extension [MixedMatrix] {
  /// The rows of all parts.
  var rows: Int { reduce(0) { $0 + $1.rows } }

  /// Where each part's rows are in the whole.
  var rowRanges: [Range<Int>] {
    var end = 0
    return map { part in
      defer { end += part.rows }
      return end..<end + part.rows
    }
  }

  /// The rows of `range`, in as many parts as hold some.
  subscript(rows range: Range<Int>) -> [MixedMatrix] {
    zip(self, rowRanges).compactMap { part, rows in
      let common = rows.clamped(to: range)
      guard !common.isEmpty else { return nil }
      return part[rows: common.lowerBound - rows.lowerBound..<common.upperBound - rows.lowerBound]
    }
  }
}

extension Matrix {
  /// Adds each row of `parts`, times the number in the same row of the column `factors`.
  func addRows(
    of parts: [MixedMatrix], scaledBy factors: Matrix, in context: ComputeContext
  ) {
    for (part, rows) in zip(parts, parts.rowRanges) {
      self[rows: rows].addRows(of: part, scaledBy: factors[rows: rows], in: context)
    }
  }

  private func addRows(
    of part: MixedMatrix, scaledBy factors: Matrix, in context: ComputeContext
  ) {
    let columns = part.dense.columns
    if columns > 0 {
      self[columns: 0..<columns].forEachRow(part.dense, factors, in: context) { _, y, x, factor in
        let s = factor[0]
        for j in 0..<columns { y[j] += s * x[j] }
      }
    }
    guard let sparse = part.sparse else { return }
    let entries = sparse.entries
    sparse.withUnsafeMutableEntries { indices, values in
      self[columns: columns..<part.columns].forEachRow(factors, in: context) { row, y, factor in
        for entry in row * entries..<(row + 1) * entries {
          y[Int(indices[entry])] += factor[0] * values[entry]
        }
      }
    }
  }
}
