// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// An elementary function of the kernels beside the same in double precision.
enum ElementaryFunction: String, CaseIterable, Codable, Sendable {
  case exp, log, tanh

  func evaluate(
    on context: BenchContext, _ x: UnsafeBufferPointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) throws {
    let count = Int64(x.count)
    switch self {
    case .exp: try check(ck_exp_f32(context.pointer, count, x.baseAddress, y), "ck_exp_f32")
    case .log: try check(ck_log_f32(context.pointer, count, x.baseAddress, y), "ck_log_f32")
    case .tanh: try check(ck_tanh_f32(context.pointer, count, x.baseAddress, y), "ck_tanh_f32")
    }
  }

  /// The value to compare with.
  func exact(_ x: Float) -> Double {
    switch self {
    case .exp: return ck_reference_exp(x)
    case .log: return ck_reference_log(x)
    case .tanh: return ck_reference_tanh(x)
    }
  }
}
