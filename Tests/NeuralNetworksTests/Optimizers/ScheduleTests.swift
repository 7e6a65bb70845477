// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Learning-rate schedules")
struct ScheduleTests {
  @Test("warm up and decay", arguments: LearningRateSchedule.Decay.allCases)
  func shape(_ decay: LearningRateSchedule.Decay) throws {
    let schedule = try LearningRateSchedule(
      base: 0.2, warmupSteps: 4, decay: decay, totalSteps: 104, finalFraction: 0.1)
    expectClose(
      (0..<5).map { schedule.rate(at: $0) }, [0.05, 0.1, 0.15, 0.2, 0.2], terms: 1, "warm-up")
    let (middle, end) =
      switch decay {
      case .constant: (0.2, 0.2)
      case .linear, .cosine: (0.2 * 0.55, 0.02)
      }
    expectClose(schedule.rate(at: 54), middle, terms: 1, "middle")
    for step in [104, 105, 1_000_000] {
      expectClose(schedule.rate(at: step), end, terms: 1, "step \(step)")
    }
    let rates = (4...104).map { schedule.rate(at: $0) }
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 >= $1 }, "It must never rise again.")
    if decay == .cosine {
      // A quarter of the way: (1 + cos(45°)) / 2 of what decays is left.
      expectClose(schedule.rate(at: 29), 0.2 * (0.1 + 0.9 * 0.853553390593), terms: 1, "quarter")
    }
  }

  @Test("refuse impossible settings")
  func errors() {
    for base in [-1, .nan, .infinity] as [Float] {
      #expect(throws: NeuralNetworkError.self) { try LearningRateSchedule(base: base) }
    }
    #expect(throws: NeuralNetworkError.self) {
      try LearningRateSchedule(base: 1, warmupSteps: 10, decay: .linear, totalSteps: 5)
    }
    #expect(throws: NeuralNetworkError.self) {
      try LearningRateSchedule(base: 1, warmupSteps: -1)
    }
    #expect(throws: NeuralNetworkError.self) {
      try LearningRateSchedule(base: 1, decay: .linear, totalSteps: 5, finalFraction: 2)
    }
  }
}
