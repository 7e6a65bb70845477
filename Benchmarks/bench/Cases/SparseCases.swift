// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// A layer on sparse columns, and the gradients of the weights that these are multiplied by.
enum SparseOperation: String, CaseIterable {
  case forward = "dense_forward_sparse_packed_f32"
  case backwardWeights = "sparse_backward_weights_f32"

  private var kernels: [String] {
    self == .forward ? ["dense_block_f32", "sparse_block_f32"] : ["sparse_gradient_block_f32"]
  }

  static var cases: [KernelCase] {
    allCases.flatMap { operation in SparseShape.all.map { operation.kernelCase($0) } }
  }

  /// An entry counts as the multiply-adds that it takes part in. The weights of a dense column are
  /// read once, an entry's once for each. The gradient has few multiply-adds for each weight that it
  /// writes, so its limit is the longer of both; a product's is arithmetic.
  private func kernelCase(_ shape: SparseShape) -> KernelCase {
    let (m, n) = (Double(shape.rows), Double(shape.outputs))
    let (k, s, entries) = (Double(shape.inputs), Double(shape.columns), Double(shape.entries))
    let depth = self == .forward ? k + entries : entries
    let floats =
      self == .forward
      ? m * k + (k + m * entries) * n + n + m * n + 2 * m * entries
      : m * n + 2 * m * entries + n * s
    let multiplies = shape.rows * shape.outputs * shape.entries
    let gradient = InstructionCount(multiplies: 1, all: 1).over(elements: multiplies)
    return KernelCase(
      operation: rawValue, kernels: kernels, shape: shape.label, operations: 2 * m * n * depth,
      bytes: 4 * floats, instructions: self == .forward ? nil : gradient,
      bound: self == .forward && k > entries ? .arithmetic : .memory,
      onlyInFull: false, prepare: { PreparedSparse(self, shape) })
  }
}

/// M rows of K dense inputs and S sparse ones with some entries, N outputs.
struct SparseShape {
  let rows, inputs, columns, entries, outputs: Int

  /// Rows x dense inputs + sparse inputs (entries) > outputs.
  var label: String { "\(rows)x\(inputs)+\(columns)(\(entries))>\(outputs)" }

  /// A generator's layers with the condition of a table of two columns of 264 zones; packs of ten
  /// of its rows.
  static let all = [
    SparseShape(rows: 500, inputs: 128, columns: 540, entries: 1, outputs: 256),
    SparseShape(rows: 500, inputs: 640, columns: 540, entries: 1, outputs: 585),
    SparseShape(rows: 50, inputs: 0, columns: 11_250, entries: 300, outputs: 256),
  ]
}

private final class PreparedSparse: PreparedCase {
  private static let leaky = ck_activation(kind: CK_LEAKY_RELU, slope: 0.2)

  private let operation: SparseOperation
  private let shape: SparseShape
  private let m, n, k, s: Int64
  private let x, w, bias, dz, y, dw, values: FloatBuffer
  private let indices: UnsafeMutablePointer<Int32>

  init(_ operation: SparseOperation, _ shape: SparseShape) {
    self.operation = operation
    self.shape = shape
    (m, n) = (Int64(shape.rows), Int64(shape.outputs))
    (k, s) = (Int64(shape.inputs), Int64(shape.columns))
    x = FloatBuffer(count: shape.rows * shape.inputs, seed: 1)
    w = FloatBuffer(count: shape.outputs * (shape.inputs + shape.columns), seed: 2)
    bias = FloatBuffer(count: shape.outputs, seed: 3)
    dz = FloatBuffer(count: shape.rows * shape.outputs, seed: 4)
    y = FloatBuffer(count: shape.rows * shape.outputs)
    dw = FloatBuffer(count: shape.outputs * shape.columns)
    values = FloatBuffer(count: shape.rows * shape.entries, seed: 5)
    // One entry in each of as many equal parts of the row, most of them in a tenth of their part,
    // as most rows have the frequent levels.
    indices = .allocate(capacity: shape.rows * shape.entries)
    let part = shape.columns / shape.entries
    let positions = FloatBuffer(count: shape.rows * shape.entries, seed: 6, in: 0...1)
    for index in 0..<shape.rows * shape.entries {
      let u = positions.pointer[index]
      let within = min(Int(u * u * u * Float(part)), part - 1)
      indices[index] = Int32(index % shape.entries * part + within)
    }
  }

  deinit { indices.deallocate() }

  func bind(to context: BenchContext) throws -> () throws -> Void {
    let packed = try WeightPacking(
      context, outputs: n, inputs: k + s, weights: w, stride: k + s)
    return { [self] in try check(call(context.pointer, packed.pointer), operation.rawValue) }
  }

  private func call(_ context: OpaquePointer, _ packed: OpaquePointer) -> ck_status {
    var rows = ck_sparse_rows(
      entries: Int64(shape.entries), columns: indices, values: values.pointer)
    switch operation {
    case .forward:
      return ck_dense_forward_sparse_packed_f32(
        context, m, packed, k, x.pointer, k, &rows, bias.pointer,
        Self.leaky, y.pointer, n)
    case .backwardWeights:
      return ck_sparse_backward_weights_f32(
        context, m, n, s, dz.pointer, n, &rows, dw.pointer, s, false)
    }
  }

  /// Against sums in double precision: a chain has as many roundings as terms, and three more.
  func deviation(on context: BenchContext) throws -> Deviation {
    for result in [y, dw] { result.fill(.nan) }
    try bind(to: context)()
    let depth = operation == .forward ? shape.inputs + shape.entries : shape.rows
    var deviation = Deviation(bound: Double(depth + 3) * 0x1p-24, unit: "sum of |terms|")
    switch operation {
    case .forward: compareRows(into: &deviation)
    case .backwardWeights: compareWeights(into: &deviation)
    }
    return deviation
  }

  private func compareRows(into deviation: inout Deviation) {
    var expected = [Double](repeating: 0, count: shape.outputs)
    var sizes = expected
    for row in [0, 1, shape.rows / 2, shape.rows - 1] {
      var entries = ck_sparse_rows(
        entries: Int64(shape.entries), columns: indices + row * shape.entries,
        values: values.pointer + row * shape.entries)
      ck_reference_dense_forward_sparse_f32(
        1, n, k, x.pointer + row * shape.inputs, k, &entries, w.pointer, k + s, bias.pointer,
        Self.leaky, &expected, &sizes)
      for output in 0..<shape.outputs {
        let found = Double(y.pointer[row * shape.outputs + output])
        deviation.include(abs(found - expected[output]) / sizes[output])
      }
    }
  }

  private func compareWeights(into deviation: inout Deviation) {
    var entries = ck_sparse_rows(
      entries: Int64(shape.entries), columns: indices, values: values.pointer)
    var expected = [Double](repeating: 0, count: shape.columns)
    var sizes = expected
    for output in [0, 1, shape.outputs / 2, shape.outputs - 1] {
      ck_reference_sparse_backward_weights_f32(
        m, 1, s, dz.pointer + output, n, &entries, &expected, &sizes)
      for column in 0..<shape.columns {
        let found = Double(dw.pointer[output * shape.columns + column])
        let error = abs(found - expected[column])
        deviation.include(error == 0 ? 0 : error / sizes[column])
      }
    }
  }
}
