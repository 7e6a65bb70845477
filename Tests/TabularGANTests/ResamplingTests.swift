// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore
import Tabular
import Testing

import TabularGAN
import SeededRandom

/// Choosing rows among candidates by a density ratio.
@Suite struct ResamplingTests {
  /// Of candidates with ratios 1, 2 and 5 each is taken as often as its share says.
  @Test func candidatesAreTakenInProportion() {
    let groups = 20_000
    let logarithms: [Float] = [0, Float(log(2.0)), Float(log(5.0))]
    var counts = [0, 0, 0]
    for row in 0..<groups {
      counts[ImportanceResampling.choice(logarithms: logarithms, row: row, seed: 1)] += 1
    }
    for (count, share) in zip(counts, [0.125, 0.25, 0.625]) {
      // Five standard deviations of a binomial share.
      let bound = 5 * (share * (1 - share) / Double(groups)).squareRoot()
      #expect(
        abs(Double(count) / Double(groups) - share) < bound, "\(counts) of \(groups)")
    }
  }

  /// Logits that say twice too much get a slope of one half.
  @Test(arguments: [0.5, 1.0, 2.0]) func calibrationFindsTheSlope(factor: Double) throws {
    let random = CounterRandom(seed: 4, purpose: .inverse)
    var draws: UInt64 = 0
    func uniform() -> Double {
      draws += 1
      return random.uniform(draws)
    }
    let count = 20_000
    let logits = try Matrix(rows: 2 * count, columns: 1)
    var (real, generated) = (0, 0)
    // Log-odds x of uniform -2...2: a row is real with probability 1 / (1 + exp(-x)).
    while real < count || generated < count {
      let x = uniform() * 4 - 2
      let isReal = uniform() < 1 / (1 + exp(-x))
      if isReal, real < count {
        logits[real, 0] = Float(x * factor)
        real += 1
      } else if !isReal, generated < count {
        logits[count + generated, 0] = Float(x * factor)
        generated += 1
      }
    }
    let calibration = Calibration(logits: logits, real: count)
    #expect(
      abs(calibration.slope * factor - 1) < 0.05, "slope \(calibration.slope) for \(factor)")
  }

  private func model(epochs: Int, candidates: Int = 8) throws -> TabularSynthesizer {
    let (table, schema) = try SampleTables.trips(rows: 2000)
    var configuration = SynthesizerConfiguration(preset: .standard)
    configuration.batchSize = 200
    configuration.resampling?.candidates = candidates
    return try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration,
      budget: TrainingBudget(epochs: epochs), seed: 1, in: ComputeContext(threads: 2))
  }

  /// After five passes the amount fits the kind only roughly; the chosen rows fit better. The share
  /// of rows outside the band of their kind is what the generator gets wrong.
  @Test func chosenRowsAreNearerToTheTable() throws {
    let context = try ComputeContext(threads: 1)
    let model = try model(epochs: 5)
    func outside(_ model: TabularSynthesizer) throws -> Int {
      let made = try model.sample(rows: 0..<2000, seed: 1, in: context)
      guard case .text(let codes, _)? = made["kind"]?.values, let amounts = made["amount"]?.numbers
      else { return .max }
      return zip(codes, amounts).count { abs($1 - (Double($0) * 20 + 10)) > 6 }
    }
    let all = try outside(model.choosing(among: 1))
    let chosen = try outside(model)
    #expect(all > 200, "the generator is too good for this test: \(all) of 2000 outside")
    #expect(
      4 * chosen < 3 * all, "\(chosen) of the chosen rows outside, \(all) without choice")
  }

  @Test func rowsDoNotDependOnTheRangeTheyAreAskedForIn() throws {
    let model = try model(epochs: 1)
    let one = try ComputeContext(threads: 1)
    let two = try ComputeContext(threads: 2)
    let whole = try model.sample(rows: 0..<90, seed: 3, in: one)
    let part = try model.sample(rows: 40..<90, seed: 3, in: two)
    #expect(whole.selecting(rows: Array(40..<90)) == part)
    #expect(try model.choosing(among: 1).sample(rows: 0..<90, seed: 3, in: one) != whole)
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let model = try model(epochs: 1)
    #expect(throws: TrainingError.self) { try model.choosing(among: 0) }
    var configuration = SynthesizerConfiguration(preset: .standard)
    configuration.resampling?.candidates = 0
    #expect(throws: TrainingError.self) { try configuration.validate() }
  }
}
