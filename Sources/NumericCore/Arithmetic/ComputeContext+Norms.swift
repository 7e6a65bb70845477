// SPDX-License-Identifier: Apache-2.0

// Norms of the elements, with u = 2⁻²⁴. A result depends on the operand's values and shape alone,
// not on strides and threads. Denormals count as zero; NaN makes the norm NaN.

/// A norm of the elements of a matrix, a row or a column.
public enum Norm: Sendable, CaseIterable {
  /// Σ|x|.
  case l1
  /// √Σx².
  case l2
  /// The largest |x|.
  case max
}

extension ComputeContext {
  /// The norm of all elements; 0 if there are none. O(elements).
  ///
  /// The error is at most 37 u of itself for `.l1`; `.l2` has that of ``squaredNorm(_:addedTo:)``;
  /// `.max` is exact.
  ///
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)``.
  public func norm(_ x: Matrix, _ norm: Norm) throws(NumericError) -> Double {
    switch norm {
    case .l1:
      var total = 0.0
      try reduceBlocks(of: x, nanoseconds: 0.1) { count, x, _ in
        Double(LaneSum.sum(count) { x[$0].magnitude })
      } combine: { _, sum in
        total += sum
      }
      return total
    case .l2:
      return try squaredNorm(x).squareRoot()
    case .max:
      var largest: Float = 0
      try reduceBlocks(of: x, nanoseconds: 0.1) { count, x, _ in
        LaneMaximum.maximum(count, x, Lanes.magnitudes)
      } combine: { _, magnitude in
        largest = LaneMaximum.larger(magnitude, largest)
      }
      return Double(largest)
    }
  }

  /// The norms of the rows, `y` being one column, or of the columns, `y` being one row; 0 where
  /// there are no elements. O(elements).
  ///
  /// The error is at most (columns / 16 + 5) u of the norm of a row and 34 u of a column's for
  /// `.l1`; for `.l2` half of what ``squaredNorm(_:ofEach:into:)`` has, and u more. `.max` is
  /// exact.
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps `x`.
  public func norm(
    _ x: Matrix, _ norm: Norm, ofEach axis: ReductionAxis, into y: Matrix
  ) throws(NumericError) {
    try y.requireResult(ofEach: axis, of: x)
    switch (norm, axis) {
    case (.l1, .row):
      reduceRows(of: x, into: y, nanoseconds: 0.1) { _, elements in
        LaneSum.sum(x.columns) { elements[$0].magnitude }
      }
    case (.l1, .column):
      sumColumns(of: x, into: y, nanoseconds: 0.1) { row, column, count in
        Lanes.magnitudes(Lanes.load(x.base + row * x.stride + column, count))
      }
    case (.l2, .row):
      reduceRows(of: x, into: y, nanoseconds: 0.1) { _, elements in
        LaneSum.sum(x.columns) { elements[$0] * elements[$0] }.squareRoot()
      }
    case (.l2, .column):
      sumSquaresOfColumns(of: x, into: y) { $0.squareRoot() }
    case (.max, .row):
      reduceRows(of: x, into: y, nanoseconds: 0.1) { _, elements in
        x.columns == 0 ? 0 : LaneMaximum.maximum(x.columns, elements, Lanes.magnitudes)
      }
    case (.max, .column):
      if x.rows == 0 { y.fill(0) } else { maximizeColumns(of: x, into: y, Lanes.magnitudes) }
    }
  }

  /// `start` plus the sum of the squares of all elements, in double precision: each row's in eight
  /// lanes that are then added in ascending order, the rows' sums in ascending order. O(elements).
  ///
  /// Nothing overflows. The error is at most (columns / 8 + rows + 8) 2⁻⁵³ of the result.
  ///
  /// - Parameter start: what the squares are added to, such as those of another matrix.
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)``.
  public func squaredNorm(
    _ x: Matrix, addedTo start: Double = 0
  ) throws(NumericError) -> Double {
    let sums = try AlignedStorage<Double>(rows: x.columns == 0 ? 0 : x.rows, stride: 1, for: "sums")
    let total = 0.2 * Double(x.rows) * Double(x.columns)
    share(x.rows, nanoseconds: total) { part in
      guard x.columns > 0 else { return }
      for row in part {
        sums.base[row] = Self.sumOfSquares(x.columns, x.base + row * x.stride)
      }
    }
    var result = start
    if x.columns > 0 {
      for row in 0..<x.rows { result += sums.base[row] }
    }
    withExtendedLifetime((x, sums)) {}
    return result
  }

  /// The sums of the squares of the rows, `y` being one column, or of the columns, `y` being one
  /// row. O(elements).
  ///
  /// Squares are rounded to single precision, and overflow beyond 1.8e19; the error is at most
  /// (columns / 16 + 6) u of the result of a row and 35 u of that of a column.
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps `x`.
  public func squaredNorm(
    _ x: Matrix, ofEach axis: ReductionAxis, into y: Matrix
  ) throws(NumericError) {
    try y.requireResult(ofEach: axis, of: x)
    switch axis {
    case .row:
      reduceRows(of: x, into: y, nanoseconds: 0.1) { _, elements in
        LaneSum.sum(x.columns) { elements[$0] * elements[$0] }
      }
    case .column:
      sumSquaresOfColumns(of: x, into: y) { $0 }
    }
  }

  @inline(__always)
  private func sumSquaresOfColumns(
    of x: Matrix, into y: Matrix, finish: (Double) -> Double
  ) {
    sumColumns(of: x, into: y, nanoseconds: 0.1) { row, column, count in
      let lanes = Lanes.load(x.base + row * x.stride + column, count)
      return lanes * lanes
    } finish: {
      finish($0)
    }
  }

  private static func sumOfSquares(_ count: Int, _ x: UnsafePointer<Float>) -> Double {
    // Lanes of a fixed width: a single chain of additions would be bound by its latency.
    var lanes = SIMD8<Double>(repeating: 0)
    var j = 0
    while j + 8 <= count {
      let wide = SIMD8<Double>(UnsafeRawPointer(x + j).loadUnaligned(as: SIMD8<Float>.self))
      lanes += wide * wide
      j += 8
    }
    while j < count {
      lanes[j % 8] += Double(x[j]) * Double(x[j])
      j += 1
    }
    var sum = lanes[0]
    for lane in 1..<8 { sum += lanes[lane] }
    return sum
  }
}
