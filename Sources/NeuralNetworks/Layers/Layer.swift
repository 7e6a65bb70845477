// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// What `backward` does with the gradients of a layer's parameters.
public enum GradientMode: Sendable {
  /// They are not computed: only the gradient of the input is wanted.
  case skip
  /// They replace what the parameters hold.
  case overwrite
  /// They are added to what the parameters hold.
  case accumulate
}

/// Whether a pass is part of training.
public enum Mode: Sendable, Equatable {
  /// Training. `step` selects the dropout masks: the same step gives the same masks, whatever the
  /// number of threads. Passes that need masks of their own (real and generated rows in one
  /// update, say) take steps of their own.
  case training(step: UInt64)
  /// Use of a trained network: no dropout, running statistics.
  case inference
}

/// A differentiable function of a batch of rows.
///
/// Layers own their results and reuse that storage as long as the batch does not grow, so a
/// training step allocates nothing. Two consequences: a result is valid until the next `forward`
/// (or `backward`, for an input gradient) of the same layer, and the input of `forward` must stay
/// unchanged until `backward` has been called.
public protocol Layer: AnyObject {
  /// The number of columns that `forward` expects.
  var inputs: Int { get }
  /// The number of columns that `forward` returns.
  var outputs: Int { get }
  /// What an optimizer trains.
  var parameters: [Parameter] { get }
  /// What is saved but not trained, as running statistics.
  var buffers: [Parameter] { get }

  /// Applies the layer to `x`, rows by `inputs`.
  ///
  /// - Parameter destination: where the result goes, rows by `outputs`; nil for storage of the
  ///   layer's own. It must stay unchanged until `backward` has been called.
  /// - Returns: the result, rows by `outputs`, which the caller must not change.
  func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix

  /// The same for an input whose last columns are sparse. They stay behind the result of layers
  /// that keep their input; others consume them.
  func forward(
    _ x: MixedMatrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> MixedMatrix

  /// Propagates the gradient of the loss by the last result back to the parameters and the input.
  ///
  /// - Parameters:
  ///   - dy: the loss's gradient by what the last `forward` returned, or by at least the first
  ///     `outputColumns(neededFor: inputColumns)` columns of it; it is not changed.
  ///   - gradients: what to do with the parameters' gradients.
  ///   - inputColumns: how many of the input's columns the gradient is wanted by, counted from the
  ///     first; 0 for none. Of sparse ones there is none.
  /// - Returns: the gradient by these columns of the input, nil for none. It is in storage of the
  ///   layer's own that the caller may overwrite.
  func backward(
    _ dy: Matrix, gradients: GradientMode, inputColumns: Int, in context: ComputeContext
  ) throws -> Matrix?

  /// The columns of the result, counted from the first, whose gradient `backward` reads for the
  /// parameters and the first `inputColumns` columns of the input.
  func outputColumns(neededFor inputColumns: Int) -> Int

  /// Makes all products of `Float`s from now on, whatever they were made of.
  func useSinglePrecision()
}

extension Layer {
  /// A layer without products has nothing to change.
  public func useSinglePrecision() {}

  /// A layer without state beside its parameters has no buffers.
  public var buffers: [Parameter] { [] }

  /// Most layers take no sparse columns.
  ///
  /// - Throws: `NeuralNetworkError.shapeMismatch` where there are some.
  public func forward(
    _ x: MixedMatrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> MixedMatrix {
    guard x.sparse == nil else {
      throw NeuralNetworkError.shapeMismatch(
        operand: "The dense part of a layer's input", expected: [x.rows, inputs],
        found: [x.rows, x.dense.columns])
    }
    return MixedMatrix(try forward(x.dense, mode: mode, into: destination, in: context))
  }

  /// Most layers need the whole gradient.
  public func outputColumns(neededFor inputColumns: Int) -> Int { outputs }

  /// Propagates gradients back to the parameters and, where it is wanted, to the whole input.
  public func backward(
    _ dy: Matrix, gradients: GradientMode, inputGradient: Bool, in context: ComputeContext
  ) throws -> Matrix? {
    try backward(
      dy, gradients: gradients, inputColumns: inputGradient ? inputs : 0, in: context)
  }

  /// Applies the layer to `x` and keeps the result in storage of its own.
  public func forward(_ x: Matrix, mode: Mode, in context: ComputeContext) throws -> Matrix {
    try forward(x, mode: mode, into: nil, in: context)
  }

  /// The same for an input whose last columns are sparse.
  public func forward(
    _ x: MixedMatrix, mode: Mode, in context: ComputeContext
  ) throws -> MixedMatrix {
    try forward(x, mode: mode, into: nil, in: context)
  }

  /// Everything that has to be saved to restore the layer: parameters and buffers by name.
  ///
  /// - Throws: `NeuralNetworkError.duplicateName`.
  public func tensors() throws(NeuralNetworkError) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for item in parameters + buffers {
      guard result.updateValue(item.tensor, forKey: item.name) == nil else {
        throw .duplicateName(item.name)
      }
    }
    return result
  }

  /// Restores parameters and buffers; tensors of other names are ignored.
  ///
  /// - Throws: `NeuralNetworkError.missingTensor`, `.tensorShapeMismatch` or `.nonFinite`; nothing
  ///   has then been changed.
  public func load(_ tensors: [String: Tensor]) throws(NeuralNetworkError) {
    let items = parameters + buffers
    try TensorShape.require(
      items.map { TensorShape(name: $0.name, shape: $0.shape) }, in: tensors)
    for item in items {
      if let tensor = tensors[item.name] { try item.load(tensor) }
    }
  }
}
