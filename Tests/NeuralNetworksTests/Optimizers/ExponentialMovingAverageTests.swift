// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Exponential moving average")
struct ExponentialMovingAverageTests {
  @Test("follows the parameters with the warm-up of its decay")
  func recurrence() throws {
    let context = try ComputeContext(threads: 2)
    let parameter = try Parameter(name: "a", rows: 3, columns: 5)
    let average = try ExponentialMovingAverage(of: [parameter], decay: 0.4)
    var expected = DoubleMatrix(parameter.value)
    for update in 0..<20 {
      parameter.value.copy(from: .example(rows: 3, columns: 5, seed: UInt64(update)))
      average.update(in: context)
      let kept = min(0.4, Double(1 + update) / Double(10 + update))
      expected = expected.zip(DoubleMatrix(parameter.value)) { kept * $0 + (1 - kept) * $1 }
    }
    let tensor = try #require(average.tensors["a"])
    expectClose(tensor.values, expected.values, terms: 6, "average")
    #expect(tensor.shape == [3, 5])
    #expect(average.updates == 20)
  }

  @Test("lends the averages to the parameters and gives their values back, even after an error")
  func exchange() throws {
    struct Failure: Error {}
    let parameter = try Parameter(name: "a", count: 3)
    let average = try ExponentialMovingAverage(of: [parameter], decay: 0.9)
    parameter.value.fill(5)
    let version = parameter.version
    let inside = average.withAverages { parameter.value.toArray() }
    #expect(inside == [0, 0, 0])
    #expect(parameter.value.toArray() == [5, 5, 5])
    #expect(parameter.version >= version + 2, "Layers must notice both changes.")
    #expect(throws: Failure.self) { try average.withAverages { throw Failure() } }
    #expect(parameter.value.toArray() == [5, 5, 5])
  }

  @Test("continues from a saved state")
  func saving() throws {
    let context = try ComputeContext(threads: 2)
    let parameter = try Parameter(name: "a", count: 4)
    let whole = try ExponentialMovingAverage(of: [parameter], decay: 0.9)
    for update in 0..<3 {
      parameter.value.fill(Float(update))
      whole.update(in: context)
    }
    let restored = try ExponentialMovingAverage(of: [parameter], decay: 0.9)
    try restored.load(whole.tensors, updates: whole.updates)
    parameter.value.fill(7)
    whole.update(in: context)
    restored.update(in: context)
    #expect(whole.tensors == restored.tensors)
    #expect(throws: NeuralNetworkError.missingTensor("a")) { try restored.load([:], updates: 0) }
  }

  @Test("refuses impossible decays and two parameters of one name")
  func errors() throws {
    let parameter = try Parameter(name: "a", count: 4)
    for decay in [-0.1, 1, .nan] as [Float] {
      #expect(throws: NeuralNetworkError.self) {
        try ExponentialMovingAverage(of: [parameter], decay: decay)
      }
    }
    #expect(throws: NeuralNetworkError.duplicateName("a")) {
      try ExponentialMovingAverage(of: [parameter, parameter], decay: 0.9)
    }
  }
}
