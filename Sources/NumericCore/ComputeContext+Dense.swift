// SPDX-License-Identifier: Apache-2.0

import CKernels

// Shapes: M batch rows, N outputs, K inputs; weights are N x K, a bias is 1 x N.

extension ComputeContext {
  /// y[M,N] = activation(x[M,K] Wᵀ + b). `y` must not overlap the operands. O(MNK).
  public func denseForward(
    _ x: Matrix, weights: Matrix, bias: Matrix?, activation: Activation, into y: Matrix
  ) throws(NumericError) {
    let (m, n, k) = (x.rows, weights.rows, weights.columns)
    try x.require(m, k, "The input")
    try bias?.require(1, n, "The bias")
    try y.require(m, n, "The output")
    try check(
      ck_dense_forward_f32(
        handle, Int64(m), Int64(n), Int64(k), x.base, Int64(x.stride), weights.base,
        Int64(weights.stride), bias?.base, activation.kernel, y.base, Int64(y.stride)))
  }

  /// result[M,N] = (q[M,K] Wᵀ) * activation'(h), `h` the layer's stored output: the tangent pass of
  /// a gradient penalty. O(MNK).
  public func denseTangent(
    _ q: Matrix, weights: Matrix, output h: Matrix, activation: Activation, into result: Matrix
  ) throws(NumericError) {
    let (m, n, k) = (q.rows, weights.rows, weights.columns)
    try q.require(m, k, "The tangent")
    try h.require(m, n, "The stored output")
    try result.require(m, n, "The result")
    try check(
      ck_dense_tangent_f32(
        handle, Int64(m), Int64(n), Int64(k), q.base, Int64(q.stride), weights.base,
        Int64(weights.stride), h.base, Int64(h.stride), activation.kernel, result.base,
        Int64(result.stride)), into: "The result")
  }

  /// dx[M,K] = (dz[M,N] W) * inputActivation'(x); `inputOutput` is the stored output of the layer
  /// before, nil for no factor. O(MNK).
  public func denseBackwardData(
    _ dz: Matrix, weights: Matrix, inputOutput x: Matrix?, inputActivation: Activation,
    into dx: Matrix
  ) throws(NumericError) {
    let (m, n, k) = (dz.rows, weights.rows, weights.columns)
    try dz.require(m, n, "The output gradient")
    try x?.require(m, k, "The stored input")
    try dx.require(m, k, "The input gradient")
    try check(
      ck_dense_backward_data_f32(
        handle, Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), weights.base,
        Int64(weights.stride), x?.base, Int64(x?.stride ?? 0), inputActivation.kernel, dx.base,
        Int64(dx.stride)), into: "The input gradient")
  }

  /// dW[N,K] (+)= dzᵀ x and db[N] (+)= the sum of dz's rows; added to what is there with
  /// `accumulate`, else replacing it. O(MNK).
  public func denseBackwardWeights(
    _ dz: Matrix, input x: Matrix, weightGradient: Matrix, biasGradient: Matrix?, accumulate: Bool
  ) throws(NumericError) {
    let (m, n, k) = (dz.rows, dz.columns, x.columns)
    try x.require(m, k, "The input")
    try weightGradient.require(n, k, "The weights' gradient")
    try biasGradient?.require(1, n, "The bias' gradient")
    try check(
      ck_dense_backward_weights_f32(
        handle, Int64(m), Int64(n), Int64(k), dz.base, Int64(dz.stride), x.base, Int64(x.stride),
        weightGradient.base, Int64(weightGradient.stride), biasGradient?.base, accumulate),
      into: "The gradient of weights or bias")
  }
}
