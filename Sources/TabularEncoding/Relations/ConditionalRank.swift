// SPDX-License-Identifier: Apache-2.0

import Tabular

/// A column as its rank among the rows in which another column has about the same value: the second
/// step of a Rosenblatt transform (1952). What is encoded in the column's place is uniform whatever
/// the other column is, so that any pair of numbers stands for a pair of values that occurs: a
/// longitude becomes a place along the parallel, and rivers, which no row lies in, take no room.
public struct ConditionalRank: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is computed.
  public let target: String
  /// The column that it is computed from.
  public let given: String
  /// The greatest value of each band of the given column, ascending; the last band has no end.
  let ends: [Double]
  /// For each band, values of the target at evenly spaced ranks, ascending.
  let knots: [[Double]]
  /// The same over all rows, for those without the given value.
  let anywhere: [Double]
  private let grid: NumericGrid

  /// The relation as a formula, for reports.
  public var description: String { "\(target) = rank of residual given \(given)" }

  /// Enough rows in a band to know its distribution, and enough bands to be narrow.
  private static let rowsPerBand = 512
  private static let maxBands = 128
  private static let maxKnots = 129

  /// Learns the bands from the rows that have both values. Equal values of the given column are
  /// never parted. O(rows log rows).
  ///
  /// - Precondition: there is such a row.
  init(
    target: String, given: String, values: [Double], givenValues: [Double], format: NumberFormat?
  ) {
    self.target = target
    self.given = given
    grid = NumericGrid(values, format: format)
    let rows = values.indices.filter { !values[$0].isNaN && !givenValues[$0].isNaN }
      .sorted { (givenValues[$0], $0) < (givenValues[$1], $1) }
    anywhere = Self.knots(rows.map { values[$0] }.sorted())
    let bands = min(max(rows.count / Self.rowsPerBand, 1), Self.maxBands)
    var ends: [Double] = []
    var knots: [[Double]] = []
    var start = 0
    for band in 1...bands {
      var end = max(rows.count * band / bands, start)
      while end > start, end < rows.count, givenValues[rows[end]] == givenValues[rows[end - 1]] {
        end += 1
      }
      guard end > start else { continue }
      ends.append(givenValues[rows[end - 1]])
      knots.append(Self.knots(rows[start..<end].map { values[$0] }.sorted()))
      start = end
    }
    self.ends = ends
    self.knots = knots
  }

  private static func knots(_ sorted: [Double]) -> [Double] {
    let count = min(sorted.count, maxKnots)
    guard count > 1 else { return sorted }
    return (0..<count).map { sorted[$0 * (sorted.count - 1) / (count - 1)] }
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    !ends.isEmpty && ends.count == knots.count && knots.allSatisfy { !$0.isEmpty }
      && !anywhere.isEmpty && anywhere.areFinite && knots.allSatisfy(\.areFinite)
      && ends.areFinite
      && zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 }
  }

  private func band(_ value: Double) -> [Double] {
    value.isNaN ? anywhere : knots[min(ends.partitionIndex { $0 >= value }, ends.count - 1)]
  }

  /// The ranks, 0 to 1; equal values share the ranks that they take up between them. O(rows log
  /// knots).
  package func residual(target: [Double], parts: [[Double]]) -> [Double] {
    zip(target, parts[0]).enumerated().map { row, pair in
      let (value, given) = pair
      guard !value.isNaN else { return value }
      let knots = band(given)
      let first = knots.partitionIndex { $0 >= value }
      let last = knots.partitionIndex { $0 > value } - 1
      let steps = Double(max(knots.count - 1, 1))
      if first > last {
        guard first > 0 else { return 0 }
        guard first < knots.count else { return 1 }
        let share = (value - knots[first - 1]) / (knots[first] - knots[first - 1])
        return (Double(first - 1) + share) / steps
      }
      // A sequence that fills the interval evenly, whatever part of the rows it is asked for.
      let position = (Double(row) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
      let (low, high) = (Double(first), knots.count > 1 ? Double(last) : 1)
      return (low + (high - low) * position) / steps
    }
  }

  /// The values that ranks stand for. O(rows).
  func target(residual: [Double], parts: [[Double]]) -> [Double] {
    zip(residual, parts[0]).map { residual, given in
      residual.isNaN ? residual : grid.snap(interpolated(rank: residual, given: given).value)
    }
  }

  /// The value between two knots, not yet on the grid, and its derivative by the rank.
  package func interpolated(rank: Double, given: Double) -> (value: Double, slope: Double) {
    let knots = band(given)
    // Written so that NaN is the first knot.
    let position = rank > 0 ? min(rank, 1) * Double(knots.count - 1) : 0
    let index = min(Int(position), max(knots.count - 2, 0))
    let difference = knots[min(index + 1, knots.count - 1)] - knots[index]
    let isInside = rank > 0 && rank < 1
    return (
      knots[index] + (position - Double(index)) * difference,
      isInside ? difference * Double(knots.count - 1) : 0
    )
  }
}
