// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Storage for a result whose number of rows may differ from call to call: it is reallocated
/// only when more rows are needed than ever before.
struct ReusableMatrix {
  private var storage: Matrix?

  /// A matrix of that shape, with arbitrary contents, that shares the storage.
  mutating func matrix(rows: Int, columns: Int) throws(NumericError) -> Matrix {
    if let storage, storage.columns == columns, storage.rows >= rows {
      return storage.rows == rows ? storage : storage[rows: 0..<rows]
    }
    let fresh = try Matrix(rows: rows, columns: columns)
    storage = fresh
    return fresh
  }

  /// `destination` if there is one of the right shape, else the storage.
  mutating func matrix(
    rows: Int, columns: Int, orExternal destination: Matrix?, _ layer: @autoclosure () -> String
  ) throws -> Matrix {
    guard let destination else { return try matrix(rows: rows, columns: columns) }
    try destination.requireShape(rows: rows, columns: columns, "The destination of \(layer())")
    return destination
  }
}
