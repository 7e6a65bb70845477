// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Turns the values of one column into spans of an encoded row and back.
///
/// An encoder is made by fitting and is a value from then on: `transform` and `inverse` never
/// change it, and it is stored in the model file as JSON. Columns are numbers here: datetimes are
/// seconds since 1970, texts are places in their list of categories, a missing value is NaN.
public protocol ColumnEncoder: Sendable, Codable {
  /// Spans that this column takes, offsets relative to the column's first position, `column` 0.
  var spans: [OutputSpan] { get }

  /// Whether a missing value has an encoded form of its own, and so comes back as one.
  var representsMissing: Bool { get }

  /// The encoded form of `values`, one block for each span. Random choices (a mode by its
  /// posterior, a place inside a tie) follow `seed` and the row's position only. O(rows).
  ///
  /// - Throws: ``TabularError/encoding(_:)`` for a category that was not there when it was fitted.
  func transform(
    _ values: [Double], seed: UInt64
  ) throws(TabularError) -> [EncodedTable.Block]

  /// The value an encoded row stands for, NaN for a missing one. `row` begins with this column's
  /// first span; softmax spans hold probabilities or a one-hot vector, and the largest wins.
  func inverse(_ row: UnsafePointer<Float>) -> Double

  /// The values of many encoded rows: `values[i]` is that of row `i`. There is no need to write it
  /// for an encoder that draws nothing: it is here to be compiled for each. O(rows x width of the
  /// column).
  func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>)

  /// What the categories of a softmax span stand for, in their order; empty for a scalar.
  func categories(ofSpan span: Int) -> [EncodedCategory]
}

extension ColumnEncoder {
  /// Decodes row after row without random numbers. O(rows x width of the column).
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count { values[i] = inverse(rows.base + i * rows.stride) }
  }
}

/// What one position of a softmax span stands for.
public enum EncodedCategory: Sendable, Equatable {
  /// A value of the column.
  case value(Double)
  /// One of several values of the column, the most frequent first.
  case values([Double])
  /// A missing value.
  case missing
  /// Something that is no single value, such as a mode, an hour or all that is no point mass.
  case named(String)
}

extension UnsafePointer<Float> {
  /// The index of the largest of the first `count` elements, the first one of equals.
  @inline(__always)
  func indexOfLargest(_ count: Int) -> Int {
    var best = 0
    for i in 1..<Swift.max(count, 1) where self[i] > self[best] { best = i }
    return best
  }
}
