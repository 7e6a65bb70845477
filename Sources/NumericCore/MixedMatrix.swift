// SPDX-License-Identifier: Apache-2.0

/// A matrix whose first columns are stored as they are and whose last ones as ``SparseRows``: noise
/// with a one-hot condition behind it, for example. Either part may be missing.
public struct MixedMatrix {
  /// The first columns.
  public let dense: Matrix
  /// The columns behind them; nil for none.
  public let sparse: SparseRows?

  /// The number of rows, the same in both parts.
  public var rows: Int { dense.rows }
  /// The number of dense columns plus that of the sparse ones.
  public var columns: Int { dense.columns + (sparse?.columns ?? 0) }

  /// Puts sparse columns behind dense ones.
  ///
  /// - Precondition: both have equally many rows.
  public init(_ dense: Matrix, _ sparse: SparseRows? = nil) {
    precondition(
      sparse == nil || sparse!.rows == dense.rows,
      "\(dense.rows) dense and \(sparse?.rows ?? 0) sparse rows cannot stand side by side.")
    self.dense = dense
    self.sparse = sparse
  }

  /// Makes a matrix of sparse columns alone.
  ///
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)``.
  public init(_ sparse: SparseRows) throws(NumericError) {
    self.init(try Matrix(rows: sparse.rows, columns: 0), sparse)
  }

  /// The rows of `range`, on the same storage.
  public subscript(rows range: Range<Int>) -> MixedMatrix {
    MixedMatrix(dense[rows: range], sparse?[rows: range])
  }
}
