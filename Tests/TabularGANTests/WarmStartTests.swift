// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularGAN
import Testing

@Suite struct WarmStartTests {
  @Test func positionsAreMatchedByLabel() {
    let map = PositionMap(from: ["a", "b", "c"], to: ["c", "x", "a"])
    #expect(map.sources == [2, nil, 0])
    #expect(map.repeated(2).sources == [2, nil, 0, 5, nil, 3])
    #expect(map.followed(by: PositionMap(identity: 2)).sources == [2, nil, 0, 3, 4])
    #expect(map.extendedByPrefix(oldCount: 5, newCount: 5)?.sources == [0, 1, 4, nil, 2])
    #expect(map.extendedByPrefix(oldCount: 5, newCount: 6) == nil)
  }

  /// Zero further learning: a model begun from another and trained with a rate of zero generates
  /// what the other does.
  @Test func aModelIsTakenOver() throws {
    let context = try ComputeContext(threads: 1)
    let (table, schema) = try SampleTables.trips(rows: 400)
    var configuration = SynthesizerConfiguration(preset: .poster)
    configuration.encoding = .standard
    configuration.batchSize = 100
    let first = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: TrainingBudget(epochs: 1),
      seed: 1, in: context)
    configuration.generatorOptimizer = .rmsprop(learningRate: 0)
    configuration.discriminatorOptimizer = .rmsprop(learningRate: 0)
    let second = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: TrainingBudget(epochs: 1),
      seed: 99, warmStart: first, in: context)
    let fresh = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: TrainingBudget(epochs: 1),
      seed: 99, in: context)
    let rows = 0..<50
    let expected = try first.sample(rows: rows, seed: 3, in: context)
    #expect(try second.sample(rows: rows, seed: 3, in: context) == expected)
    #expect(try fresh.sample(rows: rows, seed: 3, in: context) != expected)
  }

  @Test(arguments: SynthesizerConfiguration.Preset.allCases)
  func aWiderEncodingIsAccepted(preset: SynthesizerConfiguration.Preset) throws {
    let context = try ComputeContext(threads: 1)
    let (table, schema) = try SampleTables.trips(rows: 600)
    let small = table.selecting(rows: (0..<600).filter { $0 % 3 == 0 }.prefix(60).map { $0 })
    var configuration = SynthesizerConfiguration(preset: preset)
    configuration.batchSize = 40
    let budget = TrainingBudget(epochs: 1)
    let first = try TabularSynthesizer.train(
      on: small, schema: SchemaInference.infer(small), configuration: configuration,
      budget: budget, seed: 1, in: context)
    let second = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: budget, seed: 1,
      warmStart: first, in: context)
    #expect(try second.sample(rows: 0..<20, seed: 1, in: context).rowCount == 20)
  }
}
