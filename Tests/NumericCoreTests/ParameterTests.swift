// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Testing

@Suite("Parameters outside their ranges")
struct ParameterTests {
  private static let adam = AdamHyperparameters(
    learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0)
  private static let rmsprop = RMSpropHyperparameters(
    learningRate: 1e-3, smoothing: 0.9, epsilon: 1e-8, weightDecay: 0)

  struct Fault: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The name and the value that the message must contain.
    var says: String
    var run: @Sendable (ComputeContext) throws -> Void
  }

  private static func adam(
    _ name: String, _ says: String, step: Int = 1,
    _ change: @Sendable @escaping (inout AdamHyperparameters) -> Void
  ) -> Fault {
    Fault(testDescription: "Adam, \(name)", says: says) { context in
      let m = (0..<4).map { _ in try! Matrix(rows: 2, columns: 3) }
      var parameters = adam
      change(&parameters)
      try context.adamStep(
        value: m[0], gradient: m[1], firstMoment: m[2], secondMoment: m[3],
        hyperparameters: parameters, step: step)
    }
  }

  private static func rmsprop(
    _ name: String, _ says: String,
    _ change: @Sendable @escaping (inout RMSpropHyperparameters) -> Void
  ) -> Fault {
    Fault(testDescription: "RMSprop, \(name)", says: says) { context in
      let m = (0..<3).map { _ in try! Matrix(rows: 2, columns: 3) }
      var parameters = rmsprop
      change(&parameters)
      try context.rmspropStep(
        value: m[0], gradient: m[1], secondMoment: m[2], hyperparameters: parameters)
    }
  }

  static let faults = [
    adam("learning rate", "learning rate is nan") { $0.learningRate = .nan },
    adam("learning rate", "learning rate is -0.1") { $0.learningRate = -0.1 },
    adam("beta1", "beta1 is 1.0") { $0.beta1 = 1 },
    adam("beta2", "beta2 is -0.5") { $0.beta2 = -0.5 },
    adam("epsilon", "epsilon is inf") { $0.epsilon = .infinity },
    adam("weight decay", "weight decay is nan") { $0.weightDecay = .nan },
    adam("step", "step is 0", step: 0) { _ in },
    rmsprop("smoothing", "smoothing is 1.5") { $0.smoothing = 1.5 },
    rmsprop("learning rate", "learning rate is inf") { $0.learningRate = .infinity },
    Fault(testDescription: "slope", says: "slope is 2.0") { context in
      let x = try! Matrix(rows: 2, columns: 3)
      try context.activationForward(x, activation: .leakyReLU(slope: 2), into: x)
    },
    Fault(testDescription: "slope of a product", says: "slope is nan") { context in
      let (x, w, y) = (
        try! Matrix(rows: 2, columns: 3), try! Matrix(rows: 4, columns: 3),
        try! Matrix(rows: 2, columns: 4)
      )
      try context.denseForward(
        x, weights: w, bias: nil, activation: .leakyReLU(slope: .nan), into: y)
    },
    Fault(testDescription: "temperature", says: "temperature is 0.0") { context in
      let x = try! Matrix(rows: 2, columns: 3)
      try context.softmax(x, spans: [], temperature: 0, into: x)
    },
    Fault(testDescription: "batch of one row", says: "A batch of 1 rows") { context in
      let (x, v) = (
        try! Matrix(rows: 1, columns: 3), (0..<5).map { _ in try! Matrix(rows: 1, columns: 3) }
      )
      try context.batchNormForward(
        x, weight: v[0], bias: v[1], epsilon: 1e-5, activation: .identity, mean: v[2],
        variance: v[3], inverseDeviation: v[4], into: x)
    },
  ]

  @Test("The message has the parameter's name, its value and its range", arguments: faults)
  func named(fault: Fault) throws {
    let context = try ComputeContext(threads: 1)
    let error = #expect(throws: NumericError.self) { try fault.run(context) }
    let text = error?.description ?? ""
    #expect(text.contains(fault.says) && text.contains(" but "), "\(text)")
    #expect(!text.contains("outside its range"), "\(text)")
  }
}
