// SPDX-License-Identifier: Apache-2.0

import NumericCore
import TestSupport
import Testing

/// Addition, subtraction, products, scaling and clipping, element by element.
@Suite struct ElementwiseTests {
  private enum Operation: CaseIterable {
    case add, subtract, multiply

    func apply(_ a: Matrix, _ b: Matrix, into y: Matrix, in context: ComputeContext) throws {
      switch self {
      case .add: try context.add(a, b, into: y)
      case .subtract: try context.subtract(a, b, into: y)
      case .multiply: try context.multiply(a, b, into: y)
      }
    }

    func exact(_ a: Double, _ b: Double) -> Double {
      switch self {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      }
    }
  }

  private let context: ComputeContext

  init() throws {
    context = try ComputeContext(threads: 2)
  }

  /// Half a unit in the last place of the exact result.
  private func bound(_ exact: Double) -> Double { unitRoundoff * abs(exact) }

  @Test(arguments: PoisonedSlice.Layout.allCases)
  func twoOperands(layout: PoisonedSlice.Layout) throws {
    for (rows, columns, _) in Sizes.triples {
      // The second operand as a matrix, a row, a column and a number.
      let shapes = [(rows, columns), (1, columns), (rows, 1), (1, 1)]
      for operation in Operation.allCases {
        for (otherRows, otherColumns) in shapes {
          let a = try PoisonedSlice(rows: rows, columns: columns, layout, seed: 1)
          let b = try PoisonedSlice(rows: otherRows, columns: otherColumns, layout, seed: 2)
          let y = try PoisonedSlice(rows: rows, columns: columns, layout)
          try context.withTeam {
            try operation.apply(a.matrix, b.matrix, into: y.matrix, in: context)
          }
          var comparison = Comparison()
          for r in 0..<rows {
            for c in 0..<columns {
              let other = b.matrix[otherRows == 1 ? 0 : r, otherColumns == 1 ? 0 : c]
              let exact = operation.exact(Double(a.matrix[r, c]), Double(other))
              comparison.add(y.matrix[r, c], exact, bound: bound(exact), "[\(r), \(c)]")
            }
          }
          let what = "\(operation), \(rows) x \(columns), \(otherRows) x \(otherColumns)"
          #expect(comparison.passes, "\(what): \(comparison.failure ?? "")")
          #expect(y.surroundingsAreIntact && a.surroundingsAreIntact, "\(what)")
          let expected = y.matrix.bits
          try operation.apply(a.matrix, b.matrix, into: a.matrix, in: context)
          #expect(a.matrix.bits == expected && a.surroundingsAreIntact, "\(what) in place")
        }
      }
    }
  }

  @Test(arguments: PoisonedSlice.Layout.allCases)
  func theOutputMayBeTheSecondOperand(layout: PoisonedSlice.Layout) throws {
    for columns in Sizes.ragged {
      let a = try PoisonedSlice(rows: 3, columns: columns, layout, seed: 1)
      let b = try PoisonedSlice(rows: 3, columns: columns, layout, seed: 2)
      let y = try PoisonedSlice(rows: 3, columns: columns, layout)
      try context.subtract(a.matrix, b.matrix, into: y.matrix)
      try context.subtract(a.matrix, b.matrix, into: b.matrix)
      #expect(b.matrix.bits == y.matrix.bits && b.surroundingsAreIntact, "\(columns) columns")
      try context.multiply(a.matrix, a.matrix, into: a.matrix)
      #expect(a.matrix.toArray().allSatisfy { $0 >= 0 } && a.surroundingsAreIntact)
    }
  }

  @Test(arguments: PoisonedSlice.Layout.allCases)
  func scaling(layout: PoisonedSlice.Layout) throws {
    for (rows, columns, _) in Sizes.triples {
      for factor: Float in [0, 1, -0.3, 1e20] {
        let x = try PoisonedSlice(rows: rows, columns: columns, layout, seed: 1)
        let y = try PoisonedSlice(rows: rows, columns: columns, layout)
        try context.scale(x.matrix, by: factor, into: y.matrix)
        var comparison = Comparison()
        for (value, result) in zip(x.matrix.toArray(), y.matrix.toArray()) {
          let exact = Double(value) * Double(factor)
          comparison.add(result, exact, bound: bound(exact), "\(value)")
        }
        #expect(comparison.passes, "\(rows) x \(columns), \(factor): \(comparison.failure ?? "")")
        try context.scale(x.matrix, by: factor, into: x.matrix)
        #expect(x.matrix.bits == y.matrix.bits)
        #expect(x.surroundingsAreIntact && y.surroundingsAreIntact, "\(rows) x \(columns)")
      }
    }
  }

  @Test(arguments: PoisonedSlice.Layout.allCases)
  func clipping(layout: PoisonedSlice.Layout) throws {
    for (rows, columns, _) in Sizes.triples {
      for range: ClosedRange<Float> in [-0.5...0.7, 0...Float.infinity, 0.2...0.2] {
        let x = try PoisonedSlice(rows: rows, columns: columns, layout, seed: 1)
        let y = try PoisonedSlice(rows: rows, columns: columns, layout)
        try context.clip(x.matrix, to: range, into: y.matrix)
        let expected = x.matrix.toArray().map { min(max($0, range.lowerBound), range.upperBound) }
        #expect(y.matrix.toArray() == expected, "\(rows) x \(columns), \(range)")
        try context.clip(x.matrix, to: range, into: x.matrix)
        #expect(x.matrix.bits == y.matrix.bits)
        #expect(x.surroundingsAreIntact && y.surroundingsAreIntact, "\(rows) x \(columns)")
      }
    }
  }

  /// NaN and infinities come out where IEEE 754 has them, and nowhere else.
  @Test(arguments: [1, 5, 16, 17, 40]) func specialValues(columns: Int) throws {
    let values: [Float] = [.nan, .infinity, -.infinity, -0.0, 1]
    for index in Set([0, columns / 2, columns - 1]) {
      for value in values {
        let x = try Matrix(rows: 2, columns: columns)
        let y = try Matrix(rows: 2, columns: columns)
        let twos = try Matrix(rows: 2, columns: columns)
        x.fill(0.25)
        twos.fill(2)
        x[1, index] = value
        func expectChange(_ expected: Float, elsewhere: Float, _ what: String) {
          for r in 0..<2 {
            for c in 0..<columns {
              let wanted = r == 1 && c == index ? expected : elsewhere
              let found = y[r, c]
              #expect(
                found == wanted && found.sign == wanted.sign || found.isNaN && wanted.isNaN,
                "\(what) of \(value) at [\(r), \(c)]: \(found), not \(wanted)")
            }
          }
        }
        try context.add(x, twos, into: y)
        expectChange(value + 2, elsewhere: 2.25, "the sum")
        try context.subtract(twos, x, into: y)
        expectChange(2 - value, elsewhere: 1.75, "the difference")
        try context.multiply(x, twos, into: y)
        expectChange(value * 2, elsewhere: 0.5, "the product")
        try context.scale(x, by: -1, into: y)
        expectChange(-value, elsewhere: -0.25, "the multiple")
        try context.clip(x, to: -1...0.5, into: y)
        let clipped: Float = value.isNaN ? .nan : value > 0.5 ? 0.5 : value < -1 ? -1 : value
        expectChange(clipped, elsewhere: 0.25, "the clipped value")
      }
    }
  }

  @Test func wrongShapesAreRefused() throws {
    let a = try Matrix(rows: 4, columns: 3)
    let y = try Matrix(rows: 4, columns: 3)
    for (rows, columns) in [(4, 2), (3, 3), (2, 1), (1, 2), (0, 3)] {
      let b = try Matrix(rows: rows, columns: columns)
      let error = NumericError.shapeMismatch(
        operand: "The second operand", expected: [4, 3], found: [rows, columns])
      #expect(throws: error) { try context.add(a, b, into: y) }
      #expect(throws: error) { try context.subtract(a, b, into: y) }
      #expect(throws: error) { try context.multiply(a, b, into: y) }
    }
    for (rows, columns) in [(4, 2), (3, 3), (1, 3)] {
      let z = try Matrix(rows: rows, columns: columns)
      let error = NumericError.shapeMismatch(
        operand: "The output", expected: [4, 3], found: [rows, columns])
      #expect(throws: error) { try context.add(a, a, into: z) }
      #expect(throws: error) { try context.scale(a, by: 2, into: z) }
      #expect(throws: error) { try context.clip(a, to: 0...1, into: z) }
      #expect(throws: error) { try context.copy(a, into: z) }
    }
  }

  /// An output that shares some elements with an operand would be read after it was written.
  @Test func partialOverlapsAreRefused() throws {
    let x = try Matrix(rows: 6, columns: 40)
    let a = x[rows: 0..<4][columns: 0..<20]
    let beside = x[rows: 0..<4][columns: 20..<40]
    let below = x[rows: 4..<6][columns: 0..<20]
    for y in [x[rows: 1..<5][columns: 0..<20], x[rows: 0..<4][columns: 1..<21]] {
      #expect(throws: NumericError.self) { try context.add(a, beside, into: y) }
      #expect(throws: NumericError.self) { try context.scale(a, by: 2, into: y) }
      #expect(throws: NumericError.self) { try context.clip(a, to: 0...1, into: y) }
      #expect(throws: NumericError.self) { try context.copy(a, into: y) }
    }
    // A row of the output itself would change while it is used.
    #expect(throws: NumericError.self) { try context.subtract(a, a[rows: 0..<1], into: a) }
    #expect(throws: NumericError.self) { try context.subtract(a, a[columns: 3..<4], into: a) }
    try context.add(a, beside, into: beside)
    try context.copy(a[rows: 0..<2], into: below)
    try context.subtract(a, below[rows: 0..<1], into: a)
  }

  @Test func nothingToDo() throws {
    for (rows, columns) in [(0, 0), (0, 5), (5, 0)] {
      let x = try Matrix(rows: rows, columns: columns)
      try context.add(x, x, into: x)
      try context.scale(x, by: 2, into: x)
      try context.clip(x, to: 0...1, into: x)
      try context.copy(x, into: x)
      try context.transpose(x, into: try Matrix(rows: columns, columns: rows))
    }
    let many = try Matrix(rows: .max, columns: 0)
    try context.multiply(many, many, into: many)
  }

  /// Denormals count as zero, as in the kernels.
  @Test func denormals() throws {
    let x = try Matrix([[.leastNormalMagnitude / 4, .leastNormalMagnitude]])
    let y = try Matrix(rows: 1, columns: 2)
    try context.scale(x, by: 8, into: y)
    #expect(y.toArray() == [0, 8 * .leastNormalMagnitude])
    try context.scale(x, by: 0.5, into: y)
    #expect(y.toArray() == [0, 0])
  }
}
