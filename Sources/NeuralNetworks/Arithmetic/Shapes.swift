// SPDX-License-Identifier: Apache-2.0

import NumericCore

extension Matrix {
  /// Throws unless the matrix has that shape.
  func requireShape(
    rows: Int, columns: Int, _ operand: @autoclosure () -> String
  ) throws(NeuralNetworkError) {
    guard self.rows == rows, self.columns == columns else {
      throw .shapeMismatch(
        operand: operand(), expected: [rows, columns], found: [self.rows, self.columns])
    }
  }

  /// Throws unless the matrix has that number of columns.
  func requireColumns(
    _ columns: Int, _ operand: @autoclosure () -> String
  ) throws(NeuralNetworkError) {
    try MixedMatrix(self).requireColumns(columns, operand())
  }
}

extension MixedMatrix {
  /// Throws unless the matrix has that number of columns.
  func requireColumns(
    _ columns: Int, _ operand: @autoclosure () -> String
  ) throws(NeuralNetworkError) {
    guard self.columns == columns else {
      throw .shapeMismatch(
        operand: operand(), expected: [rows, columns], found: [rows, self.columns])
    }
  }
}
