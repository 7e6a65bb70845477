// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularGAN
import Testing
import TabularEncoding

@Suite struct OutputActivationTests {
  private let spans = [
    OutputSpan(column: 0, offset: 0, width: 1, activation: .linear),
    OutputSpan(column: 1, offset: 1, width: 3, activation: .softmax),
    OutputSpan(column: 2, offset: 4, width: 1, activation: .tanh),
    OutputSpan(column: 3, offset: 5, width: 1, activation: .tanh),
    OutputSpan(column: 4, offset: 6, width: 1, activation: .sigmoid),
    OutputSpan(column: 5, offset: 7, width: 2, activation: .softmax),
  ]

  @Test(arguments: [false, true]) func gradientMatchesCentralDifferences(gumbel: Bool) throws {
    let context = try ComputeContext(threads: 1)
    let activation = OutputActivation(spans: spans, temperature: 0.7)
    let stream = gumbel ? RandomStream(seed: 4, purpose: 1, step: 0) : nil
    let random = RandomStream(seed: 1, purpose: 2, step: 3)
    let logits = try Matrix(rows: 4, columns: 9)
    let weights = try Matrix(rows: 4, columns: 9)
    try context.fillNormal(logits, random: random)
    try context.fillNormal(weights, random: random, firstIndex: 1000)
    let rows = try Matrix(rows: 4, columns: 9)
    func loss() throws -> Double {
      try activation.forward(logits, gumbel: stream, firstIndex: 0, into: rows, in: context)
      return zip(rows.toArray(), weights.toArray()).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    _ = try loss()
    let gradient = try Matrix(rows: 4, columns: 9)
    try activation.backward(weights, output: rows, into: gradient, in: context)
    let step: Float = 1e-2
    for r in 0..<4 {
      for c in 0..<9 {
        let value = logits[r, c]
        logits[r, c] = value + step
        let up = try loss()
        logits[r, c] = value - step
        let down = try loss()
        logits[r, c] = value
        let difference = (up - down) / Double(2 * step)
        // The third derivative of these functions is below 20 at this temperature, so the
        // differences err by less than 20 h^2 / 6; rounding of the sum adds 2^-24 * 20 / h.
        let error = abs(difference - Double(gradient[r, c]))
        #expect(
          error <= 20 * 1e-4 / 6 * 4 + 1.2e-4, "[\(r), \(c)]: \(difference), \(gradient[r, c])")
      }
    }
  }
}
