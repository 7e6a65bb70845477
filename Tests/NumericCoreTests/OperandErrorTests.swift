// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Testing

@Suite("Operands that do not go together")
struct OperandErrorTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the message must contain.
    var says: String
    var run: @Sendable (ComputeContext) throws -> Void
  }

  private static func matrix(_ rows: Int, _ columns: Int) throws -> Matrix {
    try Matrix(rows: rows, columns: columns)
  }

  static let faults = [
    Fault(testDescription: "a product over its input", says: "The output overlaps") { context in
      let x = try matrix(4, 4)
      try context.denseForward(
        x, weights: try matrix(4, 4), bias: nil, activation: .relu, into: x)
    },
    Fault(testDescription: "a tangent over its rows", says: "The result overlaps") { context in
      let q = try matrix(5, 4)
      try context.denseTangent(
        q[rows: 0..<4], weights: try matrix(4, 4), output: try matrix(4, 4), activation: .relu,
        into: q[rows: 1..<5])
    },
    Fault(testDescription: "an input gradient", says: "The input gradient overlaps") { context in
      let dz = try matrix(4, 8)
      try context.denseBackwardData(
        dz[columns: 0..<4], weights: try matrix(4, 4), inputOutput: nil,
        inputActivation: .identity, into: dz[columns: 3..<7])
    },
    Fault(
      testDescription: "weight gradients", says: "The gradient of weights or bias overlaps"
    ) { context in
      let x = try matrix(4, 4)
      try context.denseBackwardWeights(
        try matrix(4, 4), input: x, weightGradient: x, biasGradient: nil, accumulate: true)
    },
    Fault(testDescription: "shifted softmax", says: "The output overlaps") { context in
      let x = try matrix(4, 8)
      try context.softmax(
        x[columns: 0..<4], spans: [ColumnSpan(offset: 0, width: 4)], temperature: 1,
        into: x[columns: 1..<5])
    },
    Fault(testDescription: "Adam on one moment", says: "Adam's value or moment") { context in
      let m = try matrix(2, 3)
      try context.adamStep(
        value: try matrix(2, 3), gradient: try matrix(2, 3), firstMoment: m, secondMoment: m,
        hyperparameters: AdamHyperparameters(
          learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0), step: 1)
    },
    Fault(testDescription: "Adam's shapes", says: "Adam's second moment has shape") { context in
      try context.adamStep(
        value: try matrix(2, 3), gradient: try matrix(2, 3), firstMoment: try matrix(2, 3),
        secondMoment: try matrix(3, 2),
        hyperparameters: AdamHyperparameters(
          learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0), step: 1)
    },
    Fault(
      testDescription: "batch normalization's shapes", says: "variance has shape [1, 2]"
    ) { context in
      try context.batchNormForward(
        try matrix(4, 3), weight: try matrix(1, 3), bias: try matrix(1, 3), epsilon: 1e-5,
        activation: .identity, mean: try matrix(1, 3), variance: try matrix(1, 2),
        inverseDeviation: try matrix(1, 3), into: try matrix(4, 3))
    },
    Fault(
      testDescription: "a sparse entry", says: "An entry of the sparse rows lies outside their 3"
    ) { context in
      let rows = try SparseRows(rows: 1, columns: 3, entries: 1)
      rows.withUnsafeMutableEntries { columns, _ in columns[0] = 3 }
      try context.denseForward(
        try MixedMatrix(rows), weights: try PackedWeights(rows: 2, columns: 3, in: context),
        bias: nil, activation: .relu, into: try matrix(1, 2))
    },
    Fault(testDescription: "a negative size", says: "The number of columns is -1") { context in
      _ = try PackedWeights(rows: 2, columns: -1, in: context)
    },
  ]

  @Test("The message names the operand", arguments: faults)
  func named(fault: Fault) throws {
    let context = try ComputeContext(threads: 1)
    let error = #expect(throws: NumericError.self) { try fault.run(context) }
    #expect(error?.description.contains(fault.says) == true, "\(error?.description ?? "")")
  }

  @Test("Weights that were packed for another instruction set")
  func otherInstructionSet() throws {
    let sets = InstructionSet.available
    guard let best = sets.max(), best != .portable else { return }
    let (portable, other) = (
      try ComputeContext(threads: 1, instructionSet: .portable),
      try ComputeContext(threads: 1, instructionSet: best)
    )
    let weights = try PackedWeights(rows: 2, columns: 3, in: other)
    let error = #expect(throws: NumericError.self) {
      try portable.denseForward(
        try Matrix(rows: 1, columns: 3), weights: weights, bias: nil, activation: .relu,
        into: try Matrix(rows: 1, columns: 2))
    }
    #expect(error?.description.contains("packed for another instruction set") == true)
  }

  @Test("Slices of one matrix side by side, and results in place, are fine")
  func neighbors() throws {
    let context = try ComputeContext(threads: 1)
    let both = try Matrix([[1, 2, 0, 0], [3, 4, 0, 0]])
    let identity = try Matrix([[1, 0], [0, 1]])
    try context.denseForward(
      both[columns: 0..<2], weights: identity, bias: nil, activation: .identity,
      into: both[columns: 2..<4])
    #expect(both.toArray() == [1, 2, 1, 2, 3, 4, 3, 4])
    let x = both[columns: 1..<3]
    try context.activationForward(x, activation: .relu, into: x)
    try context.softmaxBackward(
      x, output: both[columns: 0..<2], spans: [], temperature: 1, into: x)
    #expect(both.toArray() == [1, 2, 1, 2, 3, 4, 3, 4])
  }
}
