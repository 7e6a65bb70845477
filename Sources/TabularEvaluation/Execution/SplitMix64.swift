/// The SplitMix64 generator (Steele, Lea and Flood 2014).
///
/// Its streams are distinguished by a purpose, so that adding a draw in one place changes nothing
/// elsewhere.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64, purpose: UInt64) {
    state = seed &* 0xD129_0DDA_3F6E_55B1 ^ purpose &* 0x9E6C_63D0_876A_3F6B
    _ = next()
    _ = next()
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
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
