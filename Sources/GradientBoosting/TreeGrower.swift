// SPDX-License-Identifier: Apache-2.0

/// Grows one tree after another over the same rows, best leaf first (leaf-wise), by histograms of
/// gradients: of two children only the smaller one's is counted, its sibling's is the difference.
///
/// Used by one thread.
final class TreeGrower {
  private struct Leaf {
    var rows: Range<Int>
    var sums: GradientSums
    /// Place of its histogram in the pool.
    var slot: Int
    var split: Split?
    /// The node that leads here, and whether from its left; nil for the root.
    var parent: (node: Int, isLeft: Bool)?
  }

  private let data: BinnedRows
  private let options: BoostingOptions
  private let width: Int
  /// First entry of each feature in a histogram.
  private let offsets: [Int]
  private let histogramSize: Int
  private let pool: UnsafeMutablePointer<SIMD4<Float>>
  /// Rows, those of a leaf side by side in ascending order.
  private let order: UnsafeMutablePointer<Int32>
  private let scratch: UnsafeMutablePointer<Int32>
  private let rowCount: Int
  private let rows: [Int32]
  private(set) var leafRows: [Range<Int>] = []
  /// Sum of the gains of all splits so far, by feature.
  private(set) var gains: [Double]

  init(data: BinnedRows, rows: [Int32], options: BoostingOptions) {
    self.data = data
    self.options = options
    self.rows = rows
    width = data.features.count
    rowCount = rows.count
    gains = [Double](repeating: 0, count: width)
    var offsets: [Int] = []
    var next = 0
    for feature in data.features {
      offsets.append(next)
      next += feature.binCount
    }
    self.offsets = offsets
    histogramSize = next
    pool = .allocate(capacity: max(next * options.leaves, 1))
    order = .allocate(capacity: max(rows.count, 1))
    scratch = .allocate(capacity: max(rows.count, 1))
  }

  deinit {
    pool.deallocate()
    order.deallocate()
    scratch.deallocate()
  }

  /// The rows of a leaf of the tree grown last.
  func rows(ofLeaf leaf: Int) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: order + leafRows[leaf].lowerBound, count: leafRows[leaf].count)
  }

  /// Grows a tree on gradients and second derivatives, both indexed by row.
  ///
  /// Leaf values are scaled by the learning rate. O(rows x features x log leaves) in the usual
  /// case.
  func grow(gradients: UnsafePointer<SIMD2<Float>>) -> DecisionTree {
    for (position, row) in rows.enumerated() { order[position] = row }
    var tree = DecisionTree(leafValues: [])
    var leaves = [Leaf(rows: 0..<rowCount, sums: GradientSums(), slot: 0, split: nil, parent: nil)]
    fill(slot: 0, rows: 0..<rowCount, gradients)
    leaves[0].sums = total(gradients)
    leaves[0].split = search(leaves[0])
    while leaves.count < options.leaves {
      // The first of equals, so that the tree depends on nothing but the data.
      guard
        let chosen = leaves.indices.filter({ leaves[$0].split != nil }).max(by: {
          (leaves[$0].split!.gain, -$0) < (leaves[$1].split!.gain, -$1)
        })
      else { break }
      divide(chosen, &leaves, &tree, gradients)
    }
    leafRows = leaves.map(\.rows)
    return tree.nodes.isEmpty
      ? DecisionTree(leafValues: [leaves[0].sums.leafValue(l2: options.l2) * options.learningRate])
      : tree
  }

  private func divide(
    _ index: Int, _ leaves: inout [Leaf], _ tree: inout DecisionTree,
    _ gradients: UnsafePointer<SIMD2<Float>>
  ) {
    let leaf = leaves[index]
    let split = leaf.split!
    gains[split.feature] += split.gain
    let node = tree.nodes.count
    let newIndex = leaves.count
    let values = [split.leftSums, split.rightSums].map {
      $0.leafValue(l2: split.l2) * options.learningRate
    }
    if tree.leafValues.isEmpty { tree.leafValues = [0] }
    tree.leafValues[index] = values[0]
    tree.leafValues.append(values[1])
    tree.nodes.append(
      .init(feature: split.feature, left: split.left, leftChild: ~index, rightChild: ~newIndex))
    if let parent = leaf.parent {
      if parent.isLeft {
        tree.nodes[parent.node].leftChild = node
      } else {
        tree.nodes[parent.node].rightChild = node
      }
    }
    let middle = partition(leaf.rows, split)
    var left = Leaf(
      rows: leaf.rows.lowerBound..<middle, sums: split.leftSums, slot: leaf.slot, split: nil,
      parent: (node, true))
    var right = Leaf(
      rows: middle..<leaf.rows.upperBound, sums: split.rightSums, slot: newIndex, split: nil,
      parent: (node, false))
    if newIndex + 1 < options.leaves {
      if left.rows.count < right.rows.count { swap(&left.slot, &right.slot) }
      let (small, large) = left.rows.count < right.rows.count ? (left, right) : (right, left)
      fill(slot: small.slot, rows: small.rows, gradients)
      subtract(slot: small.slot, from: large.slot)
      left.split = search(left)
      right.split = search(right)
    }
    leaves[index] = left
    leaves.append(right)
  }

  private func total(_ gradients: UnsafePointer<SIMD2<Float>>) -> GradientSums {
    var sums = GradientSums(rows: Double(rowCount))
    for position in 0..<rowCount {
      let pair = gradients[Int(order[position])]
      sums.gradient += Double(pair.x)
      sums.hessian += Double(pair.y)
    }
    return sums
  }

  private func search(_ leaf: Leaf) -> Split? {
    if leaf.rows.count < 2 * options.minimumLeafRows { return nil }
    let finder = SplitSearch(options: options, total: leaf.sums)
    let histogram = pool + leaf.slot * histogramSize
    var best: Split?
    for feature in 0..<width {
      let floor = best?.gain ?? 1e-12
      if let split = finder.best(
        histogram + offsets[feature], bins: data.features[feature], feature: feature, above: floor)
      {
        best = split
      }
    }
    return best
  }

  // MARK: Passes over rows

  private func fill(
    slot: Int, rows: Range<Int>, _ gradients: UnsafePointer<SIMD2<Float>>
  ) {
    let histogram = pool + slot * histogramSize
    histogram.update(repeating: .zero, count: histogramSize)
    let width = width
    let order = order
    data.bytes.withUnsafeBufferPointer { bytes in
      offsets.withUnsafeBufferPointer { offsets in
        guard let bytes = bytes.baseAddress, let offsets = offsets.baseAddress else { return }
        for position in rows {
          let row = Int(order[position])
          let entry = SIMD4<Float>(gradients[row].x, gradients[row].y, 1, 0)
          let codes = bytes + row * width
          for feature in 0..<width {
            histogram[offsets[feature] &+ Int(codes[feature])] += entry
          }
        }
      }
    }
  }

  private func subtract(slot: Int, from large: Int) {
    let small = pool + slot * histogramSize
    let result = pool + large * histogramSize
    for entry in 0..<histogramSize { result[entry] -= small[entry] }
  }

  /// Puts the rows that go left before those that go right, either in their old order.
  ///
  /// The position of the first that goes right is returned.
  private func partition(_ range: Range<Int>, _ split: Split) -> Int {
    var goesLeft = [UInt8](repeating: 0, count: 256)
    for bin in 0..<256 where split.left.contains(UInt8(bin)) { goesLeft[bin] = 1 }
    let (order, scratch, width) = (order, scratch, width)
    return data.bytes.withUnsafeBufferPointer { bytes in
      goesLeft.withUnsafeBufferPointer { table in
        let column = bytes.baseAddress! + split.feature
        let table = table.baseAddress!
        var left = range.lowerBound
        var right = 0
        // Without a branch: a row is written to both sides, and only one of them moves on.
        for position in range {
          let row = order[position]
          let flag = Int(table[Int(column[Int(row) &* width])])
          order[left] = row
          scratch[right] = row
          left &+= flag
          right &+= 1 &- flag
        }
        (order + left).update(from: scratch, count: right)
        return left
      }
    }
  }
}
