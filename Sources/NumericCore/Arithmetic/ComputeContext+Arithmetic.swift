// SPDX-License-Identifier: Apache-2.0

// Element by element. The results are those of IEEE 754's operations, rounded once each, with
// denormals counting as zero.

extension ComputeContext {
  /// y = a + b, element by element; `y` may be `a` or `b`. O(elements).
  ///
  /// `b` has `a`'s shape, or it is one row, one column or one number, which is then used for every
  /// row and column of `a`.
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps an operand without being the same matrix.
  public func add(_ a: Matrix, _ b: Matrix, into y: Matrix) throws(NumericError) {
    try combine(a, b, into: y) { a, b in a + b }
  }

  /// y = a - b, element by element; `y` may be `a` or `b`. O(elements).
  ///
  /// Shapes and errors are those of ``add(_:_:into:)``.
  public func subtract(_ a: Matrix, _ b: Matrix, into y: Matrix) throws(NumericError) {
    try combine(a, b, into: y) { a, b in a - b }
  }

  /// y = a b, element by element; `y` may be `a` or `b`. O(elements).
  ///
  /// Shapes and errors are those of ``add(_:_:into:)``.
  public func multiply(_ a: Matrix, _ b: Matrix, into y: Matrix) throws(NumericError) {
    try combine(a, b, into: y) { a, b in a * b }
  }

  /// y = factor x, element by element; `y` may be `x`. O(elements).
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps `x` without being the same matrix.
  public func scale(_ x: Matrix, by factor: Float, into y: Matrix) throws(NumericError) {
    let factors = SIMD16<Float>(repeating: factor)
    try map(x, into: y) { $0 * factors }
  }

  /// y = x where it lies in `range`, and the bound that is nearer where it does not; `y` may be
  /// `x`. O(elements).
  ///
  /// NaN remains NaN. A bound may be infinite.
  ///
  /// - Throws: as ``scale(_:by:into:)``.
  public func clip(
    _ x: Matrix, to range: ClosedRange<Float>, into y: Matrix
  ) throws(NumericError) {
    let lower = SIMD16<Float>(repeating: range.lowerBound)
    let upper = SIMD16<Float>(repeating: range.upperBound)
    // The operand that may be NaN comes second: that is the one that is kept then.
    try map(x, into: y) { Lanes.smaller(upper, Lanes.larger(lower, $0)) }
  }

  /// y = f(x) element by element.
  @inline(__always)
  private func map(
    _ x: Matrix, into y: Matrix, _ f: (SIMD16<Float>) -> SIMD16<Float>
  ) throws(NumericError) {
    try y.require(x.rows, x.columns, "The output")
    try y.requireSameOrApart(from: x, "the operand")
    forEachRow(y, isFlat: x.isGapless && y.isGapless) { row, columns in
      Lanes.map(
        columns.count, x.base + row * x.stride + columns.lowerBound,
        into: y.base + row * y.stride + columns.lowerBound, f)
    }
  }

  /// y = f(a, b) element by element, where `b` may be one row, one column or one number.
  @inline(__always)
  private func combine(
    _ a: Matrix, _ b: Matrix, into y: Matrix,
    _ f: (SIMD16<Float>, SIMD16<Float>) -> SIMD16<Float>
  ) throws(NumericError) {
    try b.requireFitting(a, "The second operand")
    try y.require(a.rows, a.columns, "The output")
    try y.requireSameOrApart(from: a, "the first operand")
    try y.requireSameOrApart(from: b, "the second operand")
    let isColumn = b.columns < a.columns
    let step = b.rows < a.rows ? 0 : b.stride
    let isFlat =
      a.isGapless && b.isGapless && y.isGapless && b.rows == a.rows && !isColumn
    forEachRow(y, isFlat: isFlat) { row, columns in
      let (count, first) = (columns.count, columns.lowerBound)
      let from = a.base + row * a.stride + first
      let to = y.base + row * y.stride + first
      if isColumn {
        let number = SIMD16<Float>(repeating: b.base[row * step])
        Lanes.map(count, from, into: to) { f($0, number) }
      } else {
        Lanes.map(count, from, b.base + row * step + first, into: to, f)
      }
    }
    withExtendedLifetime((a, b)) {}
  }

  /// Calls `body` with pieces of the rows of `y`; with `isFlat` all rows are one.
  @inline(__always)
  private func forEachRow(
    _ y: Matrix, isFlat: Bool, _ body: (_ row: Int, _ columns: Range<Int>) -> Void
  ) {
    let rows = isFlat ? min(y.rows, 1) : y.rows
    let columns = isFlat ? y.rows * y.columns : y.columns
    shareElements(rows: rows, columns: columns, nanoseconds: 0.3) { rows, columns in
      for row in rows { body(row, columns) }
    }
    withExtendedLifetime(y) {}
  }
}
