// SPDX-License-Identifier: Apache-2.0

/// A keyed permutation of 0..<count with random access. It is a Feistel network of four rounds on
/// the smallest even number of bits that holds the count, with cycle walking (Black and Rogaway,
/// "Ciphers with arbitrary finite domains", 2002).
package struct KeyedPermutation: Sendable {
  private let count: UInt64
  private let key: UInt64
  private let halfBits: UInt64

  /// - Precondition: `count` is in 1...2^62.
  package init(count: UInt64, key: UInt64) {
    self.count = count
    self.key = key
    let bits = max(64 - UInt64((count - 1).leadingZeroBitCount), 2)
    halfBits = (bits + 1) / 2
  }

  /// The element at `index`, which is below `count`. O(1) on average.
  package func callAsFunction(_ index: UInt64) -> UInt64 {
    let mask = (1 << halfBits) - 1 as UInt64
    var value = index
    repeat {
      var (left, right) = (value >> halfBits, value & mask)
      for round in 0..<4 as Range<UInt64> {
        (left, right) = (right, left ^ (SplitMix64.hash(right &+ key &+ round << 56) & mask))
      }
      value = left << halfBits | right
    } while value >= count
    return value
  }
}
