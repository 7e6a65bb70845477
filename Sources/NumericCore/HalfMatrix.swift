// SPDX-License-Identifier: Apache-2.0

import CKernels

/// A row-major matrix of 16-bit numbers on a cache line: an operand of the products that take them.
public final class HalfMatrix {
  /// How the 16 bits of an element are read.
  public let format: HalfFormat
  /// The number of rows.
  public let rows: Int
  /// The number of columns, without the padding up to ``stride``.
  public let columns: Int
  /// The distance between rows, in elements.
  public let stride: Int
  private let storage: AlignedStorage<UInt16>

  /// The address of the first element, valid only while the matrix is alive.
  var base: UnsafeMutablePointer<UInt16> { storage.base }

  /// Makes a matrix of zeros.
  ///
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)`` if there is not enough memory, and
  ///   `.invalidParameter` for a negative size.
  public init(rows: Int, columns: Int, format: HalfFormat) throws(NumericError) {
    try NumericError.requireSizes(["rows": rows, "columns": columns])
    self.format = format
    self.rows = rows
    self.columns = columns
    // Whole cache lines, and never a multiple of a page apart.
    let padded = columns > Int.max / 2 ? columns : (columns + 31) / 32 * 32
    stride = padded % 2048 == 0 ? padded + 32 : padded
    storage = try AlignedStorage(
      rows: rows, stride: stride, for: "a matrix of \(rows) x \(columns) 16-bit numbers")
  }

  func require(
    _ rows: Int, _ columns: Int, _ format: HalfFormat, _ operand: @autoclosure () -> String
  ) throws(NumericError) {
    guard self.format == format else {
      throw .invalidParameter("\(operand()) must be of \(format), not of \(self.format)")
    }
    guard self.rows >= rows, self.columns == columns else {
      throw .shapeMismatch(
        operand: operand(), expected: [rows, columns], found: [self.rows, self.columns])
    }
  }
}

extension ComputeContext {
  /// Rounds the elements of `x` to nearest even, into the first rows of `y`, which has as many
  /// columns.
  public func convert(_ x: Matrix, into y: HalfMatrix) throws(NumericError) {
    try y.require(x.rows, x.columns, y.format, "The 16-bit matrix")
    try check(
      ck_convert_rows_f32_to_half(
        handle, y.format.kernel, Int64(x.rows), Int64(x.columns), x.base, Int64(x.stride), y.base,
        Int64(y.stride)))
  }

  /// The exact values of the first rows of `x`, which has as many columns, into `y`.
  public func convert(_ x: HalfMatrix, into y: Matrix) throws(NumericError) {
    try x.require(y.rows, y.columns, x.format, "The 16-bit matrix")
    for row in 0..<y.rows {
      try check(
        ck_convert_half_to_f32(
          handle, x.format.kernel, Int64(y.columns), x.base + row * x.stride,
          y.base + row * y.stride))
    }
  }
}
