// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Initialization")
struct InitializationTests {
  private func dense(
    _ initialization: Initialization, name: String = "layer", seed: UInt64 = 1, threads: Int = 1
  ) throws -> Dense {
    try Dense(
      name: name, inputs: 300, outputs: 100, initialization: initialization, seed: seed,
      in: try ComputeContext(threads: threads))
  }

  @Test("has the spread that it promises", arguments: Initialization.allCases)
  func spread(_ initialization: Initialization) throws {
    let layer = try dense(initialization)
    let weights = layer.weight.value.toArray().map(Double.init)
    let bias = try #require(layer.bias).value.toArray()
    // The variance of a uniform distribution is a third of its bound squared.
    let (variance, bound): (Double, Double) =
      switch initialization {
      case .torchLinear: (1 / (3 * 300.0), 1 / 300.0.squareRoot())
      case .xavierUniform: (2 / 400.0, (6 / 400.0).squareRoot())
      case .kaimingUniform: (2 / 300.0, (6 / 300.0).squareRoot())
      case .lecunNormal: (1 / 300.0, 7 / 300.0.squareRoot())
      case .zero: (0, 0)
      }
    let mean = weights.reduce(0, +) / Double(weights.count)
    let found = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(weights.count)
    // Five standard deviations: of the mean, and of the variance of a normal distribution, which
    // exceeds the uniform one's.
    #expect(abs(mean) <= 5 * (variance / Double(weights.count)).squareRoot(), "mean \(mean)")
    #expect(
      abs(found - variance) <= 5 * variance * (2 / Double(weights.count)).squareRoot(),
      "variance \(found) instead of \(variance)")
    #expect(weights.allSatisfy { abs($0) <= bound * (1 + 1e-6) })
    if initialization == .torchLinear {
      #expect(Set(bias).count > 90)
      #expect(bias.allSatisfy { abs(Double($0)) <= bound * (1 + 1e-6) })
    } else {
      #expect(bias.allSatisfy { $0 == 0 })
    }
  }

  @Test(
    "depends on seed and name, not on the threads",
    arguments: Initialization.allCases.filter { $0 != .zero })
  func reproducible(_ initialization: Initialization) throws {
    let first = bits(try dense(initialization).weight.value)
    for threads in 1...3 {
      #expect(
        bits(try dense(initialization, threads: threads).weight.value) == first,
        "\(threads) threads")
    }
    #expect(bits(try dense(initialization, seed: 2).weight.value) != first)
    #expect(bits(try dense(initialization, name: "other").weight.value) != first)
  }
}
