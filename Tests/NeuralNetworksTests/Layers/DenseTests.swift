// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Dense")
struct DenseTests {
  @Test(
    "agrees with central differences", arguments: NamedActivation.all, [(1, 1), (5, 3), (17, 33)])
  func gradients(_ activation: NamedActivation, _ sizes: (inputs: Int, outputs: Int)) throws {
    let context = try ComputeContext(threads: 1)
    for bias in [true, false] {
      let layer = try Dense(
        name: "dense", inputs: sizes.inputs, outputs: sizes.outputs,
        activation: activation.activation, bias: bias, seed: 5, in: context)
      let x = Matrix.example(rows: 6, columns: sizes.inputs, seed: 1)
      try checkLayer(
        layer, input: x, terms: sizes.inputs + sizes.outputs + 6,
        "\(activation.name) \(sizes), bias \(bias)", in: context
      ) { parameters, x in
        Reference.affine(x, weight: parameters[0], bias: bias ? parameters[1] : nil)
          .map { Reference.activate(activation.activation, $0) }
      }
    }
  }

  @Test("uses new weights as soon as the change is noted")
  func changedWeights() throws {
    let context = try ComputeContext(threads: 1)
    let layer = try Dense(
      name: "dense", inputs: 3, outputs: 2, initialization: .zero, seed: 1, in: context)
    let x = try Matrix([[1, 2, 3]])
    #expect(try layer.forward(x, mode: .inference, in: context).toArray() == [0, 0])
    try layer.weight.load(Tensor(shape: [2, 3], values: [1, 0, 0, 0, 1, 1]))
    #expect(try layer.forward(x, mode: .inference, in: context).toArray() == [1, 5])
    layer.weight.value[0, 0] = 4
    layer.weight.noteChange()
    #expect(try layer.forward(x, mode: .inference, in: context).toArray() == [4, 5])
  }

  @Test("gives a row's result whatever other rows are in the batch")
  func batchIndependence() throws {
    let context = try ComputeContext(threads: 1)
    let layer = try Dense(
      name: "dense", inputs: 9, outputs: 7, activation: .tanh, seed: 2, in: context)
    let x = Matrix.example(rows: 20, columns: 9, seed: 4)
    let whole = try layer.forward(x, mode: .inference, in: context).toArray()
    for rows in [1, 2, 19] {
      let part = try layer.forward(x[rows: 0..<rows], mode: .inference, in: context).toArray()
      #expect(part == Array(whole[..<(rows * 7)]), "\(rows) rows")
    }
  }

  @Test("refuses operands of the wrong shape and a premature backward")
  func errors() throws {
    let context = try ComputeContext(threads: 1)
    let layer = try Dense(name: "dense", inputs: 3, outputs: 2, seed: 1, in: context)
    #expect(throws: NeuralNetworkError.backwardBeforeForward(layer: "dense")) {
      try layer.backward(
        try Matrix(rows: 1, columns: 2), gradients: .skip, inputGradient: true, in: context)
    }
    #expect(throws: NeuralNetworkError.self) {
      try layer.forward(try Matrix(rows: 1, columns: 4), mode: .inference, in: context)
    }
    #expect(throws: NeuralNetworkError.self) {
      try layer.forward(
        try Matrix(rows: 1, columns: 3), mode: .inference, into: try Matrix(rows: 2, columns: 2),
        in: context)
    }
    _ = try layer.forward(try Matrix(rows: 4, columns: 3), mode: .inference, in: context)
    #expect(throws: NeuralNetworkError.self) {
      try layer.backward(
        try Matrix(rows: 3, columns: 2), gradients: .skip, inputGradient: true, in: context)
    }
    #expect(throws: NeuralNetworkError.self) {
      try Dense(name: "dense", inputs: 0, outputs: 2, seed: 1, in: context)
    }
  }
}
