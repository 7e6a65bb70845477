// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

/// An optimizer with the settings that a golden was made with.
struct OptimizerCase: CustomTestStringConvertible, Sendable {
  let name: String
  let make: @Sendable () throws -> any Optimizer

  var testDescription: String { name }

  static let all = [
    OptimizerCase(name: "adam") { try Adam(beta1: 0.5, beta2: 0.9) },
    OptimizerCase(name: "adam_decay") { try Adam(weightDecay: 0.1) },
    OptimizerCase(name: "rmsprop") { try RMSprop(smoothing: 0.9) },
    OptimizerCase(name: "rmsprop_decay") { try RMSprop(weightDecay: 0.1) },
  ]
}

@Suite("Optimizers")
struct OptimizerTests {
  @Test("agree with PyTorch over five steps", arguments: OptimizerCase.all)
  func goldens(_ optimizer: OptimizerCase) throws {
    let context = try ComputeContext(threads: 1)
    let goldens = try Goldens("optimizers")
    let parameter = try Parameter(name: "p", rows: 5, columns: 19)
    try goldens.load(parameter, "\(optimizer.name)/initial")
    let stepper = try optimizer.make()
    for step in 0..<5 {
      parameter.gradient.copy(from: try goldens.matrix("\(optimizer.name)/gradient\(step)"))
      let version = parameter.version
      try stepper.step([parameter], learningRate: 1e-2, in: context)
      #expect(parameter.version > version, "The change must be noted.")
      expectClose(
        parameter.value, try goldens.tensor("\(optimizer.name)/value\(step)"), terms: step + 2,
        "value after step \(step)")
    }
  }

  @Test("continue from a saved state with the same bits", arguments: OptimizerCase.all)
  func saving(_ optimizer: OptimizerCase) throws {
    let context = try ComputeContext(threads: 1)
    func makeParameters() -> [Parameter] {
      [try! Parameter(name: "a", rows: 7, columns: 5), try! Parameter(name: "b", count: 9)]
    }
    func advance(
      _ parameters: [Parameter], _ stepper: any Optimizer, steps: Range<UInt64>
    ) throws {
      for step in steps {
        for (index, parameter) in parameters.enumerated() {
          parameter.gradient.copy(
            from: .example(
              rows: parameter.value.rows, columns: parameter.value.columns,
              seed: 10 * step + UInt64(index)))
        }
        try stepper.step(parameters, learningRate: 0.01, in: context)
      }
    }

    let whole = makeParameters()
    let stepper = try optimizer.make()
    try advance(whole, stepper, steps: 0..<6)

    let part = makeParameters()
    let before = try optimizer.make()
    try advance(part, before, steps: 0..<3)
    let state = before.state
    #expect(state.step == 3)
    let file = try Safetensors(decoding: try Safetensors(tensors: state.tensors).encoded())
    let after = try optimizer.make()
    after.state = OptimizerState(step: state.step, tensors: file.tensors)
    #expect(after.state == state, "A state that was set must come back unchanged.")
    try advance(part, after, steps: 3..<6)
    for (a, b) in zip(whole, part) { #expect(bits(a.value) == bits(b.value), "\(a.name)") }
    #expect(after.state == stepper.state)
  }

  @Test("refuse a name twice, and the state of another network", arguments: OptimizerCase.all)
  func errors(_ optimizer: OptimizerCase) throws {
    let context = try ComputeContext(threads: 1)
    let parameter = try Parameter(name: "p", rows: 2, columns: 3)
    #expect(throws: NeuralNetworkError.duplicateName("p")) {
      try optimizer.make().step([parameter, parameter], learningRate: 0.1, in: context)
    }
    let other = try Parameter(name: "p", rows: 4, columns: 3)
    let stepper = try optimizer.make()
    try stepper.step([other], learningRate: 0.1, in: context)
    #expect(throws: NeuralNetworkError.self) {
      try stepper.step([parameter], learningRate: 0.1, in: context)
    }
    let loaded = try optimizer.make()
    loaded.state = stepper.state
    #expect(throws: NeuralNetworkError.self) {
      try loaded.step([parameter], learningRate: 0.1, in: context)
    }
  }

  @Test("leave weights that the next products read", arguments: OptimizerCase.all)
  func products(_ optimizer: OptimizerCase) throws {
    let context = try ComputeContext(threads: 2)
    let stepper = try optimizer.make()
    let layer = try Dense(name: "d", inputs: 37, outputs: 70, seed: 1, in: context)
    let x = Matrix.example(rows: 5, columns: 37, seed: 2)
    let dy = Matrix.example(rows: 5, columns: 70, seed: 3)
    // Some values are read by products, some not, and some are changed by somebody else.
    for step in 0..<8 {
      _ = try layer.forward(x, mode: .training(step: 0), in: context)
      _ = try layer.backward(dy, gradients: .overwrite, inputGradient: true, in: context)
      for _ in 0...step % 3 {
        try stepper.step(layer.parameters, learningRate: 0.1, in: context)
      }
      if step % 4 == 3 {
        layer.weight.value[69, 36] += 1
        layer.weight.noteChange()
      }
      let fresh = try Dense(name: "d", inputs: 37, outputs: 70, seed: 4, in: context)
      try fresh.load(try layer.tensors())
      let results = try [layer, fresh].map { layer in
        let y = try layer.forward(x, mode: .training(step: 0), in: context)
        let dx = try layer.backward(dy, gradients: .skip, inputGradient: true, in: context)
        return [y.toArray(), try #require(dx).toArray()]
      }
      #expect(results[0] == results[1], "after step \(step)")
    }
  }

  @Test("refuse impossible settings")
  func settings() {
    for beta in [-0.1, 1, .nan] as [Float] {
      #expect(throws: NeuralNetworkError.self) { try Adam(beta1: beta) }
      #expect(throws: NeuralNetworkError.self) { try Adam(beta2: beta) }
      #expect(throws: NeuralNetworkError.self) { try RMSprop(smoothing: beta) }
    }
    for value in [-1, .nan, .infinity] as [Float] {
      #expect(throws: NeuralNetworkError.self) { try Adam(epsilon: value) }
      #expect(throws: NeuralNetworkError.self) { try Adam(weightDecay: value) }
      #expect(throws: NeuralNetworkError.self) { try RMSprop(epsilon: value) }
      #expect(throws: NeuralNetworkError.self) { try RMSprop(weightDecay: value) }
    }
  }

  @Test("let a NaN in a gradient through to the value", arguments: OptimizerCase.all)
  func notANumber(_ optimizer: OptimizerCase) throws {
    let context = try ComputeContext(threads: 1)
    let parameter = try Parameter(name: "p", rows: 2, columns: 3)
    parameter.gradient[1, 2] = .nan
    try optimizer.make().step([parameter], learningRate: 0.1, in: context)
    #expect(parameter.value[1, 2].isNaN)
    #expect(parameter.value[1, 1] == 0)
  }
}
