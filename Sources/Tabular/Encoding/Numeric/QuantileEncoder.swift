import Foundation

/// The rank of a value through the normal quantile function: any distribution becomes a standard
/// normal scalar.
///
/// A column with few distinct values keeps each with its exact share, and a row gets a random place
/// inside its value's share (dequantisation), so that the scalar is continuous and its inverse
/// exact. A column with many is interpolated between quantiles, which lie closer together in the
/// tails.
struct QuantileEncoder: ColumnEncoder {
  /// Ascending values, and the share of the rows below (`steps`: at the end of) each.
  private let values: [Double]
  private let shares: [Double]
  /// Whether the distribution is a step function of the values.
  private let isStepped: Bool
  private let grid: NumericGrid

  /// More distinct values than this are interpolated.
  private static let stepLimit = 4096
  private static let knots = 1024
  /// Ranks never reach 0 or 1, where the normal quantile is infinite.
  private static let margin = 1e-6

  /// Fits values that are present. O(rows log rows).
  init(_ values: [Double], format: NumberFormat?) {
    let sorted = values.sorted()
    grid = NumericGrid(sorted, format: format)
    var distinct: [Double] = []
    var ends: [Double] = []
    for (i, value) in sorted.enumerated() {
      if distinct.last == value {
        ends[ends.count - 1] = Double(i + 1)
      } else {
        if distinct.count > Self.stepLimit { break }
        distinct.append(value)
        ends.append(Double(i + 1))
      }
    }
    if distinct.count <= Self.stepLimit {
      isStepped = true
      self.values = distinct
      shares = ends.map { $0 / Double(sorted.count) }
    } else {
      isStepped = false
      let ranks = Self.ranks(sorted.count)
      self.values = ranks.map { sorted[$0] }
      shares = ranks.map { Double($0) / Double(sorted.count - 1) }
    }
  }

  /// Ranks to interpolate between: evenly spaced, and doubling from both ends.
  private static func ranks(_ count: Int) -> [Int] {
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

  var spans: [OutputSpan] { [OutputSpan(column: 0, offset: 0, width: 1, activation: .linear)] }

  func transform(_ column: [Double], seed: UInt64) -> [EncodedTable.Block] {
    [
      .scalar(
        column.enumerated().map { row, value in
          value.isNaN ? 0 : Float(scalar(value, seed: seed, row: row))
        })
    ]
  }

  private func scalar(_ value: Double, seed: UInt64, row: Int) -> Double {
    var random = RowRandom(seed: seed, row: row)
    let (low, high) = rankRange(value)
    let rank = low + (high - low) * random.uniform()
    return RowRandom.normalQuantile(min(max(rank, Self.margin), 1 - Self.margin))
  }

  /// The ranks that a value takes.
  private func rankRange(_ value: Double) -> (Double, Double) {
    let upper = values.partitionIndex { $0 > value }
    let lower = values.partitionIndex { $0 >= value }
    if isStepped {
      // A value that was not fitted takes the place of the next one below it.
      let index = max(0, upper - 1)
      return (index == 0 ? 0 : shares[index - 1], shares[index])
    }
    if lower < upper { return (shares[lower], shares[upper - 1]) }
    if upper == 0 { return (0, 0) }
    if upper == values.count { return (1, 1) }
    let part = (value - values[upper - 1]) / (values[upper] - values[upper - 1])
    let rank = shares[upper - 1] + part * (shares[upper] - shares[upper - 1])
    return (rank, rank)
  }

  func inverse(_ row: UnsafePointer<Float>) -> Double {
    let rank = 0.5 * erfc(-Double(row[0]) * 0.5.squareRoot())
    if isStepped {
      return values[min(shares.partitionIndex { $0 > rank }, values.count - 1)]
    }
    let upper = min(max(shares.partitionIndex { $0 > rank }, 1), values.count - 1)
    let width = shares[upper] - shares[upper - 1]
    let part = width > 0 ? min(max((rank - shares[upper - 1]) / width, 0), 1) : 0
    return grid.snap(values[upper - 1] + part * (values[upper] - values[upper - 1]))
  }
}

extension Array {
  /// The first index whose element `belongsToSecond`, in an array parted by it. O(log count).
  @inline(__always)
  func partitionIndex(_ belongsToSecond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongsToSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
