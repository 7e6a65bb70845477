// SPDX-License-Identifier: Apache-2.0

/// Sizes around the edges of vectors, tiles and blocks.
public enum Sizes {
  /// Sizes around the widths of registers and tiles, 0 and 1 included.
  public static let ragged = [0, 1, 7, 16, 17, 31, 33, 64, 65, 127, 500]

  /// Triples in which every pair of the first two sizes occurs, and every third size beside many.
  public static let triples: [(m: Int, n: Int, k: Int)] = ragged.indices.flatMap { i in
    ragged.indices.map { j in
      (ragged[i], ragged[j], ragged[(3 * i + 5 * j + 1) % ragged.count])
    }
  }
}
