// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Testing

@Suite struct ComputeContextTests {
  @Test func whatIsAsked() throws {
    #expect(InstructionSet.available.contains(.portable))
    for set in InstructionSet.available {
      let context = try ComputeContext(threads: 2, instructionSet: set)
      #expect(context.instructionSet == set)
    }
    #expect(try ComputeContext().instructionSet == InstructionSet.available.max())
    for set in InstructionSet.allCases where !InstructionSet.available.contains(set) {
      #expect(throws: NumericError.instructionSetUnavailable(set)) {
        try ComputeContext(instructionSet: set)
      }
    }
  }

  @Test(arguments: [0, -3, 5000]) func impossibleThreads(threads: Int) {
    let error = #expect(throws: NumericError.self) { try ComputeContext(threads: threads) }
    #expect("\(String(describing: error))".contains("\(threads)"))
  }

  @Test func shapesAreChecked() throws {
    let context = try ComputeContext(threads: 1)
    let x = try Matrix(rows: 4, columns: 3)
    let w = try Matrix(rows: 5, columns: 3)
    let y = try Matrix(rows: 4, columns: 5)
    #expect(
      throws: NumericError.shapeMismatch(operand: "The input", expected: [4, 2], found: [4, 3])
    ) {
      try context.denseForward(
        x, weights: try Matrix(rows: 5, columns: 2), bias: nil, activation: .relu, into: y)
    }
    #expect(
      throws: NumericError.shapeMismatch(operand: "The bias", expected: [1, 5], found: [5, 1])
    ) {
      try context.denseForward(
        x, weights: w, bias: try Matrix(rows: 5, columns: 1), activation: .relu, into: y)
    }
    #expect(
      throws: NumericError.shapeMismatch(operand: "The output", expected: [4, 5], found: [4, 4])
    ) {
      try context.denseForward(
        x, weights: w, bias: nil, activation: .relu, into: try Matrix(rows: 4, columns: 4))
    }
    #expect(throws: NumericError.self) {
      try context.softmax(x, spans: [ColumnSpan(offset: 2, width: 2)], temperature: 1, into: x)
    }
    #expect(throws: NumericError.self) {
      try context.activationForward(x, activation: .leakyReLU(slope: 2), into: x)
    }
  }

  /// y = relu(x Wᵀ + b) by hand, packed and plain.
  @Test func aLayerByHand() throws {
    let context = try ComputeContext(threads: 1)
    let x = try Matrix([[1, 2], [-1, 0.5]])
    let w = try Matrix([[1, 0], [0, -1], [2, 2]])
    let b = try Matrix([[0.5, 0, -1]])
    let y = try Matrix(rows: 2, columns: 3)
    try context.denseForward(x, weights: w, bias: b, activation: .relu, into: y)
    #expect(y.toArray() == [1.5, 0, 5, 0, 0, 0])
    let packed = try PackedWeights(rows: 3, columns: 2, in: context)
    try packed.update(from: w, in: context)
    y.fill(-1)
    try context.denseForward(x, weights: packed, bias: b, activation: .relu, into: y)
    #expect(y.toArray() == [1.5, 0, 5, 0, 0, 0])
    let dx = try Matrix(rows: 2, columns: 2)
    try context.denseBackwardData(
      try Matrix([[1, 1, 1], [0, 1, 0]]), weights: packed, inputOutput: nil,
      inputActivation: .identity, into: dx)
    #expect(dx.toArray() == [3, 1, 0, -1])
    let dw = try Matrix(rows: 3, columns: 2)
    let db = try Matrix(rows: 1, columns: 3)
    try context.denseBackwardWeights(
      try Matrix([[1, 1, 1], [0, 1, 0]]), input: x, weightGradient: dw, biasGradient: db,
      accumulate: false)
    #expect(dw.toArray() == [1, 2, 0, 2.5, 1, 2])
    #expect(db.toArray() == [1, 2, 1])
  }

  /// A step on slices by columns leaves the columns beside them alone.
  @Test func optimizersKeepToTheirColumns() throws {
    let context = try ComputeContext(threads: 2)
    let whole = try (0..<4).map { _ in try Matrix(rows: 6, columns: 40) }
    for matrix in whole { matrix.fill(2) }
    let parts = whole.map { $0[columns: 3..<20] }
    try context.adamStep(
      value: parts[0], gradient: parts[1], firstMoment: parts[2], secondMoment: parts[3],
      hyperparameters: AdamHyperparameters(
        learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0), step: 1)
    for r in 0..<6 {
      for c in 0..<40 {
        #expect((whole[0][r, c] == 2) == !(3..<20).contains(c), "[\(r), \(c)]")
        #expect(whole[1][r, c] == 2)
      }
    }
  }

  @Test func bfloat16() throws {
    let context = try ComputeContext(threads: 1)
    let values: [Float] = [0, 1, -2.5, 3.14159265, 1e30, 0x1.01p0, 0x1.03p0, .infinity]
    let half = try context.convert(values)
    #expect(half == values.map(BFloat16.init))
    let wide: [Float] = try context.convert(half)
    #expect(wide == half.map(Float.init))
    #expect(wide[2] == -2.5 && wide[5] == 1 && wide[6] == 0x1.04p0 && wide[7] == .infinity)
    #expect(Float(BFloat16(.nan)).isNaN)
  }
}
