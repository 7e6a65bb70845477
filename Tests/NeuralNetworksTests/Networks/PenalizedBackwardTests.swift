// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("The backward pass with zero-centered penalties")
struct PenalizedBackwardTests {
  private static let activations: [Activation] = [.identity, .relu, .leakyReLU(slope: 0.2)]

  private func network(
    _ activation: Activation, hidden: [Int], dropout: Float = 0, in context: ComputeContext
  ) throws -> MultilayerPerceptron {
    try MultilayerPerceptron(
      name: "critic", inputs: 9, hidden: hidden, activation: activation, dropout: dropout, seed: 3,
      in: context)
  }

  @Test("adds up to backward and the penalties one after the other", arguments: activations.indices)
  func sum(activation: Int) throws {
    let context = try ComputeContext(threads: 2)
    for (hidden, dropout) in [([], 0), ([6], 0), ([33, 17], 0), ([33, 17], 0.5)] as [([Int], Float)]
    {
      let network = try network(
        Self.activations[activation], hidden: hidden, dropout: dropout, in: context)
      let x = Matrix.example(rows: 12, columns: 9, seed: 2)
      let dy = Matrix.example(rows: 12, columns: 1, seed: 5)
      let mode = Mode.training(step: 8)
      // A mask belongs to a row's place in its batch: with dropout one penalty on all rows.
      let penalties =
        dropout > 0
        ? [RowPenalty(rows: 0..<12, weight: 3)]
        : [RowPenalty(rows: 0..<5, weight: 3), RowPenalty(rows: 7..<12, weight: 0.5)]

      _ = try network.forward(x, mode: mode, in: context)
      _ = try network.backward(dy, gradients: .overwrite, inputGradient: false, in: context)
      var expected: Float = 0
      for penalty in penalties {
        expected += try network.squaredGradientPenalty(
          at: x[rows: penalty.rows], weight: penalty.weight, mode: mode, gradients: .accumulate,
          in: context)
      }
      let gradients = network.parameters.map { DoubleMatrix($0.gradient) }

      let what = "\(Self.activations[activation]), \(hidden), dropout \(dropout)"
      let terms = 4 * (9 + 12 + hidden.reduce(1, +))
      let size = gradients.flatMap(\.values).reduce(0) { max($0, abs($1)) }
      #expect(size > 0.01, "\(what): nothing to compare")
      let slack = Double(terms) * unitRoundoff * size
      for parameter in network.parameters { parameter.gradient.fill(.nan) }
      _ = try network.forward(x, mode: mode, in: context)
      for (times, gradientMode) in [(1.0, .overwrite), (2.0, .accumulate)]
        as [(Double, GradientMode)]
      {
        let value = try network.backward(
          dy, penalties: penalties, gradients: gradientMode, in: context)
        expectClose(value, Double(expected), terms: terms, "\(what): penalty")
        for (parameter, gradient) in zip(network.parameters, gradients) {
          expectClose(
            parameter.gradient, gradient.map { times * $0 }, terms: terms, slack: times * slack,
            "\(what): gradient of \(parameter.name), \(times) times")
        }
      }
      let before = network.parameters.map { bits($0.gradient) }
      let alone = try network.backward(dy, penalties: penalties, gradients: .skip, in: context)
      expectClose(alone, Double(expected), terms: terms, "\(what): penalty alone")
      #expect(network.parameters.map { bits($0.gradient) } == before)
    }
  }

  @Test("is for one output and activations without a second derivative")
  func conditions() throws {
    let context = try ComputeContext(threads: 1)
    #expect(try network(.leakyReLU(slope: 0.2), hidden: [4], in: context).sharesPenaltyPasses)
    #expect(try !network(.selu, hidden: [4], in: context).sharesPenaltyPasses)
    let wide = try MultilayerPerceptron(
      name: "critic", inputs: 3, hidden: [4], outputs: 2, seed: 1, in: context)
    #expect(!wide.sharesPenaltyPasses)
    let network = try network(.relu, hidden: [4], in: context)
    #expect(throws: NeuralNetworkError.backwardBeforeForward(layer: "critic")) {
      try network.backward(
        try Matrix(rows: 1, columns: 1), penalties: [], gradients: .skip, in: context)
    }
  }
}
