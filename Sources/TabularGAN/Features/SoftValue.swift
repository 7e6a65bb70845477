// SPDX-License-Identifier: Apache-2.0

import TabularEncoding

/// The number that a column of an encoded row stands for, as a function with a derivative:
/// generated rows hold probabilities of categories, and what looks at them has to pass a gradient
/// back.
///
/// The value is the expectation over the categories; of the remainder's scalar, a table of the
/// decoded values is interpolated. `presence` is the probability that there is a number at all.
struct SoftValue {
  /// First position of the categories' probabilities, and the value of each; NaN for the remainder
  /// and for a missing value.
  private let categoryOffset: Int
  private let categoryValues: [Float]
  private let remainderCategory: Int?
  private let scalarOffset: Int
  private let table: ScalarTable
  /// Whether values that are categories count as absent: a coordinate of 0 is no place.
  private let remainderOnly: Bool

  struct Result {
    var value: Float
    var presence: Float
  }

  /// - Parameters:
  ///   - offset: the column's first position in the row.
  ///   - origin: what is taken off the remainder, so that a `Float` holds small differences of
  ///     coordinates.
  /// - Returns: nil for an encoder without one plain scalar.
  init?(
    _ column: FittedColumnEncoder, offset: Int, remainderOnly: Bool = false, origin: Double = 0
  ) {
    let encoder: any ColumnEncoder
    switch column {
    case .numeric(.quantile(let quantile)): encoder = quantile
    case .mixed(let mixed): encoder = mixed
    default: return nil
    }
    let spans = encoder.spans
    guard let last = spans.last, spans.count <= 2, last.activation != .softmax else { return nil }
    scalarOffset = offset + last.offset
    self.remainderOnly = remainderOnly
    var row = [Float](repeating: 0, count: last.offset + last.width)
    if spans.count == 2 {
      categoryOffset = offset + spans[0].offset
      let categories = encoder.categories(ofSpan: 0)
      categoryValues = categories.map {
        if case .value(let value) = $0 { Float(value) } else { .nan }
      }
      guard
        let remainder = categories.firstIndex(where: { if case .named = $0 { true } else { false } }
        )
      else { return nil }
      remainderCategory = remainder
      row[spans[0].offset + remainder] = 1
    } else {
      categoryOffset = 0
      categoryValues = []
      remainderCategory = nil
    }
    table = ScalarTable { scalar in
      row[last.offset] = scalar
      return row.withUnsafeBufferPointer { encoder.inverse($0.baseAddress!) } - origin
    }
  }

  func evaluate(_ row: UnsafePointer<Float>) -> Result {
    let remainder = table.value(at: row[scalarOffset]).value
    guard let remainderCategory else { return Result(value: remainder, presence: 1) }
    let share = row[categoryOffset + remainderCategory]
    if remainderOnly { return Result(value: remainder, presence: share) }
    var (value, presence) = (share * remainder, share)
    for (category, categoryValue) in categoryValues.enumerated() where !categoryValue.isNaN {
      value += row[categoryOffset + category] * categoryValue
      presence += row[categoryOffset + category]
    }
    return Result(value: value, presence: presence)
  }

  /// Adds to the gradient by the row what the gradient by the result comes to.
  func addGradient(
    _ gradient: Result, at row: UnsafePointer<Float>, to rowGradient: UnsafeMutablePointer<Float>
  ) {
    let (remainder, slope) = table.value(at: row[scalarOffset])
    guard let remainderCategory else {
      rowGradient[scalarOffset] += gradient.value * slope
      return
    }
    if remainderOnly {
      rowGradient[scalarOffset] += gradient.value * slope
      rowGradient[categoryOffset + remainderCategory] += gradient.presence
      return
    }
    let share = row[categoryOffset + remainderCategory]
    rowGradient[scalarOffset] += gradient.value * share * slope
    rowGradient[categoryOffset + remainderCategory] +=
      gradient.value * remainder + gradient.presence
    for (category, value) in categoryValues.enumerated() where !value.isNaN {
      rowGradient[categoryOffset + category] += gradient.value * value + gradient.presence
    }
  }
}

/// A function of one scalar as values at evenly spaced places, linear between them and constant
/// beyond: coarse enough that steps of a decoder have a slope.
struct ScalarTable {
  private static let minimum: Float = -4
  private static let intervals = 1024
  private static let step = -2 * minimum / Float(intervals)
  private let values: [Float]

  /// Asks for the function at some thousand places.
  init(_ function: (Float) -> Double) {
    // The mean of two places beside each other takes the edge off a step.
    values = (0...Self.intervals).map { index in
      let position = Self.minimum + Float(index) * Self.step
      return Float(
        (function(position - Self.step / 2) + function(position) * 2
          + function(position + Self.step / 2))
          / 4
      )
    }
  }

  @inline(__always)
  package func value(at scalar: Float) -> (value: Float, slope: Float) {
    let position = (scalar - Self.minimum) / Self.step
    // Written so that NaN falls through to an end.
    guard position > 0 else { return (values[0], 0) }
    guard position < Float(Self.intervals) else { return (values[Self.intervals], 0) }
    let index = Int(position)
    let difference = values[index + 1] - values[index]
    return (values[index] + (position - Float(index)) * difference, difference / Self.step)
  }
}
