// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// A row-major matrix in double precision, for references that are right rather than fast.
struct DoubleMatrix {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(rows: Int, columns: Int, _ element: (Int, Int) -> Double = { _, _ in 0 }) {
    self.rows = rows
    self.columns = columns
    values = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { values.append(element(row, column)) }
    }
  }

  init(_ matrix: Matrix) {
    self.init(rows: matrix.rows, columns: matrix.columns) { Double(matrix[$0, $1]) }
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  func map(_ transform: (Double) -> Double) -> DoubleMatrix {
    DoubleMatrix(rows: rows, columns: columns, values: values.map(transform))
  }

  func zip(_ other: DoubleMatrix, _ combine: (Double, Double) -> Double) -> DoubleMatrix {
    precondition(rows == other.rows && columns == other.columns)
    return DoubleMatrix(
      rows: rows, columns: columns, values: Swift.zip(values, other.values).map(combine))
  }

  /// This matrix times `other`.
  func times(_ other: DoubleMatrix) -> DoubleMatrix {
    precondition(columns == other.rows)
    return DoubleMatrix(rows: rows, columns: other.columns) { row, column in
      (0..<columns).reduce(0) { $0 + self[row, $1] * other[$1, column] }
    }
  }

  var transposed: DoubleMatrix {
    DoubleMatrix(rows: columns, columns: rows) { self[$1, $0] }
  }

  /// The sum of the element-wise product.
  func dot(_ other: DoubleMatrix) -> Double {
    precondition(rows == other.rows && columns == other.columns)
    return Swift.zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
