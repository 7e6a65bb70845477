// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Encoded rows as one column sees them: row `i` begins `i * stride` floats after `base`, at the
/// column's first position.
public struct EncodedRows {
  /// The column's first position in the first row; valid only during the call.
  public let base: UnsafePointer<Float>
  /// The number of rows.
  public let count: Int
  /// The distance between two rows, in floats.
  public let stride: Int
  /// What the rows' random numbers follow.
  let draws: DecodingDraws

  /// The random numbers that row `i` is decoded with.
  @inline(__always)
  func random(_ i: Int) -> RowRandom { draws.random(i) }

  /// A random number in 0..<1 for rounding, taken from the row's first draw.
  @inline(__always)
  func position(_ i: Int) -> Double {
    var random = random(i)
    return random.uniform()
  }
}

/// The random numbers that encoded rows are decoded with: they follow a seed and the number of the
/// row of the table that an encoded row stands for, or is a candidate for.
struct DecodingDraws {
  let seed: UInt64
  /// For each encoded row at hand the number of the table's row.
  let numbers: UnsafePointer<Int>

  @inline(__always)
  func random(_ i: Int) -> RowRandom { RowRandom(seed: seed, row: numbers[i]) }
}
