// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("MultilayerPerceptron")
struct PerceptronTests {
  /// The network in double precision, with the masks that it used.
  static func reference(
    _ parameters: [DoubleMatrix], _ x: DoubleMatrix, activation: Activation,
    masks: [DoubleMatrix?]
  ) -> DoubleMatrix {
    var value = x
    for layer in 0..<(parameters.count / 2) {
      value = Reference.affine(
        value, weight: parameters[2 * layer], bias: parameters[2 * layer + 1])
      guard layer < masks.count else { return value }
      value = value.map { Reference.activate(activation, $0) }
      if let mask = masks[layer] { value = value.zip(mask) { $0 * $1 } }
    }
    return value
  }

  @Test("agrees with PyTorch on every instruction set", arguments: NamedActivation.all)
  func goldens(_ activation: NamedActivation) throws {
    let context = try ComputeContext(threads: 1)
    let goldens = try Goldens("perceptrons")
    let prefix = activation.name
    let network = try MultilayerPerceptron(
      name: "network", inputs: 13, hidden: [33, 17], outputs: 3,
      activation: activation.activation, seed: 1, in: context)
    // In PyTorch's sequence each layer is followed by its activation.
    for (index, parameter) in network.parameters.enumerated() {
      try goldens.load(
        parameter, "\(prefix)/\(index / 2 * 2).\(index % 2 == 0 ? "weight" : "bias")")
    }
    let terms = 13 + 33 + 17 + 9
    // The same network: it must notice that the weights have to be packed differently.
    for instructionSet in InstructionSet.available {
      let context = try ComputeContext(threads: 2, instructionSet: instructionSet)
      let what = "\(instructionSet)"
      let y = try network.forward(
        try goldens.matrix("\(prefix)/x"), mode: .inference, in: context)
      expectClose(y, try goldens.tensor("\(prefix)/y"), terms: terms, "\(what): output")
      let dx = try #require(
        try network.backward(
          try goldens.matrix("\(prefix)/dy"), gradients: .overwrite, inputGradient: true,
          in: context))
      expectClose(dx, try goldens.tensor("\(prefix)/dx"), terms: terms, "\(what): dx")
      for (index, parameter) in network.parameters.enumerated() {
        let name = "\(index / 2 * 2).\(index % 2 == 0 ? "weight" : "bias")"
        expectClose(
          parameter.gradient, try goldens.tensor("\(prefix)/\(name).grad"), terms: terms,
          "\(what): gradient of \(name)")
      }
    }
  }

  @Test(
    "agrees with central differences, with and without dropout", arguments: NamedActivation.all,
    [[], [5], [17, 4], [3, 9, 6]])
  func differences(_ activation: NamedActivation, _ hidden: [Int]) throws {
    let context = try ComputeContext(threads: 1)
    for dropout in [0, 0.5] as [Float] {
      let network = try MultilayerPerceptron(
        name: "network", inputs: 7, hidden: hidden, outputs: 2,
        activation: activation.activation, dropout: dropout, seed: 9, in: context)
      let x = Matrix.example(rows: 5, columns: 7, seed: 2)
      _ = try network.forward(x, mode: .training(step: 3), in: context)
      let masks = network.pass.applied.map { $0.map { DoubleMatrix($0) } }
      #expect(masks.allSatisfy { ($0 != nil) == (dropout > 0) })
      try checkLayer(
        network, input: x, terms: 7 + 5 + hidden.reduce(2, +),
        "\(activation.name) \(hidden), dropout \(dropout)", in: context
      ) {
        Self.reference($0, $1, activation: activation.activation, masks: masks)
      }
    }
  }

  @Test("does not drop anything in inference")
  func inference() throws {
    let context = try ComputeContext(threads: 1)
    let network = try MultilayerPerceptron(
      name: "network", inputs: 7, hidden: [12], dropout: 0.5, seed: 9, in: context)
    let x = Matrix.example(rows: 5, columns: 7, seed: 2)
    let y = try network.forward(x, mode: .inference, in: context)
    let expected = Self.reference(
      network.parameters.map { DoubleMatrix($0.value) }, DoubleMatrix(x),
      activation: network.activation, masks: [nil])
    expectClose(y, expected, terms: 20, "output")
  }

  @Test("equals the same layers in a sequence")
  func sameAsSequence() throws {
    let context = try ComputeContext(threads: 1)
    let network = try MultilayerPerceptron(
      name: "n", inputs: 7, hidden: [12, 5], outputs: 2, activation: .selu, seed: 9,
      in: context)
    let sequence = try Sequential([
      try Dense(name: "n.0", inputs: 7, outputs: 12, activation: .selu, seed: 9, in: context),
      try Dense(name: "n.1", inputs: 12, outputs: 5, activation: .selu, seed: 9, in: context),
      try Dense(name: "n.2", inputs: 5, outputs: 2, seed: 9, in: context),
    ])
    let x = Matrix.example(rows: 6, columns: 7, seed: 2)
    let dy = Matrix.example(rows: 6, columns: 2, seed: 3)
    for layer in [network, sequence] as [any Layer] {
      _ = try layer.forward(x, mode: .training(step: 0), in: context)
      _ = try layer.backward(dy, gradients: .overwrite, inputGradient: false, in: context)
    }
    for (a, b) in zip(network.parameters, sequence.parameters) {
      #expect(bits(a.value) == bits(b.value), "value of \(a.name)")
      #expect(bits(a.gradient) == bits(b.gradient), "gradient of \(a.name)")
    }
  }
}
