// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation

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

  /// The value to compare with. The C library's error, below an ulp of a double, is 2^-29 of a
  /// float's. A denormal input counts as zero, as it does in the kernels.
  func exact(_ x: Float) -> Double {
    let argument = Double(x.isSubnormal ? (x.sign == .minus ? -0.0 : 0) : x)
    switch self {
    case .exp: return Foundation.exp(argument)
    case .log: return Foundation.log(argument)
    case .tanh: return Foundation.tanh(argument)
    }
  }
}
