// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Half a unit in the last place of 1 in single precision.
let unitRoundoff = 0x1p-24

/// A sum with a rounding error of about one unit of double precision, whatever its length
/// (Neumaier, 1974).
func accurateSum(_ terms: some Sequence<Double>) -> Double {
  var (sum, lost) = (0.0, 0.0)
  for term in terms {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }
  return sum + lost
}

extension Matrix {
  /// The elements in double precision: one line for each row, for each column, or one for all.
  func lines(ofEach axis: ReductionAxis?) -> [[Double]] {
    switch axis {
    case nil: [toArray().map(Double.init)]
    case .row: (0..<rows).map { row in (0..<columns).map { Double(self[row, $0]) } }
    case .column: (0..<columns).map { column in (0..<rows).map { Double(self[$0, column]) } }
    }
  }
}

/// A reduction of two operands, of which most look only at the first.
enum Reduction: CaseIterable {
  case sum, mean, dot, l1, l2, squares, maxNorm, max

  /// The exact result of a line.
  func exact(_ a: [Double], _ b: [Double]) -> Double {
    switch self {
    case .sum: accurateSum(a)
    case .mean: accurateSum(a) / Double(a.count)
    case .dot: accurateSum(zip(a, b).map { $0 * $1 })
    case .l1: accurateSum(a.map(abs))
    case .l2: accurateSum(a.map { $0 * $0 }).squareRoot()
    case .squares: accurateSum(a.map { $0 * $0 })
    case .maxNorm: a.map(abs).max() ?? 0
    case .max: a.max() ?? -.infinity
    }
  }

  /// The documented bound of the error of a line, and one unit of the reference's own.
  func bound(_ a: [Double], _ b: [Double], ofEach axis: ReductionAxis?, rows: Int) -> Double {
    let u = unitRoundoff
    let result = abs(exact(a, b))
    // Of a sum, in units of the sum of its terms' magnitudes.
    let share =
      switch axis {
      case nil: 37 * u
      case .row: (Double(a.count) / 16 + 5) * u
      case .column: 34 * u
      }
    let ofDoubles = (Double(a.count / Swift.max(rows, 1)) / 8 + Double(rows) + 8) * 0x1p-53
    let bound: Double =
      switch self {
      case .sum, .l1: share * accurateSum(a.map(abs))
      case .mean: share * accurateSum(a.map(abs)) / Double(a.count) + u * result
      case .dot: (share + u) * accurateSum(zip(a, b).map { abs($0 * $1) })
      case .squares: (axis == nil ? ofDoubles : share + u) * result
      case .l2: (axis == nil ? ofDoubles : (share + u) / 2 + u) * result
      case .maxNorm, .max: 0
      }
    return bound + 0x1p-52 * result
  }

  /// Whether lines without elements have a result.
  var isDefinedForNothing: Bool { self != .mean && self != .max }

  func all(_ a: Matrix, _ b: Matrix, in context: ComputeContext) throws -> Double {
    switch self {
    case .sum: try context.sum(a)
    case .mean: try context.mean(a)
    case .dot: try context.dot(a, b)
    case .l1: try context.norm(a, .l1)
    case .l2: try context.norm(a, .l2)
    case .squares: try context.squaredNorm(a)
    case .maxNorm: try context.norm(a, .max)
    case .max: Double(try context.max(a))
    }
  }

  func each(
    _ axis: ReductionAxis, _ a: Matrix, _ b: Matrix, into y: Matrix, in context: ComputeContext
  ) throws {
    switch self {
    case .sum: try context.sum(a, ofEach: axis, into: y)
    case .mean: try context.mean(a, ofEach: axis, into: y)
    case .dot: try context.dot(a, b, ofEach: axis, into: y)
    case .l1: try context.norm(a, .l1, ofEach: axis, into: y)
    case .l2: try context.norm(a, .l2, ofEach: axis, into: y)
    case .squares: try context.squaredNorm(a, ofEach: axis, into: y)
    case .maxNorm: try context.norm(a, .max, ofEach: axis, into: y)
    case .max: try context.max(a, ofEach: axis, into: y)
    }
  }
}
