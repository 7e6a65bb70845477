// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Dropout")
struct DropoutTests {
  private func mask(
    threads: Int, seed: UInt64 = 1, name: String = "dropout", step: UInt64 = 4, rate: Float = 0.3
  ) throws -> [Float] {
    let context = try ComputeContext(threads: threads)
    let layer = try Dropout(name: name, features: 37, rate: rate, seed: seed)
    let ones = try Matrix(rows: 501, columns: 37)
    ones.fill(1)
    return try layer.forward(ones, mode: .training(step: step), in: context).toArray()
  }

  @Test("drops the given part and scales the rest", arguments: [0.1, 0.5, 0.9] as [Float])
  func rate(_ rate: Float) throws {
    let mask = try mask(threads: 1, rate: rate)
    #expect(mask.allSatisfy { $0 == 0 || $0 == 1 / (1 - rate) })
    let dropped = Double(mask.count { $0 == 0 }) / Double(mask.count)
    // Five standard deviations of a binomial proportion.
    let bound = 5 * (Double(rate) * (1 - Double(rate)) / Double(mask.count)).squareRoot()
    #expect(abs(dropped - Double(rate)) <= bound, "dropped \(dropped) instead of \(rate)")
  }

  @Test("depends on seed, name and step, not on the threads")
  func reproducible() throws {
    let first = try mask(threads: 1)
    for threads in 2...3 { #expect(try mask(threads: threads) == first, "\(threads) threads") }
    #expect(try mask(threads: 1, seed: 2) != first)
    #expect(try mask(threads: 1, name: "other") != first)
    #expect(try mask(threads: 1, step: 5) != first)
  }

  @Test("gives a row's mask whatever the number of rows")
  func rowsIndependent() throws {
    let context = try ComputeContext(threads: 1)
    let layer = try Dropout(name: "dropout", features: 37, rate: 0.3, seed: 1)
    let ones = try Matrix(rows: 20, columns: 37)
    ones.fill(1)
    let few = try layer.forward(ones, mode: .training(step: 4), in: context).toArray()
    #expect(few == Array(try mask(threads: 1)[..<few.count]))
  }

  @Test("uses the same mask for the gradient, and none in inference")
  func gradient() throws {
    let context = try ComputeContext(threads: 1)
    let layer = try Dropout(name: "dropout", features: 5, rate: 0.5, seed: 1)
    let x = Matrix.example(rows: 8, columns: 5, seed: 3)
    let ones = try Matrix(rows: 8, columns: 5)
    ones.fill(1)
    let factors = DoubleMatrix(
      try layer.forward(ones, mode: .training(step: 3), in: context))
    try checkLayer(layer, input: x, terms: 1, "training", in: context) { _, x in
      x.zip(factors) { $0 * $1 }
    }
    try checkLayer(layer, input: x, mode: .inference, terms: 1, "inference", in: context) { $1 }
  }

  @Test("refuses impossible rates", arguments: [-0.1, 1, 1.5, .nan] as [Float])
  func errors(_ rate: Float) {
    #expect(throws: NeuralNetworkError.self) {
      try Dropout(name: "dropout", features: 5, rate: rate, seed: 1)
    }
  }
}
