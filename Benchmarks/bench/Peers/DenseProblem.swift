// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import CKernels

/// A dense layer's operands, which ours and all peers share, and its three operations.
final class DenseProblem {
  enum Operation: String, CaseIterable, Codable {
    case forward
    case backwardData = "backward_data"
    case backwardWeights = "backward_weights"
  }

  /// The product of an operation as a BLAS sees it: row-major C[m][n] = op(A)[m][k] op(B)[k][n].
  struct Product {
    let m, n, k: Int
    let a, b: UnsafePointer<Float>
    let c: UnsafeMutablePointer<Float>
    let isATransposed, isBTransposed: Bool
    let strideA, strideB, strideC: Int
  }

  /// Of the leaky ReLU, as the layers of a discriminator have it.
  static let slope: Float = 0.2
  static let activation = ck_activation(kind: CK_LEAKY_RELU, slope: slope)

  let operands: DenseOperands
  var shape: DenseShape { operands.shape }
  var strideN: Int { operands.strideN }
  var strideK: Int { operands.strideK }
  var x: FloatBuffer { operands.x }
  var weights: FloatBuffer { operands.w }
  var bias: FloatBuffer { operands.bias }
  var dz: FloatBuffer { operands.dz }
  var y: FloatBuffer { operands.y }
  var dx: FloatBuffer { operands.dx }
  var dw: FloatBuffer { operands.dw }
  var db: FloatBuffer { operands.db }

  init(_ shape: DenseShape) { operands = DenseOperands(shape) }

  var floatingPointOperations: Double {
    2 * Double(shape.rows) * Double(shape.outputs) * Double(shape.inputs)
  }

  func product(_ operation: Operation) -> Product {
    switch operation {
    case .forward:
      return Product(
        m: shape.rows, n: shape.outputs, k: shape.inputs, a: x.pointer, b: weights.pointer,
        c: y.pointer, isATransposed: false, isBTransposed: true, strideA: strideK,
        strideB: strideK, strideC: strideN)
    case .backwardData:
      return Product(
        m: shape.rows, n: shape.inputs, k: shape.outputs, a: dz.pointer, b: weights.pointer,
        c: dx.pointer, isATransposed: false, isBTransposed: false, strideA: strideN,
        strideB: strideK, strideC: strideK)
    case .backwardWeights:
      return Product(
        m: shape.outputs, n: shape.inputs, k: shape.rows, a: dz.pointer, b: x.pointer,
        c: dw.pointer, isATransposed: true, isBTransposed: false, strideA: strideN,
        strideB: strideK, strideC: strideK)
    }
  }

  /// What an operation needs beside its product.
  func pass(_ operation: Operation, _ threads: inout probe_peer_threads) {
    let (rows, outputs, inputs) = (
      Int64(shape.rows), Int64(shape.outputs), Int64(shape.inputs)
    )
    switch operation {
    case .forward:
      probe_peer_bias_activation(
        &threads, rows, outputs, bias.pointer, Self.slope, y.pointer, Int64(strideN))
    case .backwardData:
      // The layer's input is the stored output of the layer before.
      probe_peer_derivative(
        &threads, rows, inputs, x.pointer, Int64(strideK), Self.slope, dx.pointer, Int64(strideK))
    case .backwardWeights:
      probe_peer_column_sums(
        &threads, rows, outputs, dz.pointer, Int64(strideN), db.pointer)
    }
  }

  /// The weights as [K][N], rows padded.
  func transposedWeights() -> FloatBuffer {
    let result = FloatBuffer(count: shape.inputs * strideN)
    for n in 0..<shape.outputs {
      for k in 0..<shape.inputs {
        result.pointer[k * strideN + n] = weights.pointer[n * strideK + k]
      }
    }
    return result
  }
}
