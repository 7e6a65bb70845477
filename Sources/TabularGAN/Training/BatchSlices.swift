import NumericCore

/// The slices of a large batch that go through all layers of the discriminator one after the other, so
/// that what a slice's layers leave behind for its backward pass is still in the cache there.
///
/// A batch's loss is the mean of its slices' losses by their shares, and its gradient their sum: up to
/// rounding, the result is that of the batch as a whole.
package struct BatchSlices: Sendable {
  /// The packs of each slice: about equally many, at most so many as the cache is for.
  package let packs: [Range<Int>]

  /// With as many generated packs beside them, 2 MB for the outputs of a layer of 512 units.
  package static let mostPacks = 512

  package init(of packs: Int, most: Int = mostPacks) {
    let count = max((packs + most - 1) / most, 1)
    self.packs = (0..<count).map { packs * $0 / count..<packs * ($0 + 1) / count }
  }

  package var isWhole: Bool { packs.count == 1 }

  /// The slice's share of the batch.
  package func share(of slice: Int) -> Float {
    Float(packs[slice].count) / Float(packs[packs.count - 1].upperBound)
  }

  /// Room for the packs of a slice, given all real packs above as many generated ones; these themselves where
  /// a slice is the whole batch.
  package func room(for all: Matrix) -> Matrix {
    isWhole ? all : Matrix(rows: 2 * packs.map(\.count).max()!, columns: all.columns)
  }

  /// The slice's real packs above its generated ones, in `room`. O(packs of the slice).
  package func judged(_ slice: Int, of all: Matrix, in room: Matrix) -> Matrix {
    guard !isWhole else { return all }
    let part = packs[slice]
    let judged = room[rows: 0..<2 * part.count]
    judged[rows: 0..<part.count].copy(from: all[rows: part])
    let generated = all[rows: all.rows / 2..<all.rows]
    judged[rows: part.count..<2 * part.count].copy(from: generated[rows: part])
    return judged
  }

  /// A number for the dropout masks of a slice of step `step` that is no other's.
  func maskStep(_ step: UInt64, slice: Int) -> UInt64 {
    step &* UInt64(packs.count) &+ UInt64(slice)
  }
}
