// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// A random order of the rows 0..<count that needs no memory: position -> row by a keyed bijection.
///
/// A balanced Feistel network over the least even number of bits that holds `count`, walked until
/// it lands inside the range (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
/// Any position can be asked for on its own, so a run can be resumed anywhere or split over
/// workers.
package struct RowPermutation {
  package let count: Int
  private let halfBits: UInt64
  private let halfMask: UInt64
  private let key: UInt64

  /// The order of pass number `epoch`.
  package init(count: Int, seed: UInt64, epoch: Int) {
    self.count = count
    var half: UInt64 = 1
    while 1 << (2 * half) < UInt64(max(count, 1)) { half += 1 }
    halfBits = half
    halfMask = (1 << half) - 1
    key = CounterRandom(seed: seed, purpose: .rowOrder).bits(UInt64(epoch))
  }

  /// The row at `position`, both in 0..<count. O(1) on average: at most four walks are expected.
  package subscript(position: Int) -> Int {
    var value = UInt64(position)
    repeat { value = encrypt(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func encrypt(_ value: UInt64) -> UInt64 {
    var left = value >> halfBits
    var right = value & halfMask
    for round: UInt64 in 0..<6 {
      let mixed = SplitMix64.hash(key &+ (round << 56) ^ right) & halfMask
      (left, right) = (right, left ^ mixed)
    }
    return left << halfBits | right
  }
}
