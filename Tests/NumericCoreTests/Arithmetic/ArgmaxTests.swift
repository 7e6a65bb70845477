// SPDX-License-Identifier: Apache-2.0

import NumericCore
import TestSupport
import Testing

/// Where the largest element is, and which of equal ones.
@Suite struct ArgmaxTests {
  private let context: ComputeContext

  init() throws {
    context = try ComputeContext(threads: 2)
  }

  /// The first NaN, or else the first of the largest.
  private func first(_ line: [Float]) -> Int {
    line.firstIndex(where: \.isNaN) ?? line.firstIndex(of: line.max()!)!
  }

  private func expectFirst(_ x: Matrix, _ what: String) throws {
    let elements = x.toArray()
    let (row, column) = try context.withTeam { try context.argmax(x) }
    #expect(row * x.columns + column == first(elements), "\(what): all")
    var indices = [Int](repeating: -1, count: x.rows)
    try context.withTeam { try context.argmax(x, ofEach: .row, into: &indices) }
    let rows = (0..<x.rows).map { r in (0..<x.columns).map { x[r, $0] } }
    #expect(indices == rows.map(first), "\(what): rows")
    indices = [Int](repeating: -1, count: x.columns)
    try context.withTeam { try context.argmax(x, ofEach: .column, into: &indices) }
    let columns = (0..<x.columns).map { c in (0..<x.rows).map { x[$0, c] } }
    #expect(indices == columns.map(first), "\(what): columns")
  }

  @Test(arguments: PoisonedSlice.Layout.allCases)
  func isTheFirstOfTheLargest(layout: PoisonedSlice.Layout) throws {
    for (rows, columns, _) in Sizes.triples where rows > 0 && columns > 0 {
      let what = "\(rows) x \(columns)"
      let x = try PoisonedSlice(rows: rows, columns: columns, layout, seed: 3)
      try expectFirst(x.matrix, what)
      // Few values, so that many are equal.
      for r in 0..<rows { for c in 0..<columns { x.matrix[r, c] = Float((7 * r + 3 * c) % 5) } }
      try expectFirst(x.matrix, "\(what), equal ones")
      x.matrix.fill(-.infinity)
      try expectFirst(x.matrix, "\(what), -infinity")
      x.matrix[rows / 2, columns / 2] = .nan
      x.matrix[rows - 1, columns - 1] = .nan
      try expectFirst(x.matrix, "\(what), NaN")
      x.matrix[0, columns - 1] = .infinity
      try expectFirst(x.matrix, "\(what), infinity beside NaN")
      #expect(x.surroundingsAreIntact)
    }
  }

  @Test func zerosAndDenormalsAreEqual() throws {
    let tiny = Float.leastNonzeroMagnitude
    for zeros: [Float] in [[-0.0, 0, tiny], [tiny, -0.0, 0], [0, -tiny, tiny]] {
      let x = try Matrix([zeros])
      #expect(try context.argmax(x) == (0, 0))
      #expect(try context.max(x).magnitude <= tiny)
      // Vectors of 16 as well as what is left of a row.
      let long = try Matrix(rows: 2, columns: 37)
      long.fill(-1)
      for (index, zero) in zeros.enumerated() { long[1, 12 + 5 * index] = zero }
      #expect(try context.argmax(long) == (1, 12))
    }
  }

  @Test func whatHasNoMaximumIsRefused() throws {
    var none: [Int] = []
    for (rows, columns) in [(0, 0), (0, 3), (3, 0)] {
      let x = try Matrix(rows: rows, columns: columns)
      #expect(throws: NumericError.self) { try context.argmax(x) }
      var indices = [Int](repeating: -1, count: rows)
      if rows == 0 {
        try context.argmax(x, ofEach: .row, into: &indices)
      } else {
        #expect(throws: NumericError.self) {
          try context.argmax(x, ofEach: .row, into: &indices)
        }
      }
      var columnIndices = [Int](repeating: -1, count: columns)
      if columns == 0 {
        try context.argmax(x, ofEach: .column, into: &columnIndices)
      } else {
        #expect(throws: NumericError.self) {
          try context.argmax(x, ofEach: .column, into: &columnIndices)
        }
      }
      #expect((indices + columnIndices).allSatisfy { $0 == -1 })
    }
    #expect(
      throws: NumericError.shapeMismatch(operand: "The indices", expected: [2], found: [0])
    ) {
      try context.argmax(try Matrix(rows: 2, columns: 2), ofEach: .row, into: &none)
    }
  }
}
