// SPDX-License-Identifier: Apache-2.0

import NumericCore
import SeededRandom
import Testing

import NeuralNetworks

/// Half a unit in the last place of 1 in single precision.
let unitRoundoff = 1.0 / 16_777_216

/// Records a failure for each element that differs by more than the bound, or is NaN.
///
/// The error of a sum of products grows with the number of terms and with the size of the terms,
/// not of the result, so the bound is relative to the largest expected element.
///
/// - Parameters:
///   - terms: the number of terms that were added up in single precision on the way to an
///     element, over all layers.
///   - slack: an absolute allowance for the expected values' own error.
func expectClose(
  _ actual: [Float], _ expected: [Double], terms: Int, slack: Double = 0, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(what): \(actual.count) elements instead of \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  let size = expected.reduce(0) { max($0, abs($1)) }
  // Each term is rounded about twice; four times that, because errors pass through further layers.
  let bound = 8 * Double(terms) * unitRoundoff * size + slack
  var failures: [String] = []
  for (index, (a, e)) in zip(actual, expected).enumerated() where !(abs(Double(a) - e) <= bound) {
    failures.append("[\(index)] is \(a), expected \(e)")
  }
  if !failures.isEmpty {
    Issue.record(
      """
      \(what): \(failures.count) of \(actual.count) elements are off by more than \(bound): \
      \(failures.prefix(4).joined(separator: "; "))
      """, sourceLocation: sourceLocation)
  }
}

func expectClose(
  _ actual: Matrix, _ expected: DoubleMatrix, terms: Int, slack: Double = 0, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual.toArray(), expected.values, terms: terms, slack: slack, what,
    sourceLocation: sourceLocation)
}

func expectClose(
  _ actual: Matrix, _ expected: Tensor, terms: Int, slack: Double = 0, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual.toArray(), expected.values.map(Double.init), terms: terms, slack: slack, what,
    sourceLocation: sourceLocation)
}

func expectClose(
  _ actual: Float, _ expected: Double, terms: Int, slack: Double = 0, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    [actual], [expected], terms: terms, slack: slack, what, sourceLocation: sourceLocation)
}

/// The bits of a matrix's elements: what "the same" means where results must reproduce.
func bits(_ matrix: Matrix) -> [UInt32] {
  matrix.toArray().map(\.bitPattern)
}

extension Matrix {
  /// A matrix of numbers between -`size` and `size` that depend on the seed alone.
  static func example(
    rows: Int, columns: Int, seed: UInt64, size: Float = 1.5, shift: Float = 0
  ) -> Matrix {
    let matrix = try! Matrix(rows: rows, columns: columns)
    var generator = SplitMix64(state: seed)
    for row in 0..<rows {
      for column in 0..<columns {
        matrix[row, column] = Float.random(in: -size...size, using: &generator) + shift
      }
    }
    return matrix
  }
}
