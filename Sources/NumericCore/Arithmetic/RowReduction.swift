// SPDX-License-Identifier: Apache-2.0

extension ComputeContext {
  /// y[r] = reduce(row r of x), y being one column.
  ///
  /// - Parameter nanoseconds: what an element takes, roughly.
  @inline(__always)
  func reduceRows(
    of x: Matrix, into y: Matrix, nanoseconds: Double,
    _ reduce: (_ row: Int, _ elements: UnsafePointer<Float>) -> Float
  ) {
    let total = nanoseconds * Double(x.rows) * Double(x.columns)
    share(x.rows, grain: 16, nanoseconds: total) { part in
      for row in part { y.base[row * y.stride] = reduce(row, x.base + row * x.stride) }
    }
    withExtendedLifetime((x, y)) {}
  }
}
