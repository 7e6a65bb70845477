// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The upper half of a `Float`: its range with 8 bits of precision. A storage format.
public struct BFloat16: Sendable, Equatable {
  /// The upper half of the `Float` with the same value: sign, 8 bits of exponent, 7 of fraction.
  public var bitPattern: UInt16

  /// The number with these bits; any pattern is valid, NaN and infinities included.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// Rounds to nearest, ties to even; NaN stays NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    let rounded = (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16
    bitPattern = UInt16(truncatingIfNeeded: value.isNaN ? (bits >> 16) | 0x40 : rounded)
  }
}

extension Float {
  /// The exact value.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}

extension ComputeContext {
  /// Rounds an array to bfloat16.
  public func convert(_ values: [Float]) throws(NumericError) -> [BFloat16] {
    var result = [BFloat16](repeating: BFloat16(bitPattern: 0), count: values.count)
    let status = result.withUnsafeMutableBytes { to in
      ck_convert_f32_to_half(
        handle, CK_BF16, Int64(values.count), values, to.bindMemory(to: UInt16.self).baseAddress)
    }
    try check(status)
    return result
  }

  /// Widens an array of bfloat16; exact.
  public func convert(_ values: [BFloat16]) throws(NumericError) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    let status = values.withUnsafeBytes { from in
      ck_convert_half_to_f32(
        handle, CK_BF16, Int64(values.count), from.bindMemory(to: UInt16.self).baseAddress, &result)
    }
    try check(status)
    return result
  }
}
