// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Sequential and ResidualConcatenation")
struct CompositionTests {
  private func residualNetwork(
    _ context: ComputeContext, normalized: Bool = true
  ) throws -> Sequential {
    func block(_ index: Int, _ inputs: Int, _ outputs: Int) throws -> ResidualConcatenation {
      try ResidualConcatenation([
        try Dense(name: "\(index).fc", inputs: inputs, outputs: outputs, seed: 1, in: context),
        normalized
          ? try BatchNorm(name: "\(index).bn", features: outputs, activation: .relu)
          : try LayerNorm(name: "\(index).bn", features: outputs, activation: .tanh),
      ])
    }
    return try Sequential([
      try block(0, 6, 17), try block(1, 23, 9),
      try Dense(name: "2", inputs: 32, outputs: 5, seed: 1, in: context),
    ])
  }

  @Test("a residual generator agrees with PyTorch")
  func goldens() throws {
    let context = try ComputeContext(threads: 1)
    let goldens = try Goldens("residual_network")
    let network = try residualNetwork(context)
    for parameter in network.parameters { try goldens.load(parameter, "network/\(parameter.name)") }
    let y = try network.forward(
      try goldens.matrix("x"), mode: .training(step: 0), in: context)
    // Normalization multiplies errors by the inverse of a deviation, about 2 in each block.
    let terms = 4 * (6 + 23 + 32 + 2 * 14)
    expectClose(y, try goldens.tensor("y"), terms: terms, "output")
    let dx = try #require(
      try network.backward(
        try goldens.matrix("dy"), gradients: .overwrite, inputGradient: true, in: context))
    expectClose(dx, try goldens.tensor("dx"), terms: terms, "dx")
    for parameter in network.parameters {
      let expected = try goldens.tensor("network/\(parameter.name).grad")
      // A bias before a batch normalization has no effect: its gradient is rounding alone.
      let vanishes = parameter.name.hasSuffix("fc.bias")
      expectClose(
        parameter.gradient, expected, terms: terms, slack: vanishes ? 1e-5 : 0,
        "gradient of \(parameter.name)")
    }
    for buffer in network.buffers {
      expectClose(
        buffer.value, try goldens.tensor("network/\(buffer.name)"), terms: terms, buffer.name)
    }
  }

  @Test("computes no more of a gradient than is wanted", arguments: [0, 1, 4, 6], [true, false])
  func inputColumns(wanted: Int, normalized: Bool) throws {
    let context = try ComputeContext(threads: 2)
    let network = try residualNetwork(context, normalized: normalized)
    _ = try network.forward(
      .example(rows: 9, columns: 6, seed: 1), mode: .training(step: 0), in: context)
    let dy = Matrix.example(rows: 9, columns: 5, seed: 2)
    let whole = try #require(
      try network.backward(dy, gradients: .overwrite, inputGradient: true, in: context))
    let expected = bits(whole[columns: 0..<wanted])
    let gradients = network.parameters.map { bits($0.gradient) }
    let part = try network.backward(
      dy, gradients: .overwrite, inputColumns: wanted, in: context)
    #expect(part.map(bits) ?? [] == expected)
    #expect(network.parameters.map { bits($0.gradient) } == gradients)
  }

  @Test("dense layers in a row give the bits that they give one by one", arguments: [0, 3, 6])
  func folded(wanted: Int) throws {
    let context = try ComputeContext(threads: 2)
    let activations: [Activation] = [.relu, .tanh, .identity, .leakyReLU(slope: 0.1), .selu]
    let widths = [6, 17, 40, 33, 9, 5]
    let layers = try activations.enumerated().map { index, activation in
      try Dense(
        name: "\(index)", inputs: widths[index], outputs: widths[index + 1],
        activation: activation, seed: 1, in: context)
    }
    let network = try Sequential(layers)
    _ = try network.forward(
      .example(rows: 9, columns: 6, seed: 1), mode: .training(step: 0), in: context)
    let dy = Matrix.example(rows: 9, columns: 5, seed: 2)
    var gradient: Matrix? = dy
    for (index, layer) in layers.enumerated().reversed() {
      gradient = try layer.backward(
        try #require(gradient), gradients: .overwrite,
        inputColumns: index == 0 ? wanted : layer.inputs, in: context)
    }
    let expected = gradient.map(bits) ?? []
    let gradients = network.parameters.map { bits($0.gradient) }
    for parameter in network.parameters { parameter.gradient.fill(7) }
    let result = try network.backward(
      dy, gradients: .overwrite, inputColumns: wanted, in: context)
    #expect(result.map(bits) ?? [] == expected)
    #expect(network.parameters.map { bits($0.gradient) } == gradients)
  }

  @Test("agrees with central differences")
  func differences() throws {
    let context = try ComputeContext(threads: 1)
    let network = try residualNetwork(context, normalized: false)
    let x = Matrix.example(rows: 4, columns: 6, seed: 5)
    try checkLayer(network, input: x, terms: 800, "residual", in: context) { parameters, x in
      var value = x
      for block in 0..<2 {
        let p = Array(parameters[(4 * block)..<(4 * block + 4)])
        let z = Reference.layerNorm(
          Reference.affine(value, weight: p[0], bias: p[1]), weight: p[2], bias: p[3])
        value = Reference.concatenate(z.map { Reference.activate(.tanh, $0) }, value)
      }
      return Reference.affine(value, weight: parameters[8], bias: parameters[9])
    }
  }

  @Test("puts the input unchanged beside the inner result")
  func layout() throws {
    let context = try ComputeContext(threads: 1)
    let block = try ResidualConcatenation([
      try Dense(
        name: "inner", inputs: 3, outputs: 2, initialization: .zero, seed: 1, in: context)
    ])
    let x = try Matrix([[1, 2, 3], [4, 5, 6]])
    let y = try block.forward(x, mode: .inference, in: context)
    #expect(y.toArray() == [0, 0, 1, 2, 3, 0, 0, 4, 5, 6])
  }

  @Test("a batch of another size gives right results, and the first size again the same")
  func changingBatch() throws {
    let context = try ComputeContext(threads: 1)
    let network = try residualNetwork(context, normalized: false)
    func run(_ rows: Int) throws -> [UInt32] {
      let x = Matrix.example(rows: rows, columns: 6, seed: UInt64(rows))
      let dy = Matrix.example(rows: rows, columns: 5, seed: 3)
      let y = try network.forward(x, mode: .training(step: 0), in: context)
      let dx = try #require(
        try network.backward(dy, gradients: .overwrite, inputGradient: true, in: context))
      return bits(y) + bits(dx) + network.parameters.flatMap { bits($0.gradient) }
    }
    let first = try [8, 3, 20].map(run)
    #expect(try [20, 3, 8].map(run).reversed() == first)
  }

  @Test("refuses layers that do not fit")
  func errors() throws {
    let context = try ComputeContext(threads: 1)
    #expect(throws: NeuralNetworkError.self) {
      try Sequential([
        try Dense(name: "a", inputs: 3, outputs: 2, seed: 1, in: context),
        try Dense(name: "b", inputs: 3, outputs: 2, seed: 1, in: context),
      ])
    }
  }

  @Test("saves and restores parameters and running statistics")
  func saving() throws {
    let context = try ComputeContext(threads: 1)
    let network = try residualNetwork(context)
    let x = Matrix.example(rows: 9, columns: 6, seed: 8)
    _ = try network.forward(x, mode: .training(step: 0), in: context)
    let saved = try network.tensors()
    let expected = bits(try network.forward(x, mode: .inference, in: context))

    let restored = try residualNetwork(context)
    for parameter in restored.parameters {
      parameter.value.fill(0)
      parameter.noteChange()
    }
    try restored.load(saved)
    #expect(bits(try restored.forward(x, mode: .inference, in: context)) == expected)

    var damaged = saved
    damaged["2.bias"] = nil
    #expect(throws: NeuralNetworkError.missingTensor("2.bias")) { try restored.load(damaged) }
    damaged["2.bias"] = Tensor(shape: [4], values: [0, 0, 0, 0])
    #expect(
      throws: NeuralNetworkError.tensorShapeMismatch(name: "2.bias", expected: [5], found: [4])
    ) { try restored.load(damaged) }
    damaged["0.fc.weight"] = Tensor(shape: [17, 6], values: Array(repeating: 9, count: 102))
    damaged["2.bias"] = Tensor(shape: [5], values: [0, 0, .nan, 0, 0])
    #expect(throws: NeuralNetworkError.nonFinite("The saved tensor '2.bias'")) {
      try restored.load(damaged)
    }
    #expect(
      bits(try restored.forward(x, mode: .inference, in: context)) == expected,
      "A failed load must change nothing.")
  }

  @Test("refuses to save two parameters of one name")
  func duplicateNames() throws {
    let context = try ComputeContext(threads: 1)
    let network = try Sequential([
      try Dense(name: "a", inputs: 3, outputs: 3, seed: 1, in: context),
      try Dense(name: "a", inputs: 3, outputs: 3, seed: 1, in: context),
    ])
    #expect(throws: NeuralNetworkError.duplicateName("a.weight")) { try network.tensors() }
  }
}
