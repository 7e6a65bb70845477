// SPDX-License-Identifier: Apache-2.0

/// A set of bins, as 256 bits.
struct BinSet: Sendable {
  private var words = SIMD4<UInt64>.zero

  mutating func insert(_ bin: Int) {
    words[bin >> 6] |= 1 << UInt64(bin & 63)
  }

  func contains(_ bin: UInt8) -> Bool {
    words[Int(bin >> 6)] >> UInt64(bin & 63) & 1 == 1
  }
}

/// A binary tree over binned rows.
struct DecisionTree: Sendable {
  struct Node: Sendable {
    var feature: Int
    /// Bins whose rows go left.
    var left: BinSet
    /// Index of a node, or of a leaf as its complement.
    var leftChild: Int
    var rightChild: Int
  }
  var nodes: [Node] = []
  var leafValues: [Double]

  /// The value of the leaf in which a row lies.
  ///
  /// O(depth).
  package func value(row: UnsafePointer<UInt8>) -> Double {
    if nodes.isEmpty { return leafValues[0] }
    var index = 0
    while index >= 0 {
      let node = nodes[index]
      index = node.left.contains(row[node.feature]) ? node.leftChild : node.rightChild
    }
    return leafValues[~index]
  }
}
