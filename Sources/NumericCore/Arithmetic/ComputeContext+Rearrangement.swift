// SPDX-License-Identifier: Apache-2.0

extension ComputeContext {
  /// y = x, every bit as it is. O(elements).
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps `x` without being the same matrix.
  public func copy(_ x: Matrix, into y: Matrix) throws(NumericError) {
    try y.require(x.rows, x.columns, "The output")
    try y.requireSameOrApart(from: x, "the operand")
    shareElements(rows: x.rows, columns: x.columns, nanoseconds: 0.2) { rows, columns in
      y[rows: rows][columns: columns].copy(from: x[rows: rows][columns: columns])
    }
  }

  /// y = xᵀ, every bit as it is: row r of `x` becomes column r of `y`. O(elements).
  ///
  /// - Throws: ``NumericError/shapeMismatch(operand:expected:found:)``; `.invalidParameter` if `y`
  ///   overlaps `x`, which cannot be transposed in place.
  public func transpose(_ x: Matrix, into y: Matrix) throws(NumericError) {
    try y.require(x.columns, x.rows, "The output")
    try y.requireApart(from: x, "the operand")
    let tile = Transposition.tile
    shareElements(
      rows: x.rows, columns: x.columns, grain: (tile, tile), nanoseconds: 0.5
    ) { rows, columns in
      let part = Transposition(from: x.base, x.stride, to: y.base, y.stride)
      part.move(rows, columns)
    }
    withExtendedLifetime((x, y)) {}
  }
}

/// Moves elements (r, c) to (c, r), tile by tile: the rows of both sides of a tile stay in the
/// L1 cache until all of it has been moved.
private struct Transposition {
  /// Rows and columns of a tile.
  static let tile = 32

  private let from: UnsafePointer<Float>
  private let fromStride: Int
  private let to: UnsafeMutablePointer<Float>
  private let toStride: Int

  init(
    from: UnsafePointer<Float>, _ fromStride: Int, to: UnsafeMutablePointer<Float>, _ toStride: Int
  ) {
    self.from = from
    self.fromStride = fromStride
    self.to = to
    self.toStride = toStride
  }

  func move(_ rows: Range<Int>, _ columns: Range<Int>) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let tileRows = row..<min(row + Self.tile, rows.upperBound)
      var column = columns.lowerBound
      while column < columns.upperBound {
        let tileColumns = column..<min(column + Self.tile, columns.upperBound)
        moveTile(tileRows, tileColumns)
        column = tileColumns.upperBound
      }
      row = tileRows.upperBound
    }
  }

  @inline(__always)
  private func moveTile(_ rows: Range<Int>, _ columns: Range<Int>) {
    let wholeRows = rows.upperBound - rows.count % 4
    let wholeColumns = columns.upperBound - columns.count % 4
    var column = columns.lowerBound
    while column < wholeColumns {
      var row = rows.lowerBound
      while row < wholeRows {
        moveSquare(row, column)
        row += 4
      }
      column += 4
    }
    moveSingly(rows, wholeColumns..<columns.upperBound)
    moveSingly(wholeRows..<rows.upperBound, columns.lowerBound..<wholeColumns)
  }

  /// Four rows and four columns.
  @inline(__always)
  private func moveSquare(_ row: Int, _ column: Int) {
    let source = from + row * fromStride + column
    let target = to + column * toStride + row
    let a = load(source)
    let b = load(source + fromStride)
    let c = load(source + 2 * fromStride)
    let d = load(source + 3 * fromStride)
    store(SIMD4(a.x, b.x, c.x, d.x), to: target)
    store(SIMD4(a.y, b.y, c.y, d.y), to: target + toStride)
    store(SIMD4(a.z, b.z, c.z, d.z), to: target + 2 * toStride)
    store(SIMD4(a.w, b.w, c.w, d.w), to: target + 3 * toStride)
  }

  private func moveSingly(_ rows: Range<Int>, _ columns: Range<Int>) {
    for row in rows {
      for column in columns { to[column * toStride + row] = from[row * fromStride + column] }
    }
  }

  @inline(__always)
  private func load(_ address: UnsafePointer<Float>) -> SIMD4<Float> {
    UnsafeRawPointer(address).loadUnaligned(as: SIMD4<Float>.self)
  }

  @inline(__always)
  private func store(_ lanes: SIMD4<Float>, to address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: lanes, as: SIMD4<Float>.self)
  }
}
