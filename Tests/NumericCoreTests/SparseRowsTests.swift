// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Testing

@Suite struct SparseRowsTests {
  private func oneHot(_ positions: [Int], columns: Int) -> SparseRows {
    let rows = try! SparseRows(rows: positions.count, columns: columns, entries: 1)
    for (row, position) in positions.enumerated() {
      rows.set(0, ofRow: row, column: position, value: 1)
    }
    return rows
  }

  @Test func slicesShareTheirStorage() throws {
    let rows = oneHot([0, 1, 2, 3], columns: 4)
    let part = rows[rows: 1..<3]
    #expect(part.rows == 2 && part.columns == 4 && part.entries == 1)
    part.set(0, ofRow: 1, column: 0, value: 5)
    rows.withUnsafeMutableEntries { indices, values in
      #expect(Array(indices) == [0, 1, 0, 3] && Array(values) == [1, 1, 5, 1])
    }
    let mixed = MixedMatrix(try Matrix(rows: 4, columns: 3), rows)[rows: 2..<4]
    #expect(mixed.rows == 2 && mixed.columns == 7 && mixed.sparse?.rows == 2)
  }

  @Test func joinsRowsThatLieTogether() throws {
    let all = try Matrix(rows: 6, columns: 3)
    let joined = all[rows: 1..<3].joined(with: all[rows: 3..<6])
    #expect(joined?.rows == 5)
    joined?.fill(2)
    #expect(all[0, 0] == 0 && all[1, 0] == 2 && all[5, 2] == 2)
    #expect(all[rows: 0..<2].joined(with: all[rows: 3..<6]) == nil)
    #expect(all[rows: 0..<2].joined(with: try Matrix(rows: 1, columns: 3)) == nil)
    #expect(all[columns: 0..<2].joined(with: all[columns: 0..<2]) == nil)
  }

  /// A condition behind noise gives what the row written out gives, forward and to the weights.
  @Test(arguments: InstructionSet.available, [1, 2])
  func products(instructionSet: InstructionSet, threads: Int) throws {
    let context = try ComputeContext(threads: threads, instructionSet: instructionSet)
    let (rows, noise, conditions, outputs) = (70, 19, 37, 21)
    let random = RandomStream(seed: 1, purpose: 2, step: 3)
    let whole = try Matrix(rows: rows, columns: noise + conditions)
    try context.fillNormal(whole[columns: 0..<noise], random: random)
    let positions = (0..<rows).map { $0 * 7 % conditions }
    for (row, position) in positions.enumerated() { whole[row, noise + position] = 1 }
    let x = MixedMatrix(whole[columns: 0..<noise], oneHot(positions, columns: conditions))
    let weights = try Matrix(rows: outputs, columns: noise + conditions)
    try context.fillNormal(weights, random: random, firstIndex: 5000)
    let packed = try PackedWeights(rows: outputs, columns: noise + conditions, in: context)
    try packed.update(from: weights, in: context)
    let (y, expected) = (
      try Matrix(rows: rows, columns: outputs), try Matrix(rows: rows, columns: outputs)
    )
    try context.denseForward(
      x, weights: packed, bias: nil, activation: .leakyReLU(slope: 0.2), into: y)
    try context.denseForward(
      whole, weights: packed, bias: nil, activation: .leakyReLU(slope: 0.2), into: expected)
    #expect(y.toArray() == expected.toArray())
    let (dw, whole2) = (
      try Matrix(rows: outputs, columns: conditions), try Matrix(rows: outputs, columns: conditions)
    )
    try context.sparseBackwardWeights(
      y, input: try #require(x.sparse), weightGradient: dw, accumulate: false)
    try context.denseBackwardWeights(
      y, input: whole[columns: noise..<noise + conditions], weightGradient: whole2,
      biasGradient: nil, accumulate: false)
    #expect(dw.toArray() == whole2.toArray())
  }

  @Test func wrongShapesAreRefused() throws {
    let context = try ComputeContext(threads: 1)
    let packed = try PackedWeights(rows: 2, columns: 9, in: context)
    let sparse = oneHot([0, 1], columns: 4)
    let y = try Matrix(rows: 2, columns: 2)
    func forward(_ x: MixedMatrix) throws {
      try context.denseForward(x, weights: packed, bias: nil, activation: .identity, into: y)
    }
    try forward(MixedMatrix(try Matrix(rows: 2, columns: 5), sparse))
    #expect(throws: NumericError.self) {
      try forward(MixedMatrix(try Matrix(rows: 2, columns: 4), sparse))
    }
    #expect(throws: NumericError.self) { try forward(try MixedMatrix(sparse)) }
    sparse.withUnsafeMutableEntries { indices, _ in indices[1] = 4 }
    #expect(throws: NumericError.self) {
      try forward(MixedMatrix(try Matrix(rows: 2, columns: 5), sparse))
    }
    #expect(throws: NumericError.self) {
      try context.sparseBackwardWeights(
        y, input: sparse, weightGradient: try Matrix(rows: 2, columns: 3), accumulate: false)
    }
  }
}
