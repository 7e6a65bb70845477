// SPDX-License-Identifier: Apache-2.0

// Sums, with u = 2⁻²⁴. A result depends on the operands' values and shape alone, not on strides and
// threads. Denormals count as zero.

extension ComputeContext {
  /// The sum of all elements: those of each 512 in row-major order in single precision, these sums
  /// in double precision. O(elements).
  ///
  /// The error is at most 37 u Σ|x|. The sum of no elements is 0.
  ///
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)``.
  public func sum(_ x: Matrix) throws(NumericError) -> Double {
    var total = 0.0
    try reduceBlocks(of: x, nanoseconds: 0.1) { count, x, _ in
      Double(LaneSum.sum(count) { x[$0] })
    } combine: { _, sum in
      total += sum
    }
    return total
  }

  /// The sums of the rows, `y` being one column, or of the columns, `y` being one row. O(elements).
  ///
  /// The error is at most (columns / 16 + 5) u Σ|x| of a row and 34 u Σ|x| of a column.
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps `x`.
  public func sum(_ x: Matrix, ofEach axis: ReductionAxis, into y: Matrix) throws(NumericError) {
    try y.requireResult(ofEach: axis, of: x)
    switch axis {
    case .row:
      reduceRows(of: x, into: y, nanoseconds: 0.1) { _, elements in
        LaneSum.sum(x.columns) { elements[$0] }
      }
    case .column:
      sumColumns(of: x, into: y, nanoseconds: 0.1) { row, column, count in
        Lanes.load(x.base + row * x.stride + column, count)
      }
    }
  }

  /// The mean of all elements: their ``sum(_:)`` over their number. O(elements).
  ///
  /// - Throws: `.invalidParameter` if there are none;
  ///   ``NumericError/outOfMemory(bytes:purpose:)``.
  public func mean(_ x: Matrix) throws(NumericError) -> Double {
    try x.requireElements(for: "the mean")
    return try sum(x) / (Double(x.rows) * Double(x.columns))
  }

  /// The means of the rows, `y` being one column, or of the columns, `y` being one row: their sums
  /// over their length, one more rounding. O(elements).
  ///
  /// - Throws: as ``sum(_:ofEach:into:)``, and `.invalidParameter` if the rows or columns have no
  ///   elements.
  public func mean(_ x: Matrix, ofEach axis: ReductionAxis, into y: Matrix) throws(NumericError) {
    try y.requireResult(ofEach: axis, of: x)
    switch axis {
    case .row:
      if x.rows > 0 { try x.requireElements(for: "the mean") }
      let count = Float(x.columns)
      reduceRows(of: x, into: y, nanoseconds: 0.1) { _, elements in
        LaneSum.sum(x.columns) { elements[$0] } / count
      }
    case .column:
      if x.columns > 0 { try x.requireElements(for: "the mean") }
      let count = Double(x.rows)
      sumColumns(of: x, into: y, nanoseconds: 0.1) { row, column, count in
        Lanes.load(x.base + row * x.stride + column, count)
      } finish: {
        $0 / count
      }
    }
  }

  /// Σ a b over all elements, in the order of ``sum(_:)``. O(elements).
  ///
  /// Products are rounded to single precision; the error is at most 38 u Σ|a b|.
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``;
  ///   ``NumericError/outOfMemory(bytes:purpose:)``.
  public func dot(_ a: Matrix, _ b: Matrix) throws(NumericError) -> Double {
    try b.require(a.rows, a.columns, "The second operand")
    var total = 0.0
    try reduceBlocks(of: a, b, nanoseconds: 0.15) { count, a, b in
      Double(LaneSum.sum(count) { a[$0] * b[$0] })
    } combine: { _, sum in
      total += sum
    }
    return total
  }

  /// Σ a b of each row, `y` being one column, or of each column, `y` being one row. O(elements).
  ///
  /// The error is at most (columns / 16 + 6) u Σ|a b| of a row and 35 u Σ|a b| of a column.
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps an operand.
  public func dot(
    _ a: Matrix, _ b: Matrix, ofEach axis: ReductionAxis, into y: Matrix
  ) throws(NumericError) {
    try b.require(a.rows, a.columns, "The second operand")
    try y.requireResult(ofEach: axis, of: a)
    try y.requireApart(from: b, "the second operand")
    switch axis {
    case .row:
      reduceRows(of: a, into: y, nanoseconds: 0.15) { row, first in
        let second = UnsafePointer(b.base + row * b.stride)
        return LaneSum.sum(a.columns) { first[$0] * second[$0] }
      }
    case .column:
      sumColumns(of: a, into: y, nanoseconds: 0.15) { row, column, count in
        Lanes.load(a.base + row * a.stride + column, count)
          * Lanes.load(b.base + row * b.stride + column, count)
      }
    }
    withExtendedLifetime(b) {}
  }
}
