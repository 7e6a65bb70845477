import TabularEncoding

/// The number that a column of an encoded row stands for, as a function with a derivative: generated
/// rows hold probabilities of levels, and what looks at them has to pass a gradient back.
///
/// The value is the expectation over the levels; of the remainder's scalar, a table of the decoded
/// values is interpolated. `presence` is the probability that there is a number at all.
struct SoftValue {
  /// First position of the levels' probabilities, and the value of each; NaN for the remainder and
  /// for a missing value.
  private let levelOffset: Int
  private let levelValues: [Float]
  private let remainderLevel: Int?
  private let scalarOffset: Int
  private let table: ScalarTable
  /// Whether values that are levels count as absent: a coordinate of 0 is no place.
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
    _ column: AnyColumnEncoder, offset: Int, remainderOnly: Bool = false, origin: Double = 0
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
      levelOffset = offset + spans[0].offset
      let levels = encoder.levels(ofSpan: 0)
      levelValues = levels.map { if case .value(let value) = $0 { Float(value) } else { .nan } }
      guard
        let remainder = levels.firstIndex(where: { if case .named = $0 { true } else { false } })
      else { return nil }
      remainderLevel = remainder
      row[spans[0].offset + remainder] = 1
    } else {
      levelOffset = 0
      levelValues = []
      remainderLevel = nil
    }
    table = ScalarTable { scalar in
      row[last.offset] = scalar
      return row.withUnsafeBufferPointer { encoder.inverse($0.baseAddress!) } - origin
    }
  }

  func evaluate(_ row: UnsafePointer<Float>) -> Result {
    let remainder = table.value(at: row[scalarOffset]).value
    guard let remainderLevel else { return Result(value: remainder, presence: 1) }
    let share = row[levelOffset + remainderLevel]
    if remainderOnly { return Result(value: remainder, presence: share) }
    var (value, presence) = (share * remainder, share)
    for (level, levelValue) in levelValues.enumerated() where !levelValue.isNaN {
      value += row[levelOffset + level] * levelValue
      presence += row[levelOffset + level]
    }
    return Result(value: value, presence: presence)
  }

  /// Adds to the gradient by the row what the gradient by the result comes to.
  func addGradient(
    _ gradient: Result, at row: UnsafePointer<Float>, to rowGradient: UnsafeMutablePointer<Float>
  ) {
    let (remainder, slope) = table.value(at: row[scalarOffset])
    guard let remainderLevel else {
      rowGradient[scalarOffset] += gradient.value * slope
      return
    }
    if remainderOnly {
      rowGradient[scalarOffset] += gradient.value * slope
      rowGradient[levelOffset + remainderLevel] += gradient.presence
      return
    }
    let share = row[levelOffset + remainderLevel]
    rowGradient[scalarOffset] += gradient.value * share * slope
    rowGradient[levelOffset + remainderLevel] += gradient.value * remainder + gradient.presence
    for (level, value) in levelValues.enumerated() where !value.isNaN {
      rowGradient[levelOffset + level] += gradient.value * value + gradient.presence
    }
  }
}

/// A function of one scalar as values at evenly spaced places, linear between them and constant
/// beyond: coarse enough that steps of a decoder have a slope.
struct ScalarTable {
  private static let least: Float = -4
  private static let intervals = 1024
  private static let step = -2 * least / Float(intervals)
  private let values: [Float]

  /// Asks for the function at some thousand places.
  init(_ function: (Float) -> Double) {
    // The mean of two places beside each other takes the edge off a step.
    values = (0...Self.intervals).map { index in
      let place = Self.least + Float(index) * Self.step
      return Float(
        (function(place - Self.step / 2) + function(place) * 2 + function(place + Self.step / 2))
          / 4
      )
    }
  }

  @inline(__always)
  package func value(at scalar: Float) -> (value: Float, slope: Float) {
    let place = (scalar - Self.least) / Self.step
    // Written so that NaN falls through to an end.
    guard place > 0 else { return (values[0], 0) }
    guard place < Float(Self.intervals) else { return (values[Self.intervals], 0) }
    let index = Int(place)
    let difference = values[index + 1] - values[index]
    return (values[index] + (place - Float(index)) * difference, difference / Self.step)
  }
}
