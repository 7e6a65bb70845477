// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation

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
    let before = (0..<gradient.count).map { i in
      (m: Double(m.pointer[i]), v: Double(v.pointer[i]), value: Double(value.pointer[i]))
    }
    try bind(to: context)()
    var deviation = Deviation(bound: 8, unit: "ulp of the largest term")
    for i in 0..<gradient.count {
      let old = before[i]
      let gradient = Double(self.gradient.pointer[i])
      switch operation {
      case .adam: compareAdam(i, gradient, old, into: &deviation)
      case .rmsprop: compareRMSprop(i, gradient, old, into: &deviation)
      }
    }
    return deviation
  }

  private func compareAdam(
    _ i: Int, _ raw: Double, _ old: (m: Double, v: Double, value: Double),
    into deviation: inout Deviation
  ) {
    let adam = Self.adam
    let (beta1, beta2) = (Double(adam.beta1), Double(adam.beta2))
    let gradient = raw + Double(adam.weight_decay) * old.value
    let newM = beta1 * old.m + (1 - beta1) * gradient
    let newV = beta2 * old.v + (1 - beta2) * gradient * gradient
    let correction1 = 1 - pow(beta1, Double(adam.step))
    let correction2 = 1 - pow(beta2, Double(adam.step))
    let update =
      Double(adam.learning_rate) / correction1 * newM
      / ((newV / correction2).squareRoot() + Double(adam.epsilon))
    deviation.includeUlps(m.pointer[i], exact: newM, scale: max(abs(old.m), abs(gradient)))
    deviation.includeUlps(v.pointer[i], exact: newV)
    deviation.includeUlps(
      value.pointer[i], exact: old.value - update,
      scale: max(abs(old.value), abs(update), Double(adam.learning_rate)))
  }

  private func compareRMSprop(
    _ i: Int, _ raw: Double, _ old: (m: Double, v: Double, value: Double),
    into deviation: inout Deviation
  ) {
    let rmsprop = Self.rmsprop
    let alpha = Double(rmsprop.alpha)
    let gradient = raw + Double(rmsprop.weight_decay) * old.value
    let newV = alpha * old.v + (1 - alpha) * gradient * gradient
    let update =
      Double(rmsprop.learning_rate) * gradient / (newV.squareRoot() + Double(rmsprop.epsilon))
    deviation.includeUlps(v.pointer[i], exact: newV)
    deviation.includeUlps(
      value.pointer[i], exact: old.value - update,
      scale: max(abs(old.value), abs(update), Double(rmsprop.learning_rate)))
  }
}
