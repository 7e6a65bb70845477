// SPDX-License-Identifier: Apache-2.0

import CKernels

// Shapes: M batch rows, N outputs, K inputs.

extension ComputeContext {
  /// y[M,N] = activation(x[M,K] Wᵀ + b), with a row's sparse entries in the place of its zeros.
  /// O(MN (dense columns + entries)).
  ///
  /// - Throws: `NumericError.invalidParameter` for an entry outside the columns.
  public func denseForward(
    _ x: MixedMatrix, weights: PackedWeights, bias: Matrix?, activation: Activation, into y: Matrix
  ) throws(NumericError) {
    guard let sparse = x.sparse else {
      return try denseForward(
        x.dense, weights: weights, bias: bias, activation: activation, into: y)
    }
    try x.require(weights.columns)
    try bias?.require(1, weights.rows, "The bias")
    try y.require(x.rows, weights.rows, "The output")
    var entries = sparse.kernel
    try check(
      sparse,
      ck_dense_forward_sparse_packed_f32(
        handle, Int64(x.rows), weights.handle, Int64(x.dense.columns), x.dense.base,
        Int64(x.dense.stride), &entries, bias?.base, activation.kernel, y.base, Int64(y.stride)))
  }

  /// The same with weights and dense columns of 16 bits: `x` is the dense part, which may have more
  /// rows than there are.
  public func denseForward(
    _ x: HalfMatrix, sparse: SparseRows, weights: PackedHalfWeights, bias: Matrix?,
    activation: Activation, into y: Matrix
  ) throws(NumericError) {
    try x.require(sparse.rows, weights.columns - sparse.columns, weights.format, "The input")
    try bias?.require(1, weights.rows, "The bias")
    try y.require(sparse.rows, weights.rows, "The output")
    var entries = sparse.kernel
    try check(
      sparse,
      ck_dense_forward_sparse_half(
        handle, Int64(sparse.rows), weights.handle, Int64(x.columns), x.base, Int64(x.stride),
        &entries, bias?.base, activation.kernel, y.base, Int64(y.stride)))
  }

  /// dW[N,S] (+)= dzᵀ s for the sparse columns s[M,S] of a layer's input. O(N (M entries + S)).
  ///
  /// - Throws: `NumericError.invalidParameter` for an entry outside the columns.
  public func sparseBackwardWeights(
    _ dz: Matrix, input s: SparseRows, weightGradient: Matrix, accumulate: Bool
  ) throws(NumericError) {
    try dz.require(s.rows, dz.columns, "The output gradient")
    try weightGradient.require(dz.columns, s.columns, "The weights' gradient")
    var entries = s.kernel
    try check(
      s,
      ck_sparse_backward_weights_f32(
        handle, Int64(s.rows), Int64(dz.columns), Int64(s.columns), dz.base, Int64(dz.stride),
        &entries, weightGradient.base, Int64(weightGradient.stride), accumulate),
      into: "The weights' gradient")
  }
}

/// Turns a status into an error; the other parameters have been checked before, so a value outside
/// its range is an entry's column.
private func check(
  _ sparse: SparseRows, _ status: ck_status, into output: @autoclosure () -> String = "The output"
) throws(NumericError) {
  if status == CK_ERROR_VALUE {
    throw .invalidParameter(
      "An entry of the sparse rows lies outside their \(sparse.columns) columns")
  }
  try check(status, into: output())
}

extension SparseRows {
  fileprivate var kernel: ck_sparse_rows {
    ck_sparse_rows(entries: Int64(entries), columns: base.indices, values: base.values)
  }
}

extension MixedMatrix {
  fileprivate func require(_ columns: Int) throws(NumericError) {
    guard self.columns == columns else {
      throw .shapeMismatch(
        operand: "The input", expected: [rows, columns], found: [rows, self.columns])
    }
  }
}
