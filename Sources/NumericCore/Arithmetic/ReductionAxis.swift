// SPDX-License-Identifier: Apache-2.0

/// What a reduction makes one number of.
public enum ReductionAxis: Sendable, CaseIterable {
  /// Each row: the result has as many rows, and one column.
  case row
  /// Each column: the result has as many columns, and one row.
  case column
}

extension Matrix {
  /// Throws unless the matrix takes one number for each row or column of `operand` and shares no
  /// element with it.
  func requireResult(
    ofEach axis: ReductionAxis, of operand: Matrix
  ) throws(NumericError) {
    switch axis {
    case .row: try require(operand.rows, 1, "The result")
    case .column: try require(1, operand.columns, "The result")
    }
    try requireApart(from: operand, "the operand")
  }
}
