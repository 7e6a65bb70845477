// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Reproducible random choices of rows.
///
/// Row `i` has the key `mix(seed, i)` (SplitMix64's finalizer over a Weyl sequence, Steele et al.,
/// 2014); the rows in the order of their keys are a random permutation. A subset of `n` rows is its
/// first `n`, so a smaller subset is part of every larger one of the same seed. A key depends on
/// the seed and the row's number alone: no state, no order of evaluation, no thread matters.
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
    SplitMix64.finalized(
      SplitMix64.finalized(seed) &+ SplitMix64.increment &* (UInt64(row) &+ 1))
  }
}
