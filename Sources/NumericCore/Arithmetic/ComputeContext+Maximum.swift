// SPDX-License-Identifier: Apache-2.0

// The largest element. NaN counts as larger than every number, so that it cannot go unnoticed;
// zeros of both signs, and denormals, are equal.

extension ComputeContext {
  /// The largest element, or NaN if one is NaN. O(elements).
  ///
  /// - Throws: `.invalidParameter` if there is no element;
  ///   ``NumericError/outOfMemory(bytes:purpose:)``.
  public func max(_ x: Matrix) throws(NumericError) -> Float {
    try x.requireElements(for: "the maximum")
    var largest = -Float.infinity
    try reduceBlocks(of: x, nanoseconds: 0.1) { count, x, _ in
      LaneMaximum.maximum(count, x) { $0 }
    } combine: { _, candidate in
      largest = LaneMaximum.larger(candidate, largest)
    }
    return largest
  }

  /// The largest elements of the rows, `y` being one column, or of the columns, `y` being one row;
  /// NaN where one is NaN. O(elements).
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps `x`, or if the rows or columns have no elements.
  public func max(_ x: Matrix, ofEach axis: ReductionAxis, into y: Matrix) throws(NumericError) {
    try y.requireResult(ofEach: axis, of: x)
    if y.rows > 0 && y.columns > 0 { try x.requireElements(for: "the maximum") }
    switch axis {
    case .row:
      reduceRows(of: x, into: y, nanoseconds: 0.1) { _, elements in
        LaneMaximum.maximum(x.columns, elements) { $0 }
      }
    case .column:
      maximizeColumns(of: x, into: y) { $0 }
    }
  }

  /// Where the largest element is: the first in row-major order, or the first NaN if there is one.
  /// O(elements).
  ///
  /// - Throws: as ``max(_:)``.
  public func argmax(_ x: Matrix) throws(NumericError) -> (row: Int, column: Int) {
    try x.requireElements(for: "the maximum")
    var best = (block: 0, value: -Float.infinity)
    try reduceBlocks(of: x, nanoseconds: 0.1) { count, x, _ in
      LaneMaximum.maximum(count, x) { $0 }
    } combine: { block, value in
      if value > best.value || value.isNaN && !best.value.isNaN { best = (block, value) }
    }
    let blocks = ElementBlocks(x)
    var index = 0
    // Compared as the maximum was found, denormals counting as zero.
    share(1, nanoseconds: 0) { _ in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: ElementBlocks.size) { room in
        let elements = blocks.elements(of: best.block, room: room.baseAddress!)
        index = LaneMaximum.firstIndex(of: best.value, blocks.size(of: best.block), elements)
      }
    }
    let (row, column) = (best.block * ElementBlocks.size + index).quotientAndRemainder(
      dividingBy: x.columns)
    withExtendedLifetime(x) {}
    return (row, column)
  }

  /// Where the largest element of each row or column is: the first one's column or row, or that of
  /// the first NaN if there is one. O(elements).
  ///
  /// - Parameter indices: as many as there are rows or columns.
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if the
  ///   rows or columns have no elements.
  public func argmax(
    _ x: Matrix, ofEach axis: ReductionAxis, into indices: inout [Int]
  ) throws(NumericError) {
    let count = axis == .row ? x.rows : x.columns
    guard indices.count == count else {
      throw .shapeMismatch(operand: "The indices", expected: [count], found: [indices.count])
    }
    guard count > 0 else { return }
    try x.requireElements(for: "the maximum")
    switch axis {
    case .row: findMaximaOfRows(x, &indices)
    case .column: findMaximaOfColumns(x, &indices)
    }
  }

  private func findMaximaOfRows(_ x: Matrix, _ indices: inout [Int]) {
    let total = 0.2 * Double(x.rows) * Double(x.columns)
    indices.withUnsafeMutableBufferPointer { indices in
      let first = indices.baseAddress!
      share(x.rows, grain: 16, nanoseconds: total) { part in
        for row in part {
          let elements = UnsafePointer(x.base + row * x.stride)
          let largest = LaneMaximum.maximum(x.columns, elements) { $0 }
          first[row] = LaneMaximum.firstIndex(of: largest, x.columns, elements)
        }
      }
    }
    withExtendedLifetime(x) {}
  }

  private func findMaximaOfColumns(_ x: Matrix, _ indices: inout [Int]) {
    let total = 0.3 * Double(x.rows) * Double(x.columns)
    indices.withUnsafeMutableBufferPointer { indices in
      let first = indices.baseAddress!
      share(x.columns, grain: 16, nanoseconds: total) { part in
        for column in stride(from: part.lowerBound, to: part.upperBound, by: 16) {
          Self.findMaxima(
            x, column, count: min(16, part.upperBound - column), into: first + column)
        }
      }
    }
    withExtendedLifetime(x) {}
  }

  /// The first rows of the largest elements of up to 16 columns.
  @inline(__always)
  private static func findMaxima(
    _ x: Matrix, _ column: Int, count: Int, into indices: UnsafeMutablePointer<Int>
  ) {
    let top = x.base + column
    var largest = SIMD16<Float>(repeating: -.infinity)
    for row in 0..<x.rows {
      largest = Lanes.largerOrNaN(Lanes.load(top + row * x.stride, count), largest)
    }
    var isSought = SIMDMask<SIMD16<Int32>>(repeating: false)
    for lane in 0..<count { isSought[lane] = true }
    for row in 0..<x.rows {
      let lanes = Lanes.load(top + row * x.stride, count)
      let isFound = isSought .& ((lanes .== largest) .| (lanes .!= lanes))
      guard any(isFound) else { continue }
      for lane in 0..<count where isFound[lane] { indices[lane] = row }
      isSought = isSought .& .!isFound
      if !any(isSought) { return }
    }
  }
}
