// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The place of a value between the least and the greatest one, 0...1: the poster's encoding. A
/// missing value becomes the middle and does not come back: see ``MixedEncoder``.
public struct MinMaxEncoder: ColumnEncoder, Equatable {
  private let grid: NumericGrid

  /// Fits values; NaN is left out. O(rows).
  ///
  /// - Throws: ``TabularError/encoding(_:)`` where there is no value, or an infinite one.
  public init(fitting values: [Double], format: NumberFormat? = nil) throws(TabularError) {
    let present = try NumericEncoder.learnable(values)
    grid = NumericGrid(present, format: format, rounded: present, prefersGrid: true)
  }

  /// One scalar in 0...1.
  public var spans: [OutputSpan] {
    [OutputSpan(column: 0, offset: 0, width: 1, activation: .sigmoid)]
  }

  /// False: a missing value has to be encoded by a ``MixedEncoder``.
  public var representsMissing: Bool { false }

  /// Empty: a scalar has no categories.
  public func categories(ofSpan span: Int) -> [EncodedCategory] { [] }

  /// The position of each value in the fitted range, clipped to 0...1; 0.5 for missing values.
  public func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] {
    let (minimum, maximum) = (grid.minimum * 0.5, grid.maximum * 0.5)
    return [
      .scalar(
        values.map { value in
          // Halves: the difference of two huge values would overflow.
          value.isNaN || minimum == maximum
            ? 0.5 : Float(min(max((value * 0.5 - minimum) / (maximum - minimum), 0), 1))
        })
    ]
  }

  /// See ``ColumnEncoder/inverse(_:)``.
  @inline(__always)
  public func inverse(_ row: UnsafePointer<Float>) -> Double { inverse(row, at: 0) }

  @inline(__always)
  func inverse(_ row: UnsafePointer<Float>, at position: @autoclosure () -> Double) -> Double {
    let part = Double(row[0])
    return grid.snap((1 - part) * grid.minimum + part * grid.maximum, at: position())
  }

  /// Decodes all rows; `values` has room for one value per row.
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count {
      values[i] = inverse(rows.base + i * rows.stride, at: rows.position(i))
    }
  }
}
