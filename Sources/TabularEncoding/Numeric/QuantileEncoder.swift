// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import SeededRandom

/// The rank of a value, as a normal or a uniform scalar: any distribution becomes the same one, and
/// comes back with its own shape, range and grid.
///
/// Which of two forms is fitted depends on the values:
/// - **Steps**, where at most 16,384 distinct values each stand in four rows on average. Every
///   value keeps its exact share; a row gets a random place inside its value's share
///   (dequantization), so that the scalar is continuous and its inverse exact.
/// - **Knots**, for all others: linear between some 1,000 quantiles, which lie closer together in
///   the tails. Values on a grid are spread evenly over their cell first, so that ties become an
///   interval here too; the inverse rounds to the grid. Exact to one part in 2^24 of the distance
///   of two knots. If values are rounded to several steps (``DigitShares``), the step of a
///   generated value is drawn, except for values that span several knots, which are reproduced
///   exactly.
///
/// A missing value becomes 0 and does not come back: see ``MixedEncoder``. A value that was not
/// fitted takes the nearest place.
public struct QuantileEncoder: ColumnEncoder, Equatable {
  private let output: QuantileOutput
  private let grid: NumericGrid
  private let isStepped: Bool
  /// Ascending: the distinct values, or the knots.
  private let values: [Double]
  /// The number of rows up to the end of each step; or the rank (from 0) of each knot.
  private let ranks: [Int]
  /// The number of rows fitted.
  private let count: Int
  /// Where each step but the last ends, or each knot lies, on the scalar's axis. Not stored.
  private let positions: [Double]

  static let stepLimit = 16_384
  static let rowsPerStep = 4
  static let knots = 1024
  /// Ranks of steps keep this far from 0 and 1, where the normal quantile is infinite.
  private static let margin = 1e-6
  /// A place inside a step keeps this share of the step from its ends, so that rounding to `Float`
  /// does not lead into the next one.
  private static let inset = 1.0 / 64

  /// Fits values; NaN is left out. O(rows log rows).
  ///
  /// - Parameter format: how the values are written: their decimals are the grid.
  /// - Throws: ``TabularError/encoding(_:)`` where there is no value, or an infinite one.
  public init(
    fitting values: [Double], format: NumberFormat? = nil, output: QuantileOutput = .normal
  ) throws(TabularError) {
    var sorted = try NumericEncoder.learnable(values)
    sorted.sort()
    let runs = Self.runs(sorted)
    let isStepped =
      runs.values.count <= Self.stepLimit && runs.values.count * Self.rowsPerStep <= sorted.count
    if isStepped {
      self.init(
        output: output, grid: NumericGrid(sorted, format: format), isStepped: true,
        values: runs.values, ranks: runs.ends, count: sorted.count)
    } else {
      let plateaus = Self.plateaus(runs.ends, count: sorted.count)
      let grid = NumericGrid(
        sorted, format: format, rounded: Self.without(plateaus, sorted))
      var ranks = Self.knotRanks(sorted.count)
      if grid.drawsDigits {
        ranks = Set(ranks + plateaus.flatMap { [$0.lowerBound, $0.upperBound - 1] }).sorted()
      }
      Self.spread(&sorted, runs: runs.ends, without: grid.drawsDigits ? plateaus : [], grid: grid)
      self.init(
        output: output, grid: grid, isStepped: false, values: ranks.map { sorted[$0] },
        ranks: ranks, count: sorted.count)
    }
    guard isValid else { throw .encoding("holds values whose order cannot be kept") }
  }

  private init(
    output: QuantileOutput, grid: NumericGrid, isStepped: Bool, values: [Double], ranks: [Int],
    count: Int
  ) {
    self.output = output
    self.grid = grid
    self.isStepped = isStepped
    self.values = values
    self.ranks = ranks
    self.count = count
    positions =
      isStepped
      ? ranks.dropLast().map { Self.position(Double($0) / Double(count), output) }
      // Knots lie where a Float can, so that the ends of the range are met exactly.
      : ranks.map { Double(Float(Self.position((Double($0) + 0.5) / Double(count), output))) }
  }

  // MARK: Fitting

  /// Distinct values of sorted ones and the number of rows up to the end of each; more than the
  /// limit are of no use.
  private static func runs(_ sorted: [Double]) -> (values: [Double], ends: [Int]) {
    var values: [Double] = []
    var ends: [Int] = []
    for (i, value) in sorted.enumerated() {
      if values.last == value {
        ends[ends.count - 1] = i + 1
      } else {
        values.append(value + 0)
        ends.append(i + 1)
      }
    }
    return (values, ends)
  }

  /// The ranges of ranks of values that are frequent enough to span several knots.
  private static func plateaus(_ ends: [Int], count: Int) -> [Range<Int>] {
    let minimum = max(4, 2 * count / knots)
    return zip([0] + ends, ends).map { $0..<$1 }.filter { $0.count >= minimum }
  }

  /// The values at all ranks outside the plateaus.
  private static func without(_ plateaus: [Range<Int>], _ sorted: [Double]) -> [Double] {
    zip([0] + plateaus.map(\.upperBound), plateaus.map(\.lowerBound) + [sorted.count])
      .flatMap { sorted[$0..<$1] }
  }

  /// Spreads equal values evenly over the interval that rounds to them, in ascending order.
  private static func spread(
    _ sorted: inout [Double], runs: [Int], without plateaus: [Range<Int>], grid: NumericGrid
  ) {
    guard grid.step > 0 || grid.drawsDigits else { return }
    let kept = Set(plateaus.map(\.lowerBound))
    var start = 0
    for end in runs {
      defer { start = end }
      if kept.contains(start) { continue }
      let cell = grid.cell(sorted[start])
      let n = Double(end - start)
      for i in start..<end { sorted[i] += cell * ((Double(i - start) + 0.5) / n - 0.5) }
    }
    // Intervals of different widths may overlap.
    if grid.drawsDigits { sorted.sort() }
  }

  /// Ranks to interpolate between: evenly spaced, and doubling from both ends.
  private static func knotRanks(_ count: Int) -> [Int] {
    var ranks: Set<Int> = []
    for k in 0...knots { ranks.insert(k * (count - 1) / knots) }
    var tail = 1
    while tail < count / knots {
      ranks.insert(tail)
      ranks.insert(count - 1 - tail)
      tail *= 2
    }
    return ranks.sorted()
  }

  // MARK: Encoding

  /// One scalar: on the whole line for normal ranks, in -1...1 for uniform ones.
  public var spans: [OutputSpan] {
    [
      OutputSpan(
        column: 0, offset: 0, width: 1, activation: output == .normal ? .linear : .tanh)
    ]
  }

  /// False: a missing value has to be encoded by a ``MixedEncoder``.
  public var representsMissing: Bool { false }

  /// Empty: a scalar has no categories.
  public func categories(ofSpan span: Int) -> [EncodedCategory] { [] }

  /// The rank of each value as a scalar, 0 for missing ones; the place inside a step follows `seed`
  /// and the row. O(rows log knots).
  public func transform(_ column: [Double], seed: UInt64) -> [EncodedTable.Block] {
    var scalars = [Float](repeating: 0, count: column.count)
    for (row, value) in column.enumerated() where !value.isNaN {
      var random = RowRandom(seed: seed, row: row)
      let u = Self.inset + (1 - 2 * Self.inset) * random.uniform()
      scalars[row] = scalar(value, at: u)
      // The middle of a step is the last resort where it is not much wider than a Float's rounding.
      // If digits are drawn, only values that span several knots are reproduced exactly.
      if grid.step > 0 || isStepped, self.value(Double(scalars[row])) != value {
        scalars[row] = scalar(value, at: 0.5)
      }
    }
    return [.scalar(scalars)]
  }

  /// The scalar of a value at the place `u`, 0...1, among its equals.
  private func scalar(_ value: Double, at u: Double) -> Float {
    if isStepped {
      // A value that was not fitted takes the place of the next one below it.
      let step = max(0, values.partitionIndex { $0 > value } - 1)
      let low = step == 0 ? 0 : Double(ranks[step - 1])
      let rank = (low + (Double(ranks[step]) - low) * u) / Double(count)
      return Float(Self.position(rank, output))
    }
    let spread = isKept(value) ? value : value + grid.cell(value) * (u - 0.5)
    let upper = values.partitionIndex { $0 > spread }
    if upper == 0 { return Float(positions[0]) }
    if values[upper - 1] == spread {
      // Knots of one value bound its share.
      let lower = values.partitionIndex { $0 >= spread }
      return Float(positions[lower] + u * (positions[upper - 1] - positions[lower]))
    }
    if upper == values.count { return Float(positions[upper - 1]) }
    let part =
      (spread * 0.5 - values[upper - 1] * 0.5) / (values[upper] * 0.5 - values[upper - 1] * 0.5)
    return Float(positions[upper - 1] + part * (positions[upper] - positions[upper - 1]))
  }

  /// Whether a value spans several knots and is therefore not rounded.
  private func isKept(_ value: Double) -> Bool {
    guard grid.drawsDigits else { return false }
    let first = values.partitionIndex { $0 >= value }
    return first + 1 < values.count && values[first] == value && values[first + 1] == value
  }

  /// Where a rank, 0...1, lies on the scalar's axis.
  private static func position(_ rank: Double, _ output: QuantileOutput) -> Double {
    switch output {
    case .normal: RowRandom.normalQuantile(min(max(rank, margin), 1 - margin))
    case .uniform: 2 * rank - 1
    }
  }

  /// See ``ColumnEncoder/inverse(_:)``.
  @inline(__always)
  public func inverse(_ row: UnsafePointer<Float>) -> Double { inverse(row, at: 0) }

  /// - Parameter position: a number in 0..<1, evaluated only if the rounding step is drawn.
  @inline(__always)
  func inverse(_ row: UnsafePointer<Float>, at position: @autoclosure () -> Double) -> Double {
    value(Double(row[0]), at: position())
  }

  /// Decodes all rows; `values` has room for one value per row.
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count {
      values[i] = inverse(rows.base + i * rows.stride, at: rows.position(i))
    }
  }

  @inline(__always)
  private func value(_ scalar: Double, at position: @autoclosure () -> Double = 0) -> Double {
    if isStepped { return values[positions.partitionIndex { $0 > scalar }] }
    let upper = min(max(positions.partitionIndex { $0 > scalar }, 1), values.count - 1)
    guard upper > 0 else { return grid.snap(values[0], at: position()) }
    let (low, high) = (values[upper - 1], values[upper])
    if grid.drawsDigits && low == high { return low }
    let width = positions[upper] - positions[upper - 1]
    let part = width > 0 ? min(max((scalar - positions[upper - 1]) / width, 0), 1) : 0
    // In this form the difference of two huge values cannot overflow.
    return grid.snap((1 - part) * low + part * high, at: position())
  }

  /// Whether values and ranks define an invertible mapping.
  private var isValid: Bool {
    count > 0 && values.areFinite && values.count == ranks.count && !ranks.isEmpty && ranks[0] >= 0
      && ranks[ranks.count - 1] <= count
      && zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }
      && zip(ranks, ranks.dropFirst()).allSatisfy { $0 < $1 }
  }
}

extension QuantileEncoder {
  private enum CodingKeys: String, CodingKey {
    case output, grid, isStepped, values, ranks, count
  }

  /// Decodes an encoder; what could not have been fitted is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      output: try container.decode(QuantileOutput.self, forKey: .output),
      grid: try container.decode(NumericGrid.self, forKey: .grid),
      isStepped: try container.decode(Bool.self, forKey: .isStepped),
      values: try container.decode([Double].self, forKey: .values),
      ranks: try container.decode([Int].self, forKey: .ranks),
      count: try container.decode(Int.self, forKey: .count))
    guard isValid else {
      throw DecodingError.dataCorruptedError(
        forKey: .ranks, in: container,
        debugDescription: "values and ranks must be ascending and equally many")
    }
  }

  /// The range of decoded values.
  var range: ClosedRange<Double> { grid.minimum...grid.maximum }

  /// Encodes what cannot be computed from the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(output, forKey: .output)
    try container.encode(grid, forKey: .grid)
    try container.encode(isStepped, forKey: .isStepped)
    try container.encode(values, forKey: .values)
    try container.encode(ranks, forKey: .ranks)
    try container.encode(count, forKey: .count)
  }
}

extension Array {
  /// The first index whose element `belongsToSecond`, in an array parted by it. O(log count).
  @inline(__always)
  func partitionIndex(_ belongsToSecond: (Element) -> Bool) -> Int {
    withUnsafeBufferPointer { elements in
      var (low, high) = (0, elements.count)
      while low < high {
        let middle = (low + high) / 2
        if belongsToSecond(elements[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }
}
