// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

/// The two kinds of penalty.
enum Penalty: String, CaseIterable, CustomTestStringConvertible, Sendable {
  case wgan, r1

  static let wganWeight: Float = 10
  static let r1Weight: Float = 3

  var testDescription: String { rawValue }

  func evaluate(
    _ network: MultilayerPerceptron, at x: Matrix, mode: Mode, gradients: GradientMode,
    in context: ComputeContext
  ) throws -> Float {
    switch self {
    case .wgan:
      try network.gradientPenalty(
        at: x, weight: Self.wganWeight, mode: mode, gradients: gradients, in: context)
    case .r1:
      try network.squaredGradientPenalty(
        at: x, weight: Self.r1Weight, mode: mode, gradients: gradients, in: context)
    }
  }

  /// The penalty from its definition, in double precision.
  func reference(
    _ parameters: [DoubleMatrix], _ x: DoubleMatrix, activation: Activation,
    masks: [DoubleMatrix?]
  ) -> Double {
    var value = x
    var derivatives: [DoubleMatrix] = []
    for layer in masks.indices {
      let z = Reference.affine(
        value, weight: parameters[2 * layer], bias: parameters[2 * layer + 1])
      var derivative = z.map { Reference.derivative(activation, $0) }
      value = z.map { Reference.activate(activation, $0) }
      if let mask = masks[layer] {
        derivative = derivative.zip(mask) { $0 * $1 }
        value = value.zip(mask) { $0 * $1 }
      }
      derivatives.append(derivative)
    }
    var seed = DoubleMatrix(rows: x.rows, columns: 1) { _, _ in 1 }
    for layer in masks.indices.reversed() {
      seed = seed.times(parameters[2 * layer + 2]).zip(derivatives[layer]) { $0 * $1 }
    }
    let gradient = seed.times(parameters[0])
    let squares = (0..<x.rows).map { row in
      (0..<x.columns).reduce(0) { $0 + gradient[row, $1] * gradient[row, $1] }
    }
    switch self {
    case .wgan:
      let sum = squares.reduce(0) { $0 + ($1.squareRoot() - 1) * ($1.squareRoot() - 1) }
      return Double(Self.wganWeight) * sum / Double(x.rows)
    case .r1:
      return Double(Self.r1Weight) / 2 * squares.reduce(0, +) / Double(x.rows)
    }
  }
}

@Suite("Gradient penalties")
struct GradientPenaltyTests {
  private static let golden = NamedActivation.all.filter {
    ["leaky_relu", "tanh", "sigmoid", "selu"].contains($0.name)
  }

  private func network(
    _ activation: Activation, inputs: Int = 13, hidden: [Int] = [33, 17], dropout: Float = 0,
    in context: ComputeContext
  ) throws -> MultilayerPerceptron {
    try MultilayerPerceptron(
      name: "critic", inputs: inputs, hidden: hidden, activation: activation, dropout: dropout,
      seed: 3, in: context)
  }

  @Test(
    "agree with PyTorch's double backward on every instruction set", arguments: golden,
    Penalty.allCases)
  func goldens(_ activation: NamedActivation, _ penalty: Penalty) throws {
    let context = try ComputeContext(threads: 1)
    let goldens = try Goldens("penalties")
    let network = try network(activation.activation, in: context)
    let names = network.parameters.indices.map {
      "\($0 / 2 * 2).\($0 % 2 == 0 ? "weight" : "bias")"
    }
    for (parameter, name) in zip(network.parameters, names) {
      try goldens.load(parameter, "\(activation.name)/\(name)")
    }
    let prefix = "\(activation.name)/\(penalty.rawValue)"
    // Forward, backward, tangent and (for curved activations) another backward pass.
    let terms = 4 * (13 + 33 + 17)
    for instructionSet in InstructionSet.available {
      let context = try ComputeContext(threads: 2, instructionSet: instructionSet)
      for parameter in network.parameters { parameter.gradient.fill(.nan) }
      let value = try penalty.evaluate(
        network, at: try goldens.matrix("\(activation.name)/x"), mode: .inference,
        gradients: .overwrite, in: context)
      expectClose(
        value, Double(try goldens.tensor(prefix).values[0]), terms: terms,
        "\(instructionSet): value")
      for (parameter, name) in zip(network.parameters, names) {
        expectClose(
          parameter.gradient, try goldens.tensor("\(prefix)/\(name).grad"), terms: terms,
          "\(instructionSet): gradient of \(name)")
      }
    }
  }

  @Test(
    "agree with central differences, with and without dropout", arguments: NamedActivation.all,
    Penalty.allCases)
  func differences(_ activation: NamedActivation, _ penalty: Penalty) throws {
    let context = try ComputeContext(threads: 1)
    for hidden in [[], [6], [9, 5], [4, 17, 3]] {
      for dropout in [0, 0.5] as [Float] {
        let network = try network(
          activation.activation, inputs: 7, hidden: hidden, dropout: dropout, in: context)
        let x = Matrix.example(rows: 4, columns: 7, seed: 2)
        let what = "\(hidden), dropout \(dropout)"
        func run(_ mode: GradientMode) throws -> Float {
          try penalty.evaluate(
            network, at: x, mode: .training(step: 8), gradients: mode, in: context)
        }
        for parameter in network.parameters { parameter.gradient.fill(.nan) }
        let value = try run(.overwrite)
        let masks = network.penaltyPass.applied.map { $0.map { DoubleMatrix($0) } }
        let arguments = network.parameters.map { DoubleMatrix($0.value) }
        let evaluate = { (parameters: [DoubleMatrix]) in
          penalty.reference(
            parameters, DoubleMatrix(x), activation: activation.activation, masks: masks)
        }
        let terms = 4 * (7 + 4 + hidden.reduce(1, +))
        expectClose(value, evaluate(arguments), terms: terms, "\(what): value")
        let expected = FiniteDifference.gradients(at: arguments, evaluate)
        // The largest gradient sets the size of the terms: those of a bias may nearly cancel.
        let size = expected.flatMap(\.values).reduce(0) { max($0, abs($1)) }
        let slack = 1e-7 + Double(terms) * unitRoundoff * size
        for (parameter, gradient) in zip(network.parameters, expected) {
          expectClose(
            parameter.gradient, gradient, terms: terms, slack: slack,
            "\(what): gradient of \(parameter.name)")
        }
        #expect(try run(.accumulate) == value, "\(what): value when accumulating")
        for (parameter, gradient) in zip(network.parameters, expected) {
          expectClose(
            parameter.gradient, gradient.map { 2 * $0 }, terms: terms, slack: 2 * slack,
            "\(what): accumulated gradient of \(parameter.name)")
        }
        let before = network.parameters.map { bits($0.gradient) }
        #expect(try run(.skip) == value, "\(what): value alone")
        #expect(network.parameters.map { bits($0.gradient) } == before, "\(what): skipped")
      }
    }
  }

  @Test("leave the last forward pass as it was", arguments: Penalty.allCases)
  func separateStorage(_ penalty: Penalty) throws {
    let context = try ComputeContext(threads: 1)
    let network = try network(.leakyReLU(slope: 0.2), dropout: 0.5, in: context)
    let x = Matrix.example(rows: 6, columns: 13, seed: 1)
    let dy = Matrix.example(rows: 6, columns: 1, seed: 2)
    _ = try network.forward(x, mode: .training(step: 1), in: context)
    _ = try network.backward(dy, gradients: .overwrite, inputGradient: false, in: context)
    let expected = network.parameters.map { bits($0.gradient) }

    let y = try network.forward(x, mode: .training(step: 1), in: context)
    let result = bits(y)
    _ = try penalty.evaluate(
      network, at: .example(rows: 9, columns: 13, seed: 5), mode: .training(step: 2),
      gradients: .overwrite, in: context)
    #expect(bits(y) == result)
    _ = try network.backward(dy, gradients: .overwrite, inputGradient: false, in: context)
    #expect(network.parameters.map { bits($0.gradient) } == expected)
  }

  @Test("of WGAN-GP is finite where the gradient vanishes")
  func vanishingGradient() throws {
    let context = try ComputeContext(threads: 1)
    let network = try network(.tanh, in: context)
    for parameter in network.parameters {
      parameter.value.fill(0)
      parameter.noteChange()
    }
    let value = try network.gradientPenalty(
      at: .example(rows: 3, columns: 13, seed: 1), weight: 10, mode: .inference,
      gradients: .overwrite, in: context)
    #expect(value == 10)
    #expect(network.parameters.allSatisfy { $0.gradient.toArray().allSatisfy { $0.isFinite } })
  }

  @Test("let a NaN through to their value")
  func notANumber() throws {
    let context = try ComputeContext(threads: 1)
    let network = try network(.leakyReLU(slope: 0.2), in: context)
    network.parameters[2].value[0, 0] = .nan
    network.parameters[2].noteChange()
    for penalty in Penalty.allCases {
      let value = try penalty.evaluate(
        network, at: .example(rows: 3, columns: 13, seed: 1), mode: .inference,
        gradients: .skip, in: context)
      #expect(value.isNaN, "\(penalty.rawValue)")
    }
  }

  @Test("refuse several outputs and an empty batch", arguments: Penalty.allCases)
  func errors(_ penalty: Penalty) throws {
    let context = try ComputeContext(threads: 1)
    let wide = try MultilayerPerceptron(
      name: "critic", inputs: 3, hidden: [4], outputs: 2, seed: 1, in: context)
    #expect(throws: NeuralNetworkError.penaltyNeedsOneOutput(outputs: 2)) {
      try penalty.evaluate(
        wide, at: try Matrix(rows: 1, columns: 3), mode: .inference, gradients: .skip, in: context)
    }
    #expect(throws: NeuralNetworkError.self) {
      try penalty.evaluate(
        try network(.tanh, in: context), at: try Matrix(rows: 0, columns: 13), mode: .inference,
        gradients: .skip, in: context)
    }
  }

  @Test("are taken between the real and the generated row")
  func interpolates() throws {
    let context = try ComputeContext(threads: 1)
    let real = try Matrix(rows: 200, columns: 3)
    let generated = try Matrix(rows: 200, columns: 3)
    real.fill(1)
    generated.fill(-1)
    var interpolates = Interpolates()
    let random = RandomStream(seed: 1, purpose: 2, step: 3)
    let points = try interpolates.points(
      real: real, generated: generated, random: random, in: context)
    let firsts = (0..<200).map { points[$0, 0] }
    #expect(firsts.allSatisfy { abs($0) < 1 })
    #expect((0..<200).allSatisfy { points[$0, 1] == firsts[$0] && points[$0, 2] == firsts[$0] })
    #expect(Set(firsts).count > 190, "Each row has an alpha of its own.")
    let again = try interpolates.points(
      real: real, generated: generated, random: random, in: context)
    #expect((0..<200).map { again[$0, 0] } == firsts)
  }
}
