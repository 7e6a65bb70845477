// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Gradient penalty between rows that were scored")
struct InterpolatedPenaltyTests {
  private func network(
    _ activation: Activation, precision: Precision = .float32, in context: ComputeContext
  ) throws -> MultilayerPerceptron {
    try MultilayerPerceptron(
      name: "critic", inputs: 13, hidden: [33, 17], activation: activation, dropout: 0.3,
      precision: precision, seed: 3, in: context)
  }

  /// The penalty and all gradients, by the shared first layer or at the points.
  private func evaluate(
    _ activation: Activation, precision: Precision = .float32, atPoints: Bool, threads: Int = 1
  ) throws -> (penalty: Float, gradients: [Matrix]) {
    let context = try ComputeContext(threads: threads)
    let network = try network(activation, precision: precision, in: context)
    let batch = Matrix.example(rows: 12, columns: 13, seed: 4)
    let random = RandomStream(seed: 5, purpose: 6, step: 7)
    _ = try network.forward(batch, mode: .training(step: 1), in: context)
    _ = try network.backward(
      .example(rows: 12, columns: 1, seed: 8), gradients: .overwrite, inputGradient: false,
      in: context)
    let penalty: Float
    if atPoints {
      var interpolates = Interpolates()
      let points = try interpolates.points(
        real: batch[rows: 0..<6], generated: batch[rows: 6..<12], random: random, in: context)
      penalty = try network.gradientPenalty(
        at: points, weight: 10, mode: .training(step: 2), gradients: .accumulate, in: context)
    } else {
      penalty = try network.gradientPenalty(
        between: 0..<6, and: 6..<12, random: random, weight: 10, mode: .training(step: 2),
        gradients: .accumulate, in: context)
    }
    return (penalty, network.parameters.map(\.gradient))
  }

  @Test(
    "is that at the interpolates", arguments: [Activation.leakyReLU(slope: 0.2), .identity])
  func sharedLayer(activation: Activation) throws {
    let plain = try evaluate(activation, atPoints: true)
    let shared = try evaluate(activation, atPoints: false)
    // The first layer's sums are mixed instead of their terms: both err by a share of 13 terms.
    let terms = 4 * (13 + 33 + 17)
    expectClose(shared.penalty, Double(plain.penalty), terms: terms, "penalty")
    for (a, b) in zip(shared.gradients, plain.gradients) {
      expectClose(a, DoubleMatrix(b), terms: terms, "gradient")
    }
  }

  @Test(
    "makes the points where the first layer cannot be shared",
    arguments: [
      (Activation.relu, Precision.float32), (.tanh, .float32), (.leakyReLU(slope: 0), .float32),
      (.leakyReLU(slope: 0.2), .bfloat16),
    ])
  func points(activation: Activation, precision: Precision) throws {
    let plain = try evaluate(activation, precision: precision, atPoints: true)
    let shared = try evaluate(activation, precision: precision, atPoints: false)
    #expect(shared.penalty == plain.penalty)
    #expect(shared.gradients.map(bits) == plain.gradients.map(bits))
  }

  @Test("has the same bits for any number of threads", arguments: [2, 8])
  func threads(count: Int) throws {
    let alone = try evaluate(.leakyReLU(slope: 0.2), atPoints: false)
    let shared = try evaluate(.leakyReLU(slope: 0.2), atPoints: false, threads: count)
    #expect(shared.penalty == alone.penalty)
    #expect(shared.gradients.map(bits) == alone.gradients.map(bits))
  }

  @Test("needs rows that were scored") func order() throws {
    let context = try ComputeContext(threads: 1)
    let network = try network(.leakyReLU(slope: 0.2), in: context)
    #expect(throws: NeuralNetworkError.self) {
      try network.gradientPenalty(
        between: 0..<1, and: 1..<2, random: RandomStream(seed: 1, purpose: 1, step: 1), weight: 10,
        mode: .inference, gradients: .skip, in: context)
    }
  }
}
