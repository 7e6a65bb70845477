// SPDX-License-Identifier: Apache-2.0

import NumericCore
import TestSupport
import Testing

/// Sums, means, dot products, norms and maxima against double precision.
@Suite struct ReductionTests {
  private let context: ComputeContext

  init() throws {
    context = try ComputeContext(threads: 2)
  }

  private func result(ofEach axis: ReductionAxis, _ x: Matrix, _ layout: PoisonedSlice.Layout)
    throws -> PoisonedSlice
  {
    try axis == .row
      ? PoisonedSlice(rows: x.rows, columns: 1, layout)
      : PoisonedSlice(rows: 1, columns: x.columns, layout)
  }

  @Test(arguments: Reduction.allCases, PoisonedSlice.Layout.allCases)
  func withinTheBound(reduction: Reduction, layout: PoisonedSlice.Layout) throws {
    for (rows, columns, _) in Sizes.triples + [(1, 5000, 0), (5000, 1, 0), (1500, 33, 0)] {
      let a = try PoisonedSlice(rows: rows, columns: columns, layout, seed: 1)
      let b = try PoisonedSlice(rows: rows, columns: columns, layout, seed: 2)
      let what = "\(reduction), \(rows) x \(columns)"
      for axis in ReductionAxis.allCases {
        let y = try result(ofEach: axis, a.matrix, layout)
        let (lines, others) = (a.matrix.lines(ofEach: axis), b.matrix.lines(ofEach: axis))
        if lines.first?.isEmpty == true && !reduction.isDefinedForNothing {
          #expect(throws: NumericError.self, "\(what) of each \(axis)") {
            try reduction.each(axis, a.matrix, b.matrix, into: y.matrix, in: context)
          }
          continue
        }
        try context.withTeam {
          try reduction.each(axis, a.matrix, b.matrix, into: y.matrix, in: context)
        }
        var comparison = Comparison()
        for (index, value) in y.matrix.toArray().enumerated() {
          comparison.add(
            value, reduction.exact(lines[index], others[index]),
            bound: reduction.bound(lines[index], others[index], ofEach: axis, rows: rows),
            "\(axis) \(index)")
        }
        #expect(comparison.passes, "\(what): \(comparison.failure ?? "")")
        #expect(comparison.count == lines.count && y.surroundingsAreIntact, "\(what)")
      }
      let (elements, others) = (a.matrix.lines(ofEach: nil)[0], b.matrix.lines(ofEach: nil)[0])
      if elements.isEmpty && !reduction.isDefinedForNothing {
        #expect(throws: NumericError.self, "\(what)") {
          try reduction.all(a.matrix, b.matrix, in: context)
        }
        continue
      }
      let value = try context.withTeam {
        try reduction.all(a.matrix, b.matrix, in: context)
      }
      let error = abs(value - reduction.exact(elements, others))
      let bound = reduction.bound(elements, others, ofEach: nil, rows: rows)
      if !(error <= bound) { Issue.record("\(what): error \(error), bound \(bound)") }
    }
  }

  /// The bits depend on values and shape alone.
  @Test(arguments: Reduction.allCases, [1, 2, 3, 8])
  func sameBits(reduction: Reduction, threads: Int) throws {
    let alone = try ComputeContext(threads: 1)
    let context = try ComputeContext(threads: threads)
    for (rows, columns) in [(500, 333), (7, 4000), (1, 5000), (3000, 5)] {
      let a = try PoisonedSlice(rows: rows, columns: columns, .whole, seed: 1)
      let b = try PoisonedSlice(rows: rows, columns: columns, .whole, seed: 2)
      let other = try PoisonedSlice(rows: rows, columns: columns, .slice, seed: 1)
      let expected = try reduction.all(a.matrix, b.matrix, in: alone)
      #expect(expected == (try reduction.all(other.matrix, b.matrix, in: context)))
      #expect(
        try context.withTeam { try reduction.all(a.matrix, b.matrix, in: context) } == expected)
      for axis in ReductionAxis.allCases {
        let y = try result(ofEach: axis, a.matrix, .whole).matrix
        let z = try result(ofEach: axis, a.matrix, .slice).matrix
        try reduction.each(axis, a.matrix, b.matrix, into: y, in: alone)
        try context.withTeam {
          try reduction.each(axis, other.matrix, b.matrix, into: z, in: context)
        }
        #expect(y.bits == z.bits, "\(rows) x \(columns), each \(axis)")
      }
    }
  }

  /// NaN makes NaN of what depends on it and of nothing else.
  @Test(arguments: Reduction.allCases) func notANumber(reduction: Reduction) throws {
    for (rows, columns) in [(1, 1), (3, 5), (35, 16), (40, 37)] {
      for (row, column) in [(0, 0), (rows / 2, columns / 2), (rows - 1, columns - 1)] {
        let a = try PoisonedSlice(rows: rows, columns: columns, .slice, seed: 1).matrix
        let b = try PoisonedSlice(rows: rows, columns: columns, .slice, seed: 2).matrix
        a[row, column] = .nan
        #expect(try reduction.all(a, b, in: context).isNaN)
        for axis in ReductionAxis.allCases {
          let y = try result(ofEach: axis, a, .slice).matrix
          try reduction.each(axis, a, b, into: y, in: context)
          let hit = axis == .row ? row : column
          for (index, value) in y.toArray().enumerated() {
            #expect(value.isNaN == (index == hit), "\(rows) x \(columns), \(axis) \(index)")
          }
        }
      }
    }
  }

  /// What single precision cannot hold: `squaredNorm` and the norm of all do not overflow.
  @Test func largeElements() throws {
    let x = try Matrix(rows: 3, columns: 20)
    x.fill(-1e30)
    let norm = try context.norm(x, .l2)
    #expect(abs(norm / (Double(Float(1e30)) * 60.0.squareRoot()) - 1) <= 1e-14)
    let more = try context.squaredNorm(x, addedTo: norm * norm)
    #expect(abs(more / (2 * norm * norm) - 1) <= 1e-14)
    let rows = try Matrix(rows: 3, columns: 1)
    try context.squaredNorm(x, ofEach: .row, into: rows)
    #expect(rows.toArray() == [.infinity, .infinity, .infinity])
    x[2, 19] = .infinity
    #expect(try context.sum(x) == .infinity && context.norm(x, .max) == .infinity)
    #expect(try context.max(x) == .infinity)
  }

  @Test(arguments: Reduction.allCases) func wrongShapesAreRefused(reduction: Reduction) throws {
    let x = try Matrix(rows: 4, columns: 3)
    for (rows, columns) in [(4, 3), (3, 1), (1, 4), (0, 1)] {
      let y = try Matrix(rows: rows, columns: columns)
      for (axis, expected) in [(ReductionAxis.row, [4, 1]), (.column, [1, 3])] {
        #expect(
          throws: NumericError.shapeMismatch(
            operand: "The result", expected: expected, found: [rows, columns])
        ) {
          try reduction.each(axis, x, x, into: y, in: context)
        }
      }
    }
    #expect(throws: NumericError.self) {
      try reduction.each(.row, x, x, into: x[columns: 1..<2], in: context)
    }
    #expect(throws: NumericError.self) {
      try reduction.each(.column, x, x, into: x[rows: 3..<4], in: context)
    }
  }

  @Test func dotProductsNeedEqualShapes() throws {
    let (a, b) = (try Matrix(rows: 4, columns: 3), try Matrix(rows: 3, columns: 4))
    let y = try Matrix(rows: 4, columns: 1)
    let error = NumericError.shapeMismatch(
      operand: "The second operand", expected: [4, 3], found: [3, 4])
    #expect(throws: error) { try context.dot(a, b) }
    #expect(throws: error) { try context.dot(a, b, ofEach: .row, into: y) }
    let c = try Matrix(rows: 4, columns: 4)
    #expect(throws: NumericError.self) {
      try context.dot(a, c[columns: 0..<3], ofEach: .row, into: c[columns: 1..<2])
    }
  }
}
