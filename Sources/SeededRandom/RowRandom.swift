// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The random numbers of one row: a SplitMix64 generator that starts from a hash of (seed, row), so
/// a row's numbers depend on nothing else.
package struct RowRandom: Sendable {
  @usableFromInline package var generator: SplitMix64

  @inlinable package init(seed: UInt64, row: Int) {
    generator = SplitMix64(
      state: SplitMix64.finalized(
        SplitMix64.finalized(seed) &+ UInt64(bitPattern: Int64(row)) &* 0xD1B5_4A32_D192_ED03))
  }

  @inlinable package mutating func bits() -> UInt64 { generator.next() }

  /// Uniform in the open interval 0..1, of 52 bits.
  @inlinable package mutating func uniform() -> Double { (Double(bits() >> 12) + 0.5) * 0x1p-52 }

  /// Uniform between the bounds.
  @inlinable package mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Uniform whole number below `bound`, biased by less than bound / 2^32.
  @inlinable package mutating func index(below bound: Int) -> Int {
    Int(((bits() >> 32) &* UInt64(bound)) >> 32)
  }

  /// True with that probability.
  @inlinable package mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// Standard normal, by the quantile function.
  package mutating func normal() -> Double { Self.normalQuantile(uniform()) }

  /// Exponential with mean 1.
  package mutating func exponential() -> Double { -log(uniform()) }

  /// The quantile function of the standard normal: Peter Acklam's rational approximation, relative
  /// error below 1.2e-9.
  ///
  /// One draw for each value keeps rows short.
  package static func normalQuantile(_ p: Double) -> Double {
    if p < 0.02425 || p > 1 - 0.02425 {
      let q = sqrt(-2 * log(min(p, 1 - p)))
      let top =
        ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
          - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783
      let bottom =
        (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
          + 3.754408661907416) * q + 1
      return p < 0.5 ? top / bottom : -top / bottom
    }
    let q = p - 0.5
    let r = q * q
    let top =
      ((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
        + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239
    let bottom =
      ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
        + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1
    return top * q / bottom
  }
}
