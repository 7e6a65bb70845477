// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Testing

/// The gradient by the first columns of an input alone.
@Suite struct BackwardColumnsTests {
  private func matrix(_ rows: Int, _ columns: Int, _ purpose: UInt32) throws -> Matrix {
    let matrix = try Matrix(rows: rows, columns: columns)
    try ComputeContext(threads: 1).fillNormal(
      matrix, random: RandomStream(seed: 1, purpose: purpose, step: 0))
    return matrix
  }

  /// Its bits are those of the whole gradient, at the edges of vectors and panels.
  @Test(arguments: InstructionSet.available, [1, 2])
  func arePartOfTheWhole(instructionSet: InstructionSet, threads: Int) throws {
    let context = try ComputeContext(threads: threads, instructionSet: instructionSet)
    let (rows, outputs, inputs) = (65, 33, 130)
    let weights = try matrix(outputs, inputs, 1)
    let packed = try PackedWeights(rows: outputs, columns: inputs, in: context)
    try packed.update(from: weights, in: context)
    let half = try PackedHalfWeights(
      rows: outputs, columns: inputs, format: .bfloat16, in: context)
    try half.update(from: weights, in: context)
    let dz = try matrix(rows, outputs, 2)
    let x = try matrix(rows, inputs, 3)
    let halfGradient = try HalfMatrix(rows: rows, columns: outputs, format: .bfloat16)
    try context.convert(dz, into: halfGradient)
    for activation in [Activation.identity, .leakyReLU(slope: 0.2), .tanh] {
      let whole = try Matrix(rows: rows, columns: inputs)
      let halfWhole = try Matrix(rows: rows, columns: inputs)
      try context.denseBackwardData(
        dz, weights: packed, inputOutput: x, inputActivation: activation, into: whole)
      let halfInput = try HalfMatrix(rows: rows, columns: inputs, format: .bfloat16)
      try context.convert(x, into: halfInput)
      try context.denseBackwardData(
        halfGradient, rows: rows, weights: half, inputOutput: halfInput,
        inputActivation: activation, into: halfWhole)
      for columns in [0, 1, 16, 31, 32, 33, 64, 129, 130] {
        let part = try Matrix(rows: rows, columns: columns)
        try context.denseBackwardData(
          dz, weights: packed, inputOutput: x[columns: 0..<columns], inputActivation: activation,
          into: part)
        #expect(part.toArray() == whole[columns: 0..<columns].toArray(), "\(columns) columns")
        let halfPartInput = try HalfMatrix(rows: rows, columns: columns, format: .bfloat16)
        try context.convert(x[columns: 0..<columns], into: halfPartInput)
        try context.denseBackwardData(
          halfGradient, rows: rows, weights: half, inputOutput: halfPartInput,
          inputActivation: activation, into: part)
        #expect(
          part.toArray() == halfWhole[columns: 0..<columns].toArray(),
          "\(columns) columns of 16 bits")
      }
    }
    #expect(throws: NumericError.self) {
      try context.denseBackwardData(
        dz, weights: packed, inputOutput: nil, inputActivation: .identity,
        into: try Matrix(rows: rows, columns: inputs + 1))
    }
  }
}
