// SPDX-License-Identifier: Apache-2.0

/// The elements of a matrix in row-major order, cut into blocks of 512: what reductions of a whole
/// matrix work on, so that their order depends on the shape alone, not on stride or threads.
struct ElementBlocks {
  static let size = 512

  let count: Int
  private let matrix: Matrix
  private let elements: Int

  init(_ matrix: Matrix) {
    self.matrix = matrix
    elements = matrix.rows * matrix.columns
    count = (elements + Self.size - 1) / Self.size
  }

  /// The number of elements in a block: 512 in all but the last.
  func size(of block: Int) -> Int { min(Self.size, elements - block * Self.size) }

  /// The address of a block's elements, which are gathered in `room` where they lie in several
  /// rows.
  func elements(of block: Int, room: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
    let first = block * Self.size
    if matrix.isGapless { return UnsafePointer(matrix.base + first) }
    var (row, column) = first.quotientAndRemainder(dividingBy: matrix.columns)
    let size = size(of: block)
    if column + size <= matrix.columns {
      return UnsafePointer(matrix.base + row * matrix.stride + column)
    }
    var gathered = 0
    while gathered < size {
      let piece = min(matrix.columns - column, size - gathered)
      (room + gathered).update(from: matrix.base + row * matrix.stride + column, count: piece)
      gathered += piece
      (row, column) = (row + 1, 0)
    }
    return UnsafePointer(room)
  }
}

extension ComputeContext {
  /// Reduces the blocks of `a` and, where there is one, the same blocks of `b`, a matrix of the
  /// same shape.
  ///
  /// - Parameters:
  ///   - nanoseconds: what an element takes, roughly.
  ///   - reduce: makes a number of a block's elements in `a` and in `b` (in `a` again without one).
  ///   - combine: receives these numbers one after the other, in ascending order.
  @inline(__always)
  func reduceBlocks<Partial: BitwiseCopyable>(
    of a: Matrix, _ b: Matrix? = nil, nanoseconds: Double,
    _ reduce: (
      _ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>
    ) -> Partial,
    combine: (_ block: Int, Partial) -> Void
  ) throws(NumericError) {
    let blocks = ElementBlocks(a)
    let others = b.map { ElementBlocks($0) }
    let partials = try AlignedStorage<Partial>(
      rows: blocks.count, stride: 1, for: "partial results")
    let total = nanoseconds * Double(a.rows) * Double(a.columns)
    share(blocks.count, nanoseconds: total) { part in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * ElementBlocks.size) { rooms in
        let room = rooms.baseAddress!
        for block in part {
          let first = blocks.elements(of: block, room: room)
          let second = others?.elements(of: block, room: room + ElementBlocks.size) ?? first
          partials.base[block] = reduce(blocks.size(of: block), first, second)
        }
      }
    }
    for block in 0..<blocks.count { combine(block, partials.base[block]) }
  }
}
