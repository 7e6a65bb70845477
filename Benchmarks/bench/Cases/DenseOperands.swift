// SPDX-License-Identifier: Apache-2.0

/// What goes into and comes out of the dense operations at a shape.
///
/// Rows are padded to whole cache lines, as `Matrix` does.
final class DenseOperands {
  let shape: DenseShape
  /// Distances between rows of outputs wide and inputs wide.
  let strideN, strideK: Int
  /// [M][K], [N][K] and [N].
  let x, w, bias: FloatBuffer
  /// [M][N]: stored outputs of the layer, and a gradient or tangent that comes in.
  let h, dz: FloatBuffer
  /// [M][N], [M][K], [N][K] and [N]: results.
  let y, dx, dw, db: FloatBuffer

  init(_ shape: DenseShape) {
    func padded(_ columns: Int) -> Int { (columns + 15) / 16 * 16 }
    self.shape = shape
    (strideN, strideK) = (padded(shape.outputs), padded(shape.inputs))
    x = FloatBuffer(count: shape.rows * strideK, seed: 1)
    w = FloatBuffer(count: shape.outputs * strideK, seed: 2)
    bias = FloatBuffer(count: shape.outputs, seed: 3)
    h = FloatBuffer(count: shape.rows * strideN, seed: 4)
    dz = FloatBuffer(count: shape.rows * strideN, seed: 5)
    y = FloatBuffer(count: shape.rows * strideN)
    dx = FloatBuffer(count: shape.rows * strideK)
    dw = FloatBuffer(count: shape.outputs * strideK)
    db = FloatBuffer(count: shape.outputs)
  }
}

/// One set of operands for all operations at a shape, for as long as one of them is prepared: with
/// sets of their own the largest shapes would need gigabytes.
final class SharedOperands {
  private let shape: DenseShape
  private weak var made: DenseOperands?

  init(_ shape: DenseShape) { self.shape = shape }

  var current: DenseOperands {
    if let made { return made }
    let operands = DenseOperands(shape)
    made = operands
    return operands
  }
}
