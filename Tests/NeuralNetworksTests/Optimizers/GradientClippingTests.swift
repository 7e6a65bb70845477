// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Gradient clipping")
struct GradientClippingTests {
  private let context: ComputeContext

  init() throws {
    context = try ComputeContext(threads: 2)
  }

  private func parameters(_ goldens: Goldens) throws -> [Parameter] {
    let parameters = [
      try Parameter(name: "a", rows: 4, columns: 7), try Parameter(name: "b", count: 7),
    ]
    for (index, parameter) in parameters.enumerated() {
      parameter.gradient.copy(from: try goldens.matrix("clip/\(index)"))
    }
    return parameters
  }

  @Test("agrees with PyTorch")
  func goldens() throws {
    let goldens = try Goldens("optimizers")
    let parameters = try parameters(goldens)
    let norm = try GradientClipping.clip(parameters, maximum: 1.5, in: context)
    expectClose(
      Float(norm), Double(try goldens.tensor("clip/norm").values[0]), terms: 1, "norm")
    for (index, parameter) in parameters.enumerated() {
      expectClose(
        parameter.gradient, try goldens.tensor("clip/\(index).clipped"), terms: 2,
        "gradient of \(parameter.name)")
    }
    #expect(try abs(GradientClipping.norm(of: parameters, in: context) - 1.5) < 1e-5)
  }

  @Test("leaves short gradients alone")
  func short() throws {
    let parameters = try parameters(try Goldens("optimizers"))
    let before = parameters.map { bits($0.gradient) }
    try GradientClipping.clip(parameters, maximum: 1000, in: context)
    #expect(parameters.map { bits($0.gradient) } == before)
  }

  @Test("does not overflow")
  func large() throws {
    let parameter = try Parameter(name: "a", count: 20)
    parameter.gradient.fill(1e30)
    let norm = try GradientClipping.clip([parameter], maximum: 1, in: context)
    #expect(abs(norm / (1e30 * 20.0.squareRoot()) - 1) < 1e-6)
    #expect(try abs(GradientClipping.norm(of: [parameter], in: context) - 1) < 1e-6)
  }

  @Test("names the gradient that is not finite", arguments: [.nan, .infinity] as [Float])
  func notFinite(_ value: Float) throws {
    let parameters = try parameters(try Goldens("optimizers"))
    parameters[1].gradient[0, 6] = value
    let before = parameters.map { bits($0.gradient) }
    #expect(throws: NeuralNetworkError.nonFinite("The gradient of 'b'")) {
      try GradientClipping.clip(parameters, maximum: 1, in: context)
    }
    #expect(parameters.map { bits($0.gradient) } == before)
  }
}
