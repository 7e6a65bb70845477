// SPDX-License-Identifier: Apache-2.0

/// The SplitMix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
///
/// Streams are separated by a purpose, so that an additional draw in one place changes nothing
/// elsewhere.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline package var state: UInt64

  /// A generator that continues from `state`.
  @inlinable package init(state: UInt64) { self.state = state }

  package init(seed: UInt64, purpose: UInt64) {
    self.init(state: seed &* 0xD129_0DDA_3F6E_55B1 ^ purpose &* 0x9E6C_63D0_876A_3F6B)
    _ = next()
    _ = next()
  }

  @inlinable package mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.finalized(state)
  }

  /// A whole number in 0..<bound by the multiplication of Lemire (2019); its bias, below
  /// bound / 2^64, is of no consequence here.
  package mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// 0..<count in random order (Fisher and Yates).
  ///
  /// O(count).
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, below(i + 1)) }
    return order
  }

  /// `size` of the indices 0..<count, drawn without replacement, in ascending order.
  package mutating func sample(_ size: Int, of count: Int) -> [Int] {
    size >= count ? Array(0..<count) : permutation(count).prefix(size).sorted()
  }
}

extension SplitMix64 {
  /// The increment of the state: 2^64 divided by the golden ratio.
  @inlinable package static var increment: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  /// The generator's finalizer, a bijection on 64 bits.
  @inlinable package static func finalized(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The first number of a generator with that state: a hash of 64 bits.
  @inlinable package static func hash(_ value: UInt64) -> UInt64 { finalized(value &+ increment) }
}
