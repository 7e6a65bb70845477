// SPDX-License-Identifier: Apache-2.0

/// Random numbers by index: the value at an index depends on seed, purpose and index alone, so
/// results do not depend on the order of evaluation.
///
/// For single draws; arrays are filled by the kernels' Philox generator.
package struct CounterRandom: Sendable {
  private let key: UInt64

  package init(seed: UInt64, purpose: UInt64) {
    key = SplitMix64.hash(SplitMix64.hash(seed) &+ purpose &* SplitMix64.increment)
  }

  /// 64 uniform bits at `index`.
  package func bits(_ index: UInt64) -> UInt64 { SplitMix64.hash(key ^ SplitMix64.hash(index)) }

  /// Uniform in 0..<1 at `index`.
  package func uniform(_ index: UInt64) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// Uniform in 0..<bound at `index`.
  package func integer(below bound: Int, _ index: UInt64) -> Int {
    Int(bits(index).multipliedFullWidth(by: UInt64(bound)).high)
  }
}
