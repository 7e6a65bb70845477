// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Weights rounded to 16 bits in the layouts that the kernels read: packed once after they change,
/// used in many calls. The weights they are made from stay in single precision.
public final class PackedHalfWeights {
  let handle: OpaquePointer
  /// The 16-bit format that the weights are rounded to.
  public let format: HalfFormat
  /// Outputs.
  public let rows: Int
  /// Inputs.
  public let columns: Int

  /// Makes room for weights of `rows` outputs by `columns` inputs, all zero; tied to `context`'s
  /// instruction set and way of multiplying.
  public init(
    rows: Int, columns: Int, format: HalfFormat, in context: ComputeContext
  ) throws(NumericError) {
    try NumericError.requireSizes(["rows": rows, "columns": columns])
    var created: OpaquePointer?
    let purpose = "\(rows) x \(columns) packed 16-bit weights"
    try check(
      ck_packed_half_weights_create(
        context.handle, format.kernel, Int64(rows), Int64(columns), &created), for: purpose)
    guard let created else { throw .outOfMemory(bytes: nil, purpose: purpose) }
    handle = created
    self.format = format
    self.rows = rows
    self.columns = columns
  }

  deinit { ck_packed_half_weights_destroy(handle) }

  /// Rounds and copies the weights. O(rows x columns).
  public func update(from weights: Matrix, in context: ComputeContext) throws(NumericError) {
    try weights.require(rows, columns, "The weights")
    try check(
      ck_packed_half_weights_update(context.handle, handle, weights.base, Int64(weights.stride)))
  }
}

// Operands may have more rows than a call uses: `rows` says how many. Results are of single
// precision.
extension ComputeContext {
  /// y[M,N] = activation(x[M,K] Wᵀ + b).
  public func denseForward(
    _ x: HalfMatrix, rows: Int, weights: PackedHalfWeights, bias: Matrix?,
    activation: Activation, into y: Matrix
  ) throws(NumericError) {
    try x.require(rows, weights.columns, weights.format, "The input")
    try bias?.require(1, weights.rows, "The bias")
    try y.require(rows, weights.rows, "The output")
    try check(
      ck_dense_forward_half(
        handle, Int64(rows), weights.handle, x.base, Int64(x.stride), bias?.base,
        activation.kernel, y.result))
  }

  /// result[M,N] = (q[M,K] Wᵀ) * activation'(h), h being the stored output of the layer.
  public func denseTangent(
    _ q: HalfMatrix, rows: Int, weights: PackedHalfWeights, output h: HalfMatrix,
    activation: Activation, into result: Matrix
  ) throws(NumericError) {
    try q.require(rows, weights.columns, weights.format, "The tangent")
    try h.require(rows, weights.rows, weights.format, "The stored output")
    try result.require(rows, weights.rows, "The result")
    try check(
      ck_dense_tangent_half(
        handle, Int64(rows), weights.handle, q.base, Int64(q.stride), h.base, Int64(h.stride),
        activation.kernel, result.result), into: "The result")
  }

  /// dx[M,K] = (dz[M,N] W) * activation'(x), x being the stored output of the layer before; nil for
  /// no factor. Where `dx` (and `x`) has fewer columns than there are inputs, the gradients of
  /// these first ones alone are computed.
  public func denseBackwardData(
    _ dz: HalfMatrix, rows: Int, weights: PackedHalfWeights,
    inputOutput x: HalfMatrix?, inputActivation: Activation, into dx: Matrix
  ) throws(NumericError) {
    try dz.require(rows, weights.rows, weights.format, "The output gradient")
    let columns = min(dx.columns, weights.columns)
    try x?.require(rows, columns, weights.format, "The stored input")
    try dx.require(rows, columns, "The input gradient")
    try check(
      ck_dense_backward_data_columns_half(
        handle, Int64(rows), Int64(columns), weights.handle, dz.base, Int64(dz.stride), x?.base,
        Int64(x?.stride ?? 0), inputActivation.kernel, dx.result), into: "The input gradient")
  }

  /// dW[N,K] (+)= dzᵀ x and db[N] (+)= the sum of dz's rows.
  public func denseBackwardWeights(
    _ dz: HalfMatrix, input x: HalfMatrix, rows: Int, weightGradient: Matrix,
    biasGradient: Matrix?, accumulate: Bool
  ) throws(NumericError) {
    try dz.require(rows, dz.columns, dz.format, "The output gradient")
    try x.require(rows, x.columns, dz.format, "The input")
    try weightGradient.require(dz.columns, x.columns, "The weights' gradient")
    try biasGradient?.require(1, dz.columns, "The bias' gradient")
    try check(
      ck_dense_backward_weights_half(
        handle, dz.format.kernel, Int64(rows), Int64(dz.columns), Int64(x.columns), dz.base,
        Int64(dz.stride), x.base,
        Int64(x.stride), weightGradient.base, Int64(weightGradient.stride), biasGradient?.base,
        accumulate), into: "The gradient of weights or bias")
  }
}

extension Matrix {
  fileprivate var result: ck_result { ck_result(f32: base, half: nil, ld: Int64(stride)) }
}
