// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

/// A NaN must never get lost on its way: a network that swallows it trains on in silence.
@Suite("NaN in layers")
struct NotANumberTests {
  private func layers(
    _ activation: Activation, _ context: ComputeContext
  ) throws -> [(String, any Layer)] {
    [
      (
        "Dense",
        try Dense(
          name: "a", inputs: 19, outputs: 19, activation: activation, seed: 1, in: context)
      ),
      ("BatchNorm", try BatchNorm(name: "a", features: 19, activation: activation)),
      ("LayerNorm", try LayerNorm(name: "a", features: 19, activation: activation)),
      (
        "MultilayerPerceptron",
        try MultilayerPerceptron(
          name: "a", inputs: 19, hidden: [33], outputs: 19, activation: activation, dropout: 0.5,
          seed: 1, in: context)
      ),
    ]
  }

  @Test("reaches the output and the gradients", arguments: NamedActivation.all)
  func propagates(_ activation: NamedActivation) throws {
    for instructionSet in InstructionSet.available {
      let context = try ComputeContext(threads: 2, instructionSet: instructionSet)
      for (name, layer) in try layers(activation.activation, context) {
        let what = "\(name), \(instructionSet)"
        let x = Matrix.example(rows: 6, columns: 19, seed: 3)
        let dy = Matrix.example(rows: 6, columns: 19, seed: 4)
        // The whole row: a ReLU that is off rightly passes nothing on.
        dy[rows: 4..<5].fill(.nan)
        _ = try layer.forward(x, mode: .training(step: 1), in: context)
        let dx = try #require(
          try layer.backward(dy, gradients: .overwrite, inputGradient: true, in: context))
        #expect(dx.toArray().contains { $0.isNaN }, "\(what): input gradient")
        for parameter in layer.parameters.suffix(2) {
          #expect(
            parameter.gradient.toArray().contains { $0.isNaN },
            "\(what): gradient of \(parameter.name)")
        }
        x[4, 17] = .nan
        let y = try layer.forward(x, mode: .training(step: 1), in: context)
        #expect((0..<19).contains { y[4, $0].isNaN }, "\(what): output")
      }
    }
  }
}
