/// A keyed permutation of 0..<count with random access. It is a Feistel network of four rounds on
/// the smallest even number of bits that holds the count, with cycle walking (Black and Rogaway,
/// "Ciphers with arbitrary finite domains", 2002).
struct KeyedPermutation {
  private let count: UInt64
  private let key: UInt64
  private let halfBits: UInt64

  /// - Precondition: `count` is in 1...2^62.
  init(count: UInt64, key: UInt64) {
    self.count = count
    self.key = key
    let bits = max(64 - UInt64((count - 1).leadingZeroBitCount), 2)
    halfBits = (bits + 1) / 2
  }

  /// The element at `place`, which is below `count`. O(1) on average.
  func callAsFunction(_ place: UInt64) -> UInt64 {
    let mask = (1 << halfBits) - 1 as UInt64
    var value = place
    repeat {
      var (left, right) = (value >> halfBits, value & mask)
      for round in 0..<4 as Range<UInt64> {
        (left, right) = (right, left ^ (Self.mix(right &+ key &+ round << 56) & mask))
      }
      value = left << halfBits | right
    } while value >= count
    return value
  }

  /// A 64-bit hash (SplitMix64's finalizer).
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
