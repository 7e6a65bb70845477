// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularGAN
import Testing

@Suite(.serialized) struct ReproducibilityTests {
  /// Ten steps: every loss and probability.
  private func curve(
    _ preset: SynthesizerConfiguration.Preset, threads: Int, instructionSet: InstructionSet? = nil,
    seed: UInt64 = 5, precision: Precision? = nil
  ) throws -> (losses: [UInt32], rows: Table) {
    let (table, schema) = try SampleTables.trips(rows: 500)
    var configuration = SynthesizerConfiguration(preset: preset)
    configuration.batchSize = 200
    if let precision { configuration.precision = precision }
    let context = try ComputeContext(threads: threads, instructionSet: instructionSet)
    var losses: [UInt32] = []
    let model = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: TrainingBudget(epochs: 5),
      seed: seed, in: context
    ) { event in
      if case .step(let metrics) = event {
        losses += [
          metrics.discriminatorLoss, metrics.generatorLoss, metrics.probabilityReal,
          metrics.probabilityGenerated,
        ].map(\.bitPattern)
      }
      return .proceed
    }
    return (losses, try model.sample(rows: 0..<100, seed: 2, in: context))
  }

  @Test(arguments: SynthesizerConfiguration.Preset.allCases)
  func theSameBitsForAnyThreads(preset: SynthesizerConfiguration.Preset) throws {
    let one = try curve(preset, threads: 1)
    #expect(one.losses.count == 40)
    for threads in [1, 2, 3] {
      let other = try curve(preset, threads: threads)
      #expect(other.losses == one.losses, "\(preset), \(threads) threads")
      #expect(other.rows == one.rows, "\(preset), \(threads) threads")
    }
    #expect(try curve(preset, threads: 1, seed: 6).losses != one.losses)
  }

  @Test(.enabled(if: InstructionSet.available.contains(.avx512), "this machine has no AVX-512"))
  func theSameBitsOnAVX2AndAVX512() throws {
    for preset in SynthesizerConfiguration.Preset.allCases {
      let half = try curve(preset, threads: 2, instructionSet: .avx2, precision: .float32)
      let wide = try curve(preset, threads: 2, instructionSet: .avx512, precision: .float32)
      #expect(half.losses == wide.losses, "\(preset)")
    }
  }

  @Test func aRowDependsOnSeedAndPositionAlone() throws {
    let (table, schema) = try SampleTables.trips(rows: 300)
    let context = try ComputeContext(threads: 2)
    var configuration = SynthesizerConfiguration(preset: .ctgan)
    configuration.batchSize = 100
    let model = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: TrainingBudget(epochs: 1),
      seed: 1, in: context)
    let whole = try model.sample(rows: 0..<300, seed: 8, in: context)
    for range in [0..<1, 7..<100, 100..<300] {
      let part = try model.sample(rows: range, seed: 8, in: context)
      #expect(part["amount"] == whole.selecting(rows: Array(range))["amount"], "\(range)")
      #expect(part["when"] == whole.selecting(rows: Array(range))["when"], "\(range)")
    }
    #expect(try model.sample(rows: 0..<300, seed: 9, in: context) != whole)
  }
}
