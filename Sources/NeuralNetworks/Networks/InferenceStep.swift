// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// One step of an ``InferenceNetwork``: what is computed, from where and to where.
struct InferenceStep: Sendable {
  /// Columns of a buffer of the workspace.
  struct Slot {
    var buffer: Int
    var columns: Range<Int>
    /// Whether the sparse columns of the network's input still stand behind them.
    var hasSparse = false
  }

  /// What is computed. Its matrices and packed weights are only ever read.
  enum Operation: @unchecked Sendable {
    case dense(PackedWeights, bias: Matrix?, Activation)
    /// x * scale + shift, by column.
    case affine(scale: Matrix, shift: Matrix, Activation)
    case layerNorm(scale: Matrix, shift: Matrix, epsilon: Float, Activation)
    case copy
  }

  let operation: Operation
  let input: Slot
  let output: Slot
}

extension InferenceStep.Operation {
  func run(
    _ x: MixedMatrix, into y: Matrix, in context: ComputeContext
  ) throws(NumericError) {
    switch self {
    case .dense(let weights, let bias, let activation):
      try context.denseForward(x, weights: weights, bias: bias, activation: activation, into: y)
    case .affine(let scale, let shift, let activation):
      scale.withRows { scale in
        shift.withRows { shift in
          let (scale, shift) = (scale[0], shift[0])
          let columns = y.columns
          y.forEachRow(x.dense, in: context) { _, y, x in
            for j in 0..<columns { y[j] = x[j] * scale[j] + shift[j] }
          }
        }
      }
      try context.activationForward(y, activation: activation, into: y)
    case .layerNorm(let scale, let shift, let epsilon, let activation):
      LayerNorm.normalize(x.dense, scale: scale, shift: shift, epsilon: epsilon, into: y)
      try context.activationForward(y, activation: activation, into: y)
    case .copy:
      try context.copy(x.dense, into: y)
    }
  }
}
