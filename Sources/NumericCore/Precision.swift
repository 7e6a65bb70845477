// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The numbers that dense products are made of; results are always of single precision.
public enum Precision: String, Sendable, Codable, CaseIterable {
  /// 32-bit operands.
  case float32
  /// 16-bit operands with the range of a `Float` and 8 bits of precision; sums in 32 bits.
  case bfloat16
  /// 16-bit operands with 11 bits of precision, up to 65504. Where the machine has half-precision
  /// arithmetic and it is measured to be faster, short sums are of 16 bits too; elsewhere operands
  /// are widened and sums are of 32 bits. What is trained with it needs its losses scaled.
  case float16
  /// The fastest on the machine at hand, by measured rates.
  case automatic

  /// The operands' format; nil for `Float`s (and for `.automatic`, which is none until resolved).
  public var halfFormat: HalfFormat? {
    switch self {
    case .float32, .automatic: nil
    case .bfloat16: .bfloat16
    case .float16: .float16
    }
  }
}

extension ComputeContext {
  /// What `precision` comes to here: `.automatic` is the 16-bit format whose instructions are
  /// measured to be fastest, where they are faster than those of single precision, else single
  /// precision. The first call measures for less than two milliseconds.
  public func resolve(_ precision: Precision) -> Precision {
    guard precision == .automatic else { return precision }
    let rates = [Precision.bfloat16, .float16].map { ($0, directRate($0)) }
    let fastest = rates.max { $0.1 < $1.1 }
    return fastest.map { $0.1 > 0 ? $0.0 : .float32 } ?? .float32
  }

  /// How many times as fast as those of single precision the instructions of a 16-bit format are;
  /// 0 where they are not taken.
  private func directRate(_ precision: Precision) -> Double {
    var rate = ck_half_rate()
    guard let format = precision.halfFormat,
      ck_context_half_rate(handle, format.kernel, &rate) == CK_OK,
      rate.path == CK_HALF_DIRECT
    else { return 0 }
    return rate.direct / rate.single
  }
}
