/// Reproducible random choices of rows.
///
/// Row `i` has the key `mix(seed, i)` (SplitMix64's finaliser over a Weyl sequence, Steele et al.,
/// 2014); the rows in the order of their keys are a random permutation. A subset of `n` rows is its
/// first `n`, so a smaller subset is part of every larger one of the same seed. A key depends on the
/// seed and the row's number alone: no state, no order of evaluation, no thread matters.
package struct RowSubset {
  /// Row numbers in the order of their keys.
  package let order: [Int]

  /// O(n log n).
  package init(count: Int, seed: UInt64) {
    var keys = (0..<count).map { (key: Self.key(seed: seed, row: $0), row: $0) }
    keys.sort { ($0.key, $0.row) < ($1.key, $1.row) }
    order = keys.map(\.row)
  }

  /// The first `count` rows of the permutation, in the order of the file.
  package func first(_ count: Int) -> [Int] { order.prefix(count).sorted() }

  /// The last `count` rows of the permutation, in the order of the file: none is in ``first(_:)``
  /// as long as both fit.
  package func last(_ count: Int) -> [Int] { order.suffix(count).sorted() }

  static func key(seed: UInt64, row: Int) -> UInt64 {
    mix(mix(seed) &+ 0x9E37_79B9_7F4A_7C15 &* (UInt64(row) &+ 1))
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
