// SPDX-License-Identifier: Apache-2.0

/// Points of a plane in a k-d tree (Bentley, "Multidimensional binary search trees used for
/// associative searching", 1975), for distances to nearest points.
package struct LocationTree: Sendable, Equatable {
  private struct Node: Sendable, Equatable {
    var x: Float
    var y: Float
    var isSplitByX = false
    /// Which of the points that the tree was made of.
    var point: Int32
  }

  /// Each subtree a range: its left subtree, its root in the middle, its right subtree. At most
  /// this many points are a leaf, in any order.
  private var nodes: [Node]
  private static let leaf = 12

  package var count: Int { nodes.count }

  /// O(points log² points).
  package init(_ points: [(x: Float, y: Float)]) {
    nodes = points.enumerated().map { Node(x: $1.x, y: $1.y, point: Int32($0)) }
    split(nodes.indices)
  }

  private mutating func split(_ range: Range<Int>) {
    guard range.count > Self.leaf else { return }
    var (low, high) = (
      (x: Float.infinity, y: Float.infinity), (x: -Float.infinity, y: -Float.infinity)
    )
    for node in nodes[range] {
      low = (min(low.x, node.x), min(low.y, node.y))
      high = (max(high.x, node.x), max(high.y, node.y))
    }
    let isSplitByX = high.x - low.x > high.y - low.y
    nodes[range].sort {
      isSplitByX ? ($0.x, $0.point) < ($1.x, $1.point) : ($0.y, $0.point) < ($1.y, $1.point)
    }
    let middle = (range.lowerBound + range.upperBound) / 2
    nodes[middle].isSplitByX = isSplitByX
    split(range.lowerBound..<middle)
    split(middle + 1..<range.upperBound)
  }

  /// The squares of the distances to the nearest points, ascending, as many as `squares` has room
  /// for; infinite where there are no more points. About O(log points + distances).
  ///
  /// - Parameter excluded: a point that does not count.
  package func nearest(
    x: Float, y: Float, excluding excluded: Int32? = nil,
    into squares: UnsafeMutableBufferPointer<Float>
  ) {
    squares.update(repeating: .infinity)
    nodes.withUnsafeBufferPointer { nodes in
      search(nodes, 0, nodes.count, x, y, excluded ?? -1, squares)
    }
  }

  private func search(
    _ nodes: UnsafeBufferPointer<Node>, _ low: Int, _ high: Int, _ x: Float, _ y: Float,
    _ excluded: Int32, _ squares: UnsafeMutableBufferPointer<Float>
  ) {
    let last = squares.count - 1
    @inline(__always)
    func add(_ node: Node) {
      let (across, up) = (x - node.x, y - node.y)
      let square = across * across + up * up
      guard square < squares[last], node.point != excluded else { return }
      var slot = last
      while slot > 0, squares[slot - 1] > square {
        squares[slot] = squares[slot - 1]
        slot -= 1
      }
      squares[slot] = square
    }
    guard high - low > Self.leaf else {
      for slot in low..<high { add(nodes[slot]) }
      return
    }
    let middle = (low + high) / 2
    let node = nodes[middle]
    let offset = node.isSplitByX ? x - node.x : y - node.y
    let (near, far) =
      offset < 0 ? (low..<middle, middle + 1..<high) : (middle + 1..<high, low..<middle)
    search(nodes, near.lowerBound, near.upperBound, x, y, excluded, squares)
    add(node)
    if offset * offset < squares[last] {
      search(nodes, far.lowerBound, far.upperBound, x, y, excluded, squares)
    }
  }
}
