// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Weights in the layouts that the kernels read: packed once after they change, used in many calls.
public final class PackedWeights {
  let handle: OpaquePointer
  /// Outputs.
  public let rows: Int
  /// Inputs.
  public let columns: Int

  /// Makes room for weights of `rows` outputs by `columns` inputs, all zero; tied to the
  /// instruction set of `context`.
  public init(rows: Int, columns: Int, in context: ComputeContext) throws(NumericError) {
    try NumericError.requireSizes(["rows": rows, "columns": columns])
    var created: OpaquePointer?
    let purpose = "\(rows) x \(columns) packed weights"
    try check(
      ck_packed_weights_create(context.handle, Int64(rows), Int64(columns), &created),
      for: purpose)
    guard let created else { throw .outOfMemory(bytes: nil, purpose: purpose) }
    handle = created
    self.rows = rows
    self.columns = columns
  }

  deinit { ck_packed_weights_destroy(handle) }

  /// Copies the weights. O(rows x columns).
  public func update(from weights: Matrix, in context: ComputeContext) throws(NumericError) {
    try weights.require(rows, columns, "The weights")
    try check(
      ck_packed_weights_update(context.handle, handle, weights.base, Int64(weights.stride)))
  }
}

extension ComputeContext {
  /// As `denseForward` with weights that were packed before.
  public func denseForward(
    _ x: Matrix, weights: PackedWeights, bias: Matrix?, activation: Activation, into y: Matrix
  ) throws(NumericError) {
    try x.require(x.rows, weights.columns, "The input")
    try bias?.require(1, weights.rows, "The bias")
    try y.require(x.rows, weights.rows, "The output")
    try check(
      ck_dense_forward_packed_f32(
        handle, Int64(x.rows), weights.handle, x.base, Int64(x.stride), bias?.base,
        activation.kernel, y.base, Int64(y.stride)))
  }

  /// As `denseTangent` with weights that were packed before.
  public func denseTangent(
    _ q: Matrix, weights: PackedWeights, output h: Matrix, activation: Activation,
    into result: Matrix
  ) throws(NumericError) {
    try q.require(q.rows, weights.columns, "The tangent")
    try h.require(q.rows, weights.rows, "The stored output")
    try result.require(q.rows, weights.rows, "The result")
    try check(
      ck_dense_tangent_packed_f32(
        handle, Int64(q.rows), weights.handle, q.base, Int64(q.stride), h.base, Int64(h.stride),
        activation.kernel, result.base, Int64(result.stride)), into: "The result")
  }

  /// As `denseBackwardData` with weights that were packed before. Where `dx` (and `x`) has fewer
  /// columns than there are inputs, the gradients of these first ones alone are computed.
  public func denseBackwardData(
    _ dz: Matrix, weights: PackedWeights, inputOutput x: Matrix?, inputActivation: Activation,
    into dx: Matrix
  ) throws(NumericError) {
    try dz.require(dz.rows, weights.rows, "The output gradient")
    let columns = min(dx.columns, weights.columns)
    try x?.require(dz.rows, columns, "The stored input")
    try dx.require(dz.rows, columns, "The input gradient")
    try check(
      ck_dense_backward_data_columns_packed_f32(
        handle, Int64(dz.rows), Int64(columns), weights.handle, dz.base, Int64(dz.stride), x?.base,
        Int64(x?.stride ?? 0), inputActivation.kernel, dx.base, Int64(dx.stride)),
      into: "The input gradient")
  }
}
