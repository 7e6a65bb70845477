// SPDX-License-Identifier: Apache-2.0

import NumericCore
import TestSupport
import Testing

/// The documented order of every sum, added up element by element: the same bits.
@Suite struct SummationOrderTests {
  /// Sixteen lanes that take every 16th term each, then halves added to halves.
  private func laneSum(_ terms: [Float]) -> Float {
    var lanes = [Float](repeating: 0, count: 16)
    for (index, term) in terms.enumerated() { lanes[index % 16] += term }
    while lanes.count > 1 {
      let half = lanes.count / 2
      lanes = (0..<half).map { lanes[$0] + lanes[$0 + half] }
    }
    return lanes[0]
  }

  /// 512 terms at a time.
  private func blockSum(_ terms: [Float]) -> Double {
    stride(from: 0, to: terms.count, by: 512).reduce(0) { total, start in
      total + Double(laneSum(Array(terms[start..<min(start + 512, terms.count)])))
    }
  }

  /// 32 rows at a time.
  private func columnSum(_ terms: [Float]) -> Double {
    stride(from: 0, to: terms.count, by: 32).reduce(0) { total, start in
      total + Double(terms[start..<min(start + 32, terms.count)].reduce(Float(0), +))
    }
  }

  /// Eight lanes of each row, added in ascending order.
  private func squares(_ rows: [[Float]], from start: Double) -> Double {
    rows.reduce(start) { total, row in
      var lanes = [Double](repeating: 0, count: 8)
      for (index, x) in row.enumerated() { lanes[index % 8] += Double(x) * Double(x) }
      return total + lanes.dropFirst().reduce(lanes[0], +)
    }
  }

  @Test(arguments: [(1, 1), (3, 16), (40, 17), (70, 33), (500, 129), (1, 2000), (2000, 3)])
  func areAsDocumented(rows: Int, columns: Int) throws {
    let context = try ComputeContext(threads: 2)
    let a = try PoisonedSlice(rows: rows, columns: columns, .slice, seed: 1).matrix
    let b = try PoisonedSlice(rows: rows, columns: columns, .slice, seed: 2).matrix
    let lines = (0..<rows).map { r in (0..<columns).map { a[r, $0] } }
    let others = (0..<rows).map { r in (0..<columns).map { b[r, $0] } }
    let products = zip(lines, others).map { zip($0, $1).map { $0 * $1 } }
    let columnLines = (0..<columns).map { c in lines.map { $0[c] } }
    let columnProducts = (0..<columns).map { c in products.map { $0[c] } }

    #expect(try context.sum(a) == blockSum(a.toArray()))
    #expect(try context.mean(a) == blockSum(a.toArray()) / Double(rows * columns))
    #expect(try context.dot(a, b) == blockSum(products.flatMap { $0 }))
    #expect(try context.norm(a, .l1) == blockSum(a.toArray().map(\.magnitude)))
    #expect(try context.squaredNorm(a, addedTo: 0.1) == squares(lines, from: 0.1))
    #expect(try context.norm(a, .l2) == squares(lines, from: 0).squareRoot())

    let ofRows = try Matrix(rows: rows, columns: 1)
    try context.sum(a, ofEach: .row, into: ofRows)
    #expect(ofRows.toArray() == lines.map(laneSum))
    try context.mean(a, ofEach: .row, into: ofRows)
    #expect(ofRows.toArray() == lines.map { laneSum($0) / Float(columns) })
    try context.dot(a, b, ofEach: .row, into: ofRows)
    #expect(ofRows.toArray() == products.map(laneSum))
    try context.norm(a, .l1, ofEach: .row, into: ofRows)
    #expect(ofRows.toArray() == lines.map { laneSum($0.map(\.magnitude)) })
    try context.squaredNorm(a, ofEach: .row, into: ofRows)
    #expect(ofRows.toArray() == lines.map { laneSum($0.map { $0 * $0 }) })
    try context.norm(a, .l2, ofEach: .row, into: ofRows)
    #expect(ofRows.toArray() == lines.map { laneSum($0.map { $0 * $0 }).squareRoot() })

    let ofColumns = try Matrix(rows: 1, columns: columns)
    try context.sum(a, ofEach: .column, into: ofColumns)
    #expect(ofColumns.toArray() == columnLines.map { Float(columnSum($0)) })
    try context.mean(a, ofEach: .column, into: ofColumns)
    #expect(ofColumns.toArray() == columnLines.map { Float(columnSum($0) / Double(rows)) })
    try context.dot(a, b, ofEach: .column, into: ofColumns)
    #expect(ofColumns.toArray() == columnProducts.map { Float(columnSum($0)) })
    try context.norm(a, .l1, ofEach: .column, into: ofColumns)
    #expect(ofColumns.toArray() == columnLines.map { Float(columnSum($0.map(\.magnitude))) })
    try context.squaredNorm(a, ofEach: .column, into: ofColumns)
    #expect(ofColumns.toArray() == columnLines.map { Float(columnSum($0.map { $0 * $0 })) })
    try context.norm(a, .l2, ofEach: .column, into: ofColumns)
    #expect(
      ofColumns.toArray()
        == columnLines.map { Float(columnSum($0.map { $0 * $0 }).squareRoot()) })
  }
}
