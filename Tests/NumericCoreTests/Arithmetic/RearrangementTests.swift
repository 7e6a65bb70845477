// SPDX-License-Identifier: Apache-2.0

import NumericCore
import TestSupport
import Testing

/// Copies and transposes, bit by bit.
@Suite struct RearrangementTests {
  @Test(arguments: [1, 2, 3], PoisonedSlice.Layout.allCases)
  func everyBitArrives(threads: Int, layout: PoisonedSlice.Layout) throws {
    let context = try ComputeContext(threads: threads)
    for (rows, columns, _) in Sizes.triples {
      let x = try PoisonedSlice(rows: rows, columns: columns, layout, seed: 1)
      if rows > 2 && columns > 2 {
        x.matrix[1, 2] = Float(bitPattern: 0xffc0_1234)
        x.matrix[2, 1] = -.leastNonzeroMagnitude
      }
      let copy = try PoisonedSlice(rows: rows, columns: columns, layout)
      let transposed = try PoisonedSlice(rows: columns, columns: rows, layout)
      try context.withTeam {
        try context.copy(x.matrix, into: copy.matrix)
        try context.transpose(x.matrix, into: transposed.matrix)
      }
      #expect(copy.matrix.bits == x.matrix.bits, "\(rows) x \(columns)")
      let expected = (0..<columns).flatMap { c in
        (0..<rows).map { x.matrix[$0, c].bitPattern }
      }
      #expect(transposed.matrix.bits == expected, "\(rows) x \(columns)")
      #expect(copy.surroundingsAreIntact && transposed.surroundingsAreIntact)
    }
  }

  @Test func nothingIsTransposedInPlace() throws {
    let context = try ComputeContext(threads: 1)
    let x = try Matrix(rows: 5, columns: 5)
    #expect(throws: NumericError.self) { try context.transpose(x, into: x) }
    #expect(
      throws: NumericError.shapeMismatch(operand: "The output", expected: [5, 2], found: [2, 5])
    ) {
      try context.transpose(try Matrix(rows: 2, columns: 5), into: try Matrix(rows: 2, columns: 5))
    }
  }
}
