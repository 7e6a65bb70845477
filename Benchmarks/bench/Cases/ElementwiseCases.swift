// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// Functions of one element: activations over a matrix, and exp, log and tanh over an array.
enum ElementwiseOperation {
  static var cases: [KernelCase] {
    activationCases(rows: 500, columns: 256, onlyInFull: false)
      + activationCases(rows: 8192, columns: 512, onlyInFull: true)
      + functionCases(count: 1 << 16, onlyInFull: false)
      + functionCases(count: 1 << 22, onlyInFull: true)
  }

  /// An activation and how far in units of the last place its forward pass may be off.
  private static let activations:
    [(
      name: String, act: ck_activation, forwardUlps: Double, forward: InstructionCount,
      backward: InstructionCount
    )] = [
      ("leaky", ck_activation(kind: CK_LEAKY_RELU, slope: 0.2), 1, .leaky, .leakyDerivative),
      ("tanh", ck_activation(kind: CK_TANH, slope: 0), 2, .tanh, .tanhDerivative),
      ("sigmoid", ck_activation(kind: CK_SIGMOID, slope: 0), 4, .sigmoid, .sigmoidDerivative),
      ("selu", ck_activation(kind: CK_SELU, slope: 0), 8, .selu, .seluDerivative),
    ]

  private static func activationCases(
    rows: Int, columns: Int, onlyInFull: Bool
  ) -> [KernelCase] {
    activations.flatMap { name, act, forwardUlps, forwardCount, backwardCount in
      let shape = "\(rows)x\(columns) \(name)"
      let bytes = Double(rows * columns) * 4
      let forward = KernelCase(
        operation: "activation_forward_f32", kernels: ["activation_forward_f32"], shape: shape,
        operations: nil, bytes: 2 * bytes,
        instructions: forwardCount.over(elements: rows * columns), bound: .memory,
        onlyInFull: onlyInFull
      ) {
        PreparedMap(count: rows * columns, in: -4...4, ulps: forwardUlps) {
          ck_activation_forward_f32(
            $0, Int64(rows), Int64(columns), $1, Int64(columns), act, $2, Int64(columns))
        } exact: {
          ck_reference_activation(act, Double($0))
        }
      }
      let backward = KernelCase(
        operation: "activation_backward_f32", kernels: ["activation_backward_f32"], shape: shape,
        operations: nil, bytes: 3 * bytes,
        instructions: backwardCount.over(elements: rows * columns), bound: .memory,
        onlyInFull: onlyInFull
      ) {
        // The stored outputs are the second operand; one product of the derivative is rounded.
        PreparedActivationBackward(rows: rows, columns: columns, act: act)
      }
      return [forward, backward]
    }
  }

  private typealias Function =
    @Sendable (
      OpaquePointer?, Int64, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> ck_status

  private static func functionCases(count: Int, onlyInFull: Bool) -> [KernelCase] {
    let functions:
      [(
        String, ClosedRange<Float>, InstructionCount, Function, @Sendable (Float) -> Double
      )] = [
        ("exp_f32", -20...20, .exp, { ck_exp_f32($0, $1, $2, $3) }, { ck_reference_exp($0) }),
        ("log_f32", 1e-3...100, .log, { ck_log_f32($0, $1, $2, $3) }, { ck_reference_log($0) }),
        ("tanh_f32", -6...6, .tanh, { ck_tanh_f32($0, $1, $2, $3) }, { ck_reference_tanh($0) }),
      ]
    return functions.map { name, range, count16, call, exact in
      KernelCase(
        operation: name, kernels: [name], shape: "\(count)", operations: nil,
        bytes: 8 * Double(count), instructions: count16.over(elements: count), bound: .memory,
        onlyInFull: onlyInFull
      ) {
        PreparedMap(
          count: count, in: range, ulps: 2, call: { call($0, Int64(count), $1, $2) }, exact: exact)
      }
    }
  }
}

/// y = f(x), element by element.
private final class PreparedMap: PreparedCase {
  private let x, y: FloatBuffer
  private let ulps: Double
  private let call: (OpaquePointer, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> ck_status
  private let exact: (Float) -> Double

  init(
    count: Int, in range: ClosedRange<Float>, ulps: Double,
    call: @escaping (OpaquePointer, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> ck_status,
    exact: @escaping (Float) -> Double
  ) {
    x = FloatBuffer(count: count, seed: 1, in: range)
    y = FloatBuffer(count: count)
    self.ulps = ulps
    self.call = call
    self.exact = exact
  }

  func bind(to context: BenchContext) -> () throws -> Void {
    { [self] in try check(call(context.pointer, x.pointer, y.pointer), "element-wise function") }
  }

  func deviation(on context: BenchContext) throws -> Deviation {
    y.fill(.nan)
    try bind(to: context)()
    var deviation = Deviation(bound: ulps, unit: "ulp")
    for i in 0..<x.count { deviation.includeUlps(y.pointer[i], exact: exact(x.pointer[i])) }
    return deviation
  }
}

/// dz = dh * act'(h).
private final class PreparedActivationBackward: PreparedCase {
  private let rows, columns: Int64
  private let act: ck_activation
  private let dh, h, dz: FloatBuffer

  init(rows: Int, columns: Int, act: ck_activation) {
    (self.rows, self.columns, self.act) = (Int64(rows), Int64(columns), act)
    dh = FloatBuffer(count: rows * columns, seed: 1)
    h = FloatBuffer(count: rows * columns, seed: 2, in: -0.99...0.99)
    dz = FloatBuffer(count: rows * columns)
  }

  func bind(to context: BenchContext) -> () throws -> Void {
    { [self] in
      try check(
        ck_activation_backward_f32(
          context.pointer, rows, columns, dh.pointer, columns, h.pointer, columns, act, dz.pointer,
          columns), "ck_activation_backward_f32")
    }
  }

  func deviation(on context: BenchContext) throws -> Deviation {
    dz.fill(.nan)
    try bind(to: context)()
    // Where 1 - h^2 or h + a cancels, the error is one of its terms, not of their difference.
    var deviation = Deviation(bound: 4, unit: "ulp of dh max(1, act')")
    for i in 0..<dh.count {
      let derivative = ck_reference_derivative(act, Double(h.pointer[i]))
      let upstream = Double(dh.pointer[i])
      deviation.includeUlps(
        dz.pointer[i], exact: upstream * derivative, scale: upstream * max(1, abs(derivative)))
    }
    return deviation
  }
}
