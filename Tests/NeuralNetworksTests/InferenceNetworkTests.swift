// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import SeededRandom
import Testing

/// Networks that are compiled for inference give what their layers give.
@Suite struct InferenceNetworkTests {
  private static func random(_ rows: Int, _ columns: Int, _ seed: UInt64) throws -> Matrix {
    var random = SplitMix64(seed: seed, purpose: 1)
    let matrix = try Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        matrix[row, column] = Float(random.below(2001) - 1000) / 500
      }
    }
    return matrix
  }

  /// Statistics, scales and shifts that change what a batch norm does, and a bias that it takes up.
  private static func disturb(_ layer: any Layer) {
    var random = SplitMix64(seed: 9, purpose: 2)
    for parameter in layer.parameters + layer.buffers where parameter.shape.count == 1 {
      for column in 0..<parameter.value.columns {
        parameter.value[0, column] = 0.25 + Float(random.below(1000)) / 500
      }
      parameter.noteChange()
    }
  }

  enum Form: String, CaseIterable { case plain, residual, layerNorm, nested, perceptron }

  private static func network(
    _ form: Form, inputs: Int, in context: ComputeContext
  ) throws -> any Layer {
    func dense(
      _ name: String, _ inputs: Int, _ outputs: Int, _ activation: Activation = .identity
    ) throws -> Dense {
      try Dense(
        name: name, inputs: inputs, outputs: outputs, activation: activation, seed: 3, in: context)
    }
    func norm(_ name: String, _ features: Int) throws -> BatchNorm {
      try BatchNorm(name: name, features: features, activation: .relu)
    }
    switch form {
    case .plain:
      return try Sequential([
        dense("a", inputs, 37), norm("an", 37), dense("b", 37, 19, .leakyReLU(slope: 0.2)),
        norm("bn", 19), Dropout(name: "d", features: 19, rate: 0.5, seed: 1), dense("c", 19, 5),
      ])
    case .residual:
      return try Sequential([
        ResidualConcatenation([dense("a", inputs, 33), norm("an", 33)]),
        ResidualConcatenation([dense("b", inputs + 33, 17), norm("bn", 17)]),
        dense("c", inputs + 50, 7),
      ])
    case .layerNorm:
      return try Sequential([
        dense("a", inputs, 21), LayerNorm(name: "an", features: 21, activation: .tanh),
        dense("b", 21, 4),
      ])
    case .nested:
      // A concatenation that is not at the beginning, and a batch norm that no layer takes up.
      return try Sequential([
        dense("a", inputs, 12, .tanh), norm("an", 12),
        ResidualConcatenation([
          dense("b", 12, 9), LayerNorm(name: "bn", features: 9), dense("c", 9, 6, .sigmoid),
        ]),
        norm("cn", 18),
      ])
    case .perceptron:
      return try MultilayerPerceptron(
        name: "p", inputs: inputs, hidden: [31, 15], outputs: 2, dropout: 0.3, seed: 4,
        in: context)
    }
  }

  @Test(arguments: Form.allCases, [1, 7, 64])
  func resultsAreThoseOfTheLayers(form: Form, rows: Int) throws {
    let context = try ComputeContext(threads: 2)
    let layer = try Self.network(form, inputs: 23, in: context)
    Self.disturb(layer)
    let x = try Self.random(rows, 23, 5)
    let expected = try layer.forward(x, mode: .inference, in: context)
    let network = try InferenceNetwork(layer, in: context)
    #expect(network.inputs == 23 && network.outputs == expected.columns)
    let workspace = try network.workspace(rows: 64)
    network.input(rows: rows, in: workspace).copy(from: x)
    let found = try network.forward(rows: rows, workspace: workspace, in: context)
    Self.compare(found, expected, "\(form), \(rows) rows")
  }

  @Test(arguments: [Form.plain, .residual, .perceptron])
  func conditionsMayBeSparse(form: Form) throws {
    let context = try ComputeContext(threads: 1)
    let layer = try Self.network(form, inputs: 23, in: context)
    Self.disturb(layer)
    let dense = try Self.random(11, 18, 6)
    let sparse = try SparseRows(rows: 11, columns: 5, entries: 1)
    for row in 0..<11 { sparse.set(0, ofRow: row, column: row % 5, value: 1) }
    let expected = try layer.forward(MixedMatrix(dense, sparse), mode: .inference, in: context)
    let network = try InferenceNetwork(layer, sparseInputs: 5, in: context)
    let workspace = try network.workspace(rows: 16)
    network.input(rows: 11, in: workspace).copy(from: dense)
    let found = try network.forward(rows: 11, sparse: sparse, workspace: workspace, in: context)
    Self.compare(found, expected.dense, "\(form)")
  }

  /// Folding changes the order of a few roundings: of each sum of at most 73 products of magnitude
  /// below 4, a rounding error of 2^-24 each, grown by the scales (below 5) of two layers.
  private static func compare(_ found: Matrix, _ expected: Matrix, _ what: String) {
    #expect(found.rows == expected.rows && found.columns == expected.columns)
    for row in 0..<expected.rows {
      for column in 0..<expected.columns {
        let error = abs(found[row, column] - expected[row, column])
        let bound = 1e-4 * max(1, abs(expected[row, column]))
        #expect(error <= bound, "\(what): [\(row), \(column)] is off by \(error)")
      }
    }
  }

  /// A network is trained further after it was compiled: the compiled one stays what it was.
  @Test func itIsACopy() throws {
    let context = try ComputeContext(threads: 1)
    let layer = try Self.network(.plain, inputs: 6, in: context)
    let network = try InferenceNetwork(layer, in: context)
    let workspace = try network.workspace(rows: 3)
    let x = try Self.random(3, 6, 7)
    network.input(rows: 3, in: workspace).copy(from: x)
    let before = try network.forward(rows: 3, workspace: workspace, in: context).toArray()
    for parameter in layer.parameters {
      parameter.value.fill(0.5)
      parameter.noteChange()
    }
    network.input(rows: 3, in: workspace).copy(from: x)
    let after = try network.forward(rows: 3, workspace: workspace, in: context).toArray()
    #expect(before == after)
  }

  private final class Unknown: Layer {
    let (inputs, outputs) = (3, 3)
    let parameters: [Parameter] = []
    func forward(
      _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
    ) -> Matrix { x }
    func backward(
      _ dy: Matrix, gradients: GradientMode, inputColumns: Int, in context: ComputeContext
    ) -> Matrix? { nil }
  }

  @Test func unknownLayersAreRefusedByName() throws {
    let context = try ComputeContext(threads: 1)
    #expect(throws: NeuralNetworkError.unsupportedLayer("Unknown")) {
      try InferenceNetwork(Sequential([Unknown()]), in: context)
    }
  }
}
