// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// Batch normalization with ReLU, as a generator's hidden layers have it.
enum BatchNormOperation: String, CaseIterable {
  case forward = "batch_norm_forward_f32"
  case backward = "batch_norm_backward_f32"

  static var cases: [KernelCase] {
    [(500, 256, false), (8192, 512, true)].flatMap { rows, columns, onlyInFull in
      allCases.map { operation in
        KernelCase(
          operation: operation.rawValue, kernels: [operation.rawValue],
          shape: "\(rows)x\(columns)", operations: nil,
          bytes: (operation == .forward ? 8 : 16) * Double(rows * columns), bound: .memory,
          onlyInFull: onlyInFull
        ) {
          PreparedBatchNorm(operation, rows: rows, columns: columns)
        }
      }
    }
  }
}

private final class PreparedBatchNorm: PreparedCase {
  private static let relu = ck_activation(kind: CK_RELU, slope: 0)
  private static let epsilon: Float = 1e-5

  private let operation: BatchNormOperation
  private let rows, columns: Int
  private let x, dy, y, dx: FloatBuffer
  private let weight, bias, mean, variance, inverse, dweight, dbias: FloatBuffer

  init(_ operation: BatchNormOperation, rows: Int, columns: Int) {
    self.operation = operation
    (self.rows, self.columns) = (rows, columns)
    x = FloatBuffer(count: rows * columns, seed: 1)
    dy = FloatBuffer(count: rows * columns, seed: 2)
    y = FloatBuffer(count: rows * columns, seed: 3)
    dx = FloatBuffer(count: rows * columns)
    weight = FloatBuffer(count: columns, seed: 4)
    bias = FloatBuffer(count: columns, seed: 5)
    mean = FloatBuffer(count: columns, seed: 6)
    variance = FloatBuffer(count: columns)
    inverse = FloatBuffer(count: columns, seed: 7, in: 0.5...2)
    dweight = FloatBuffer(count: columns)
    dbias = FloatBuffer(count: columns)
  }

  func bind(to context: BenchContext) -> () throws -> Void {
    { [self] in try check(call(context.pointer), operation.rawValue) }
  }

  private func call(_ context: OpaquePointer) -> ck_status {
    let (m, n) = (Int64(rows), Int64(columns))
    switch operation {
    case .forward:
      return ck_batch_norm_forward_f32(
        context, m, n, x.pointer, n, weight.pointer, bias.pointer, Self.epsilon, Self.relu,
        mean.pointer, variance.pointer, inverse.pointer, y.pointer, n)
    case .backward:
      return ck_batch_norm_backward_f32(
        context, m, n, dy.pointer, n, y.pointer, n, x.pointer, n, weight.pointer, mean.pointer,
        inverse.pointer, Self.relu, false, dweight.pointer, dbias.pointer, dx.pointer, n)
    }
  }

  func deviation(on context: BenchContext) throws -> Deviation {
    try bind(to: context)()
    var deviation = Deviation(bound: 1, unit: "the reference's bound")
    let (m, n) = (Int64(rows), Int64(columns))
    var exact = [Double](repeating: 0, count: rows * columns)
    var bounds = exact
    var (first, second) = (
      [Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns)
    )
    var (firstBound, secondBound) = (first, second)
    switch operation {
    case .forward:
      ck_reference_batch_norm_forward_f32(
        m, n, x.pointer, n, weight.pointer, bias.pointer, Self.epsilon, Self.relu, &first,
        &second, &exact, &bounds)
    case .backward:
      ck_reference_batch_norm_backward_f32(
        m, n, dy.pointer, n, y.pointer, n, x.pointer, n, weight.pointer, mean.pointer,
        inverse.pointer, Self.relu, false, &first, &second, &exact, &firstBound,
        &secondBound, &bounds)
    }
    let result = operation == .forward ? y : dx
    for i in exact.indices {
      deviation.include(abs(Double(result.pointer[i]) - exact[i]) / bounds[i])
    }
    return deviation
  }
}
