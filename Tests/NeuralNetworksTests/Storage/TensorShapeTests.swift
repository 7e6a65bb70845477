// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

/// Layers save exactly the tensors that they declare.
@Suite struct TensorShapeTests {
  private func expectSame(
    _ shapes: [TensorShape], _ layer: any Layer, _ comment: Comment
  ) throws {
    let saved = try layer.tensors().map { TensorShape(name: $0.key, shape: $0.value.shape) }
    #expect(shapes.sorted { $0.name < $1.name } == saved.sorted { $0.name < $1.name }, comment)
    try TensorShape.require(shapes, in: try layer.tensors())
  }

  @Test(arguments: [1, 7], [1, 5]) func dense(inputs: Int, outputs: Int) throws {
    let context = try ComputeContext(threads: 1)
    for bias in [true, false] {
      try expectSame(
        Dense.tensorShapes(name: "d", inputs: inputs, outputs: outputs, bias: bias),
        try Dense(
          name: "d", inputs: inputs, outputs: outputs, bias: bias, seed: 1, in: context),
        "dense \(inputs) to \(outputs), bias \(bias)")
    }
  }

  @Test(arguments: [[], [3], [4, 2, 5]]) func perceptron(hidden: [Int]) throws {
    try expectSame(
      MultilayerPerceptron.tensorShapes(name: "p", inputs: 6, hidden: hidden, outputs: 2),
      try MultilayerPerceptron(
        name: "p", inputs: 6, hidden: hidden, outputs: 2, seed: 1,
        in: ComputeContext(threads: 1)),
      "perceptron \(hidden)")
  }

  @Test(arguments: [1, 9]) func normalizations(features: Int) throws {
    try expectSame(
      BatchNorm.tensorShapes(name: "n", features: features),
      try BatchNorm(name: "n", features: features), "batch norm of \(features)")
    try expectSame(
      LayerNorm.tensorShapes(name: "n", features: features),
      try LayerNorm(name: "n", features: features), "layer norm of \(features)")
  }

  @Test func othersAreRefused() throws {
    let shapes = [TensorShape(name: "a", shape: [2, 3])]
    let values: [Float] = [1, 2, 3, 4, 5, 6]
    for tensors in [
      [:], ["b": Tensor(shape: [2, 3], values: values)],
      ["a": Tensor(shape: [3, 2], values: values)], ["a": Tensor(shape: [6], values: values)],
      ["a": Tensor(shape: [2, 3], values: values.map { $0 == 4 ? .nan : $0 })],
    ] {
      #expect(throws: NeuralNetworkError.self, "\(tensors)") {
        try TensorShape.require(shapes, in: tensors)
      }
    }
  }
}
