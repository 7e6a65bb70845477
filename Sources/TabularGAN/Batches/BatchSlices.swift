// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The slices of a large batch that go through all layers of the discriminator one after the other,
/// so that what a slice's layers leave behind for its backward pass is still in the cache there.
///
/// A batch's loss is the mean of its slices' losses by their shares, and its gradient their sum: up
/// to rounding, the result is that of the batch as a whole.
package struct BatchSlices: Sendable {
  /// The packs of each slice: about equally many, at most as many as fit the cache.
  package let packs: [Range<Int>]

  /// With as many generated packs beside them, 2 MB for the outputs of a layer of 512 units.
  package static let maxPacks = 512

  package init(of packs: Int, maximum: Int = maxPacks) {
    let count = max((packs + maximum - 1) / maximum, 1)
    self.packs = (0..<count).map { packs * $0 / count..<packs * ($0 + 1) / count }
  }

  package var isWhole: Bool { packs.count == 1 }

  /// The slice's share of the batch.
  package func share(of slice: Int) -> Float {
    Float(packs[slice].count) / Float(packs[packs.count - 1].upperBound)
  }

  /// What the discriminator scores of a slice: its real packs above its generated ones, in one part
  /// where they lie so in memory.
  package func scored(
    _ slice: Int, real: MixedMatrix, generated: MixedMatrix
  ) -> [MixedMatrix] {
    let parts = (real[rows: packs[slice]], generated[rows: packs[slice]])
    if parts.0.sparse == nil, parts.1.sparse == nil,
      let joined = parts.0.dense.joined(with: parts.1.dense)
    {
      return [MixedMatrix(joined)]
    }
    return [parts.0, parts.1]
  }

  /// A number for the dropout masks of a slice of step `step` that is no other's.
  func maskStep(_ step: UInt64, slice: Int) -> UInt64 {
    step &* UInt64(packs.count) &+ UInt64(slice)
  }
}
