// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// A trained network for inference alone.
///
/// It never changes, so any number of threads may apply it side by side, each with a context and an
/// ``InferenceWorkspace`` of its own. Batch normalization is folded into the dense layer before it,
/// and a residual concatenation costs no copy where the network begins with it: each layer writes
/// its result to the left of what it has read.
public struct InferenceNetwork: Sendable {
  /// The number of columns of the input, sparse ones included.
  public let inputs: Int
  /// The number of columns of the result.
  public let outputs: Int

  private let steps: [InferenceStep]
  /// The width of each buffer of a workspace.
  private let buffers: [Int]
  private let input: InferenceStep.Slot
  private let output: InferenceStep.Slot

  /// Copies the weights of a network and packs them for the context's instruction set.
  /// O(weights).
  ///
  /// - Parameters:
  ///   - network: a ``Sequential``, ``MultilayerPerceptron`` or single layer of this module.
  ///   - sparseInputs: how many of the last columns of the input are sparse.
  /// - Throws: `NeuralNetworkError.unsupportedLayer` for a layer that this module does not know,
  ///   `NumericError.outOfMemory`.
  public init(
    _ network: any Layer, sparseInputs: Int = 0, in context: ComputeContext
  ) throws {
    var compiler = InferenceCompiler(context: context)
    inputs = network.inputs
    outputs = network.outputs
    input = compiler.inputSlot(of: network, sparse: sparseInputs)
    output = try compiler.compile(network, input)
    steps = compiler.steps
    buffers = compiler.buffers
  }

  /// Makes room for batches of at most `rows` rows.
  public func workspace(rows: Int) throws(NumericError) -> InferenceWorkspace {
    var matrices: [Matrix] = []
    for width in buffers { matrices.append(try Matrix(rows: rows, columns: width)) }
    return InferenceWorkspace(matrices: matrices)
  }

  /// Where the dense columns of the input of the next `forward` are to be written; they are lost by
  /// it.
  public func input(rows: Int, in workspace: InferenceWorkspace) -> Matrix {
    workspace[input][rows: 0..<rows]
  }

  /// Applies the network to the input that was written before. O(rows x weights).
  ///
  /// - Parameter sparse: the last columns of the input, where it has sparse ones.
  /// - Returns: rows by ``outputs``, valid until the next `forward` with this workspace.
  /// - Throws: `NumericError.shapeMismatch`, `.invalidParameter` for an entry outside the columns.
  public func forward(
    rows: Int, sparse: SparseRows? = nil, workspace: InferenceWorkspace,
    in context: ComputeContext
  ) throws(NumericError) -> Matrix {
    for step in steps {
      let x = workspace[step.input][rows: 0..<rows]
      try step.operation.run(
        MixedMatrix(x, step.input.hasSparse ? sparse : nil),
        into: workspace[step.output][rows: 0..<rows], in: context)
    }
    return workspace[output][rows: 0..<rows]
  }
}

/// The intermediate results of an ``InferenceNetwork``.
public final class InferenceWorkspace {
  private let matrices: [Matrix]

  init(matrices: [Matrix]) { self.matrices = matrices }

  subscript(slot: InferenceStep.Slot) -> Matrix { matrices[slot.buffer][columns: slot.columns] }
}
