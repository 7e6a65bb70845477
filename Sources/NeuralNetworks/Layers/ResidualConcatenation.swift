// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The result of inner layers beside their input, `[inner(x), x]`: CTGAN's residual block
/// (Xu and others 2019), in which later layers see all earlier ones.
public final class ResidualConcatenation: Layer {
  /// The layers whose result is put before the input.
  public let inner: Sequential
  private var outputStorage = ReusableMatrix()

  /// The number of columns of the input.
  public var inputs: Int { inner.inputs }
  /// The number of columns of the result.
  public var outputs: Int { inner.outputs + inner.inputs }
  /// What an optimizer trains.
  public var parameters: [Parameter] { inner.parameters }
  /// What is saved but not trained.
  public var buffers: [Parameter] { inner.buffers }

  /// Chains the inner layers.
  ///
  /// - Precondition: there is at least one layer.
  /// - Throws: `NeuralNetworkError.shapeMismatch` if one's width does not fit the next one's.
  public init(_ layers: [any Layer]) throws(NeuralNetworkError) {
    inner = try Sequential(layers)
  }

  /// Switches the inner layer's products to single precision; see ``Layer/useSinglePrecision()``.
  public func useSinglePrecision() { inner.useSinglePrecision() }

  /// Applies the layer; see `Layer`.
  public func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    try forward(MixedMatrix(x), mode: mode, into: destination, in: context).dense
  }

  /// Applies the layer to an input whose last columns are sparse: they stay the last ones of the
  /// result.
  public func forward(
    _ x: MixedMatrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> MixedMatrix {
    try x.requireColumns(inputs, "The input of a residual concatenation")
    let columns = inner.outputs + x.dense.columns
    let y = try outputStorage.matrix(
      rows: x.rows, columns: columns, orExternal: destination, "a residual concatenation")
    _ = try inner.forward(x, mode: mode, into: y[columns: 0..<inner.outputs], in: context)
    try context.copy(x.dense, into: y[columns: inner.outputs..<columns])
    return MixedMatrix(y, x.sparse)
  }

  /// Propagates gradients back; see `Layer`.
  public func backward(
    _ dy: Matrix, gradients: GradientMode, inputColumns: Int, in context: ComputeContext
  ) throws -> Matrix? {
    let needed = outputColumns(neededFor: inputColumns)
    guard dy.columns >= needed else {
      throw NeuralNetworkError.shapeMismatch(
        operand: "The output gradient of a residual concatenation",
        expected: [dy.rows, needed], found: [dy.rows, dy.columns])
    }
    let dx = try inner.backward(
      dy[columns: 0..<inner.outputs], gradients: gradients, inputColumns: inputColumns,
      in: context)
    // The inner layer owns dx and is done with it.
    if let dx { try context.add(dx, dy[columns: inner.outputs..<needed], into: dx) }
    return dx
  }

  /// The inner layers' columns, and those of the input beside them.
  public func outputColumns(neededFor inputColumns: Int) -> Int {
    inner.outputs + inputColumns
  }
}
