// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Draws an index in proportion to fixed weights, in O(1) by the alias method (Walker 1977; the
/// table is built as in Vose, "A linear algorithm for generating random numbers with a given
/// distribution", IEEE TSE 17, 1991).
package struct AliasTable: Sendable {
  private struct Slot {
    /// The slot's own index is drawn below this, `other` above.
    var threshold: Float
    var other: UInt32
  }
  private let slots: [Slot]

  /// Makes the table of weights that are at least 0 and not all 0, in O(weights).
  package init(weights: [Double]) {
    let total = weights.reduce(0, +)
    precondition(total > 0 && weights.allSatisfy { $0 >= 0 })
    var scaled = weights.map { $0 / total * Double(weights.count) }
    var slots = (0..<weights.count).map { Slot(threshold: 1, other: UInt32($0)) }
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    while let under = small.popLast(), let over = large.last {
      slots[under] = Slot(threshold: Float(scaled[under]), other: UInt32(over))
      scaled[over] -= 1 - scaled[under]
      if scaled[over] < 1 {
        large.removeLast()
        small.append(over)
      }
    }
    self.slots = slots
  }

  package func draw(_ random: inout RowRandom) -> Int {
    let bits = random.bits()
    let index = Int(((bits >> 32) &* UInt64(slots.count)) >> 32)
    let slot = slots[index]
    let u = Float(UInt32(truncatingIfNeeded: bits) >> 8) * 0x1p-24
    return u < slot.threshold ? index : Int(slot.other)
  }
}
