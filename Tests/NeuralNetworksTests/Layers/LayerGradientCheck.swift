// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

/// Compares a layer's result and all its gradients with a reference in double precision and central
/// differences of that.
///
/// - Parameters:
///   - terms: the number of terms that are added up on the way to an element.
///   - slack: an absolute allowance for gradients whose terms cancel.
///   - reference: the layer as a function of its parameters, in their order, and its input.
func checkLayer(
  _ layer: any Layer, input x: Matrix, mode: Mode = .training(step: 3), terms: Int,
  slack: Double = 0, _ what: String, in context: ComputeContext,
  reference: ([DoubleMatrix], DoubleMatrix) -> DoubleMatrix
) throws {
  let dy = Matrix.example(rows: x.rows, columns: layer.outputs, seed: 77, size: 1)
  let parameters = layer.parameters.map { DoubleMatrix($0.value) }
  let arguments = parameters + [DoubleMatrix(x)]
  let weights = DoubleMatrix(dy)
  func apply(_ arguments: [DoubleMatrix]) -> DoubleMatrix {
    reference(Array(arguments.dropLast()), arguments[arguments.count - 1])
  }
  let expected = FiniteDifference.gradients(at: arguments) { apply($0).dot(weights) }
  // What central differences themselves are off by.
  let slack = slack + 1e-7

  let y = try layer.forward(x, mode: mode, in: context)
  expectClose(y, apply(arguments), terms: terms, "\(what): output")
  for parameter in layer.parameters { parameter.gradient.fill(.nan) }
  let dx = try #require(
    try layer.backward(dy, gradients: .overwrite, inputGradient: true, in: context))
  expectClose(
    dx, expected[expected.count - 1], terms: terms, slack: slack, "\(what): input gradient")
  for (parameter, gradient) in zip(layer.parameters, expected) {
    expectClose(
      parameter.gradient, gradient, terms: terms, slack: slack,
      "\(what): gradient of \(parameter.name)")
  }

  let without = try layer.backward(dy, gradients: .accumulate, inputGradient: false, in: context)
  #expect(without == nil, "\(what): an input gradient that was not asked for")
  for (parameter, gradient) in zip(layer.parameters, expected) {
    expectClose(
      parameter.gradient, gradient.map { 2 * $0 }, terms: terms, slack: slack,
      "\(what): accumulated gradient of \(parameter.name)")
  }

  let before = layer.parameters.map { bits($0.gradient) }
  let again = try #require(
    try layer.backward(dy, gradients: .skip, inputGradient: true, in: context))
  expectClose(
    again, expected[expected.count - 1], terms: terms, slack: slack,
    "\(what): input gradient alone")
  #expect(
    layer.parameters.map { bits($0.gradient) } == before,
    "\(what): gradients changed although they were to be skipped")
}
