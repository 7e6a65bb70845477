// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Batch and layer normalization")
struct NormalizationTests {
  private func setUp(_ parameters: [Parameter]) {
    for (index, parameter) in parameters.enumerated() {
      let values = Matrix.example(
        rows: 1, columns: parameter.value.columns, seed: UInt64(index) + 9, size: 0.5, shift: 1)
      parameter.value.copy(from: values)
      parameter.noteChange()
    }
  }

  @Test(
    "BatchNorm agrees with central differences", arguments: NamedActivation.all,
    [(2, 3), (9, 1), (40, 17)])
  func batchNorm(_ activation: NamedActivation, _ sizes: (rows: Int, features: Int)) throws {
    let context = try ComputeContext(threads: 1)
    let layer = try BatchNorm(
      name: "norm", features: sizes.features, activation: activation.activation)
    setUp(layer.parameters)
    let x = Matrix.example(rows: sizes.rows, columns: sizes.features, seed: 21, shift: 2)
    try checkLayer(
      // With two rows the normalized values are ±1, and terms of order 10 all but cancel in their
      // derivative.
      layer, input: x, terms: sizes.rows * 10, slack: sizes.rows == 2 ? 20 * unitRoundoff : 0,
      "\(activation.name) \(sizes)", in: context
    ) { parameters, x in
      Reference.batchNorm(x, weight: parameters[0], bias: parameters[1])
        .map { Reference.activate(activation.activation, $0) }
    }
  }

  @Test("LayerNorm agrees with central differences", arguments: NamedActivation.all, [3, 16, 37])
  func layerNorm(_ activation: NamedActivation, _ features: Int) throws {
    let context = try ComputeContext(threads: 1)
    let layer = try LayerNorm(
      name: "norm", features: features, activation: activation.activation)
    setUp(layer.parameters)
    let x = Matrix.example(rows: 5, columns: features, seed: 22, shift: 2)
    try checkLayer(
      layer, input: x, terms: 10 * features, "\(activation.name) \(features)", in: context
    ) { parameters, x in
      Reference.layerNorm(x, weight: parameters[0], bias: parameters[1])
        .map { Reference.activate(activation.activation, $0) }
    }
  }

  @Test("BatchNorm agrees with PyTorch over two steps and in inference")
  func batchNormGoldens() throws {
    let context = try ComputeContext(threads: 1)
    let goldens = try Goldens("normalizations")
    let layer = try BatchNorm(name: "norm", features: 19)
    try goldens.load(layer.weight, "batch/weight")
    try goldens.load(layer.bias, "batch/bias")
    for step in 0..<2 {
      let x = try goldens.matrix("batch/x\(step)")
      let y = try layer.forward(x, mode: .training(step: UInt64(step)), in: context)
      expectClose(y, try goldens.tensor("batch/y\(step)"), terms: 24, "output of step \(step)")
      let dx = try #require(
        try layer.backward(
          try goldens.matrix("batch/dy\(step)"), gradients: .overwrite, inputGradient: true,
          in: context))
      expectClose(dx, try goldens.tensor("batch/dx\(step)"), terms: 24, "dx of step \(step)")
      for (parameter, name) in [(layer.weight, "weight"), (layer.bias, "bias")] {
        expectClose(
          parameter.gradient, try goldens.tensor("batch\(step)/\(name).grad"), terms: 24,
          "\(name) gradient of step \(step)")
      }
      for (buffer, name) in [
        (layer.runningMean, "running_mean"), (layer.runningVariance, "running_var"),
      ] {
        expectClose(
          buffer.value, try goldens.tensor("batch/\(name)\(step)"), terms: 12,
          "\(name) after step \(step)")
      }
    }
    let y = try layer.forward(
      try goldens.matrix("batch/x_inference"), mode: .inference, in: context)
    expectClose(y, try goldens.tensor("batch/y_inference"), terms: 12, "output in inference")
    let dx = try #require(
      try layer.backward(
        try goldens.matrix("batch/dy_inference"), gradients: .skip, inputGradient: true,
        in: context))
    expectClose(dx, try goldens.tensor("batch/dx_inference"), terms: 12, "dx in inference")
  }

  @Test("LayerNorm agrees with PyTorch")
  func layerNormGoldens() throws {
    let context = try ComputeContext(threads: 1)
    let goldens = try Goldens("normalizations")
    let layer = try LayerNorm(name: "norm", features: 37)
    try goldens.load(layer.weight, "layer/weight")
    try goldens.load(layer.bias, "layer/bias")
    let y = try layer.forward(try goldens.matrix("layer/x"), mode: .inference, in: context)
    expectClose(y, try goldens.tensor("layer/y"), terms: 74, "output")
    let dx = try #require(
      try layer.backward(
        try goldens.matrix("layer/dy"), gradients: .overwrite, inputGradient: true, in: context))
    expectClose(dx, try goldens.tensor("layer/dx"), terms: 74, "dx")
    expectClose(
      layer.weight.gradient, try goldens.tensor("layer/weight.grad"), terms: 74, "weight gradient")
    expectClose(
      layer.bias.gradient, try goldens.tensor("layer/bias.grad"), terms: 74, "bias gradient")
  }

  @Test("BatchNorm keeps its precision far from zero and over many rows")
  func offsetData() throws {
    let context = try ComputeContext(threads: 1)
    let layer = try BatchNorm(name: "norm", features: 2)
    let rows = 5000
    let x = try Matrix(rows: rows, columns: 2)
    for row in 0..<rows {
      x[row, 0] = 1000 + Float(row % 7)
      x[row, 1] = -4096
    }
    let y = try layer.forward(x, mode: .training(step: 0), in: context)
    let expected = Reference.batchNorm(
      DoubleMatrix(x), weight: DoubleMatrix(rows: 1, columns: 2) { _, _ in 1 },
      bias: DoubleMatrix(rows: 1, columns: 2))
    // x itself has half a unit in the last place of 1000, 3e-5, of a deviation of 2.
    expectClose(y, expected, terms: 400, "normalized values")
    #expect((0..<rows).allSatisfy { y[$0, 1] == 0 }, "A constant column must become zero.")
  }

  @Test("BatchNorm refuses to train on one row")
  func oneRow() throws {
    let context = try ComputeContext(threads: 1)
    let layer = try BatchNorm(name: "norm", features: 2)
    #expect(
      throws: NeuralNetworkError.batchTooSmall(operation: "Training norm", rows: 1, minimum: 2)
    ) {
      try layer.forward(try Matrix(rows: 1, columns: 2), mode: .training(step: 0), in: context)
    }
    #expect(throws: Never.self) {
      try layer.forward(try Matrix(rows: 1, columns: 2), mode: .inference, in: context)
    }
  }
}
