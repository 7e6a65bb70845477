// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// One step of an optimizer over all parameters of a network.
enum OptimizerOperation: String, CaseIterable {
  case adam = "adam_step_f32"
  case rmsprop = "rmsprop_step_f32"

  /// Floats read and written for each parameter.
  private var traffic: Double { self == .adam ? 7 : 5 }

  static var cases: [KernelCase] {
    [(1 << 16, false), (1 << 19, false), (1 << 23, true)].flatMap { count, onlyInFull in
      allCases.map { operation in
        KernelCase(
          operation: operation.rawValue, kernels: [operation.rawValue], shape: "\(count)",
          operations: nil, bytes: 4 * operation.traffic * Double(count),
          instructions: (operation == .adam ? InstructionCount.adam : .rmsprop)
            .over(elements: count), bound: .memory,
          onlyInFull: onlyInFull
        ) {
          PreparedOptimizer(operation, count: count)
        }
      }
    }
  }
}

private final class PreparedOptimizer: PreparedCase {
  private static let adam = ck_adam(
    learning_rate: 2e-4, beta1: 0.5, beta2: 0.9, epsilon: 1e-8, weight_decay: 1e-6, step: 10)
  private static let rmsprop = ck_rmsprop(
    learning_rate: 2e-4, alpha: 0.99, epsilon: 1e-8, weight_decay: 1e-6)

  private let operation: OptimizerOperation
  private let gradient, m, v, value: FloatBuffer

  init(_ operation: OptimizerOperation, count: Int) {
    self.operation = operation
    gradient = FloatBuffer(count: count, seed: 1)
    m = FloatBuffer(count: count)
    v = FloatBuffer(count: count)
    value = FloatBuffer(count: count)
    reset()
  }

  private func reset() {
    m.fill(seed: 2)
    v.fill(seed: 3, in: 0...1)
    value.fill(seed: 4)
  }

  func bind(to context: BenchContext) -> () throws -> Void {
    { [self] in try check(call(context.pointer), operation.rawValue) }
  }

  private func call(_ context: OpaquePointer) -> ck_status {
    let count = Int64(gradient.count)
    switch operation {
    case .adam:
      return withUnsafePointer(to: Self.adam) {
        ck_adam_step_f32(
          context, count, $0, gradient.pointer, m.pointer, v.pointer, value.pointer)
      }
    case .rmsprop:
      return withUnsafePointer(to: Self.rmsprop) {
        ck_rmsprop_step_f32(context, count, $0, gradient.pointer, v.pointer, value.pointer)
      }
    }
  }

  func deviation(on context: BenchContext) throws -> Deviation {
    reset()
    let old = (m: doubles(m), v: doubles(v), value: doubles(value))
    var exact = old
    let count = Int64(gradient.count)
    let rate: Float
    switch operation {
    case .adam:
      rate = Self.adam.learning_rate
      withUnsafePointer(to: Self.adam) {
        ck_reference_adam_step(
          count, $0, gradient.pointer, &exact.m, &exact.v, &exact.value)
      }
    case .rmsprop:
      rate = Self.rmsprop.learning_rate
      withUnsafePointer(to: Self.rmsprop) {
        ck_reference_rmsprop_step(count, $0, gradient.pointer, &exact.v, &exact.value)
      }
    }
    try bind(to: context)()
    var deviation = Deviation(bound: 8, unit: "ulp of the largest term")
    for i in 0..<gradient.count {
      if operation == .adam {
        deviation.includeUlps(
          m.pointer[i], exact: exact.m[i],
          scale: max(abs(old.m[i]), abs(Double(gradient.pointer[i]))))
      }
      deviation.includeUlps(v.pointer[i], exact: exact.v[i])
      let update = abs(exact.value[i] - old.value[i])
      deviation.includeUlps(
        value.pointer[i], exact: exact.value[i],
        scale: max(abs(old.value[i]), update, Double(rate)))
    }
    return deviation
  }

  private func doubles(_ buffer: FloatBuffer) -> [Double] {
    (0..<buffer.count).map { Double(buffer.pointer[$0]) }
  }
}
