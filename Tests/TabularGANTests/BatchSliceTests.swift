// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Tabular
import TabularGAN
import Testing
import TabularEncoding

/// Slices of a batch through the discriminator, against the batch as a whole.
@Suite struct BatchSliceTests {
  @Test(arguments: [(1, 1), (511, 1), (512, 1), (513, 2), (8192, 16), (1025, 3)])
  func slicesAreEven(packs: Int, count: Int) {
    let slices = BatchSlices(of: packs)
    #expect(slices.packs.count == count && slices.isWhole == (count == 1))
    #expect(slices.packs.flatMap { Array($0) } == Array(0..<packs))
    let sizes = slices.packs.map(\.count)
    #expect(sizes.max()! <= BatchSlices.maxPacks && sizes.max()! - sizes.min()! <= 1)
    let sum = slices.packs.indices.reduce(0) { $0 + slices.share(of: $1) }
    // As many roundings as slices.
    #expect(!(abs(sum - 1) > Float(count) * Float.ulpOfOne) && !sum.isNaN)
  }

  enum Game: CaseIterable { case relativistic, transcendental, packs, conditional }

  private func configuration(_ game: Game) -> SynthesizerConfiguration {
    var configuration = SynthesizerConfiguration(
      preset: game == .conditional || game == .packs ? .ctgan : .standard)
    configuration.resampling = nil
    configuration.minCategoryShare = 0
    configuration.batchSize = 60
    configuration.precision = .float32
    configuration.generator.hidden = [32]
    configuration.discriminator.hidden = [32, 24]
    configuration.discriminator.dropout = 0
    configuration.conditional = game == .conditional
    configuration.discriminator.rowsPerPack = game == .packs ? 3 : 1
    if game == .transcendental { configuration.discriminator.activation = .tanh }
    // So that the generator's step is against the same discriminator, up to rounding.
    configuration.discriminatorOptimizer = .adam(
      learningRate: 1e-12, beta1: 0, beta2: 0.99, weightDecay: 0)
    return configuration
  }

  /// The first step's losses, and the optimizers' running averages: multiples of the gradients or
  /// of their squares.
  private func step(
    _ game: Game, maxPacks: Int, positionsAnEntry: Int = .max
  ) throws -> TrainingCheckpoint {
    let (table, schema) = try SampleTables.trips(rows: 600)
    let configuration = configuration(game)
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: configuration.encoding, seed: 1)
    let trainer = try GANTrainer(
      table: try encoder.transform(table, seed: 1), monitoring: nil, features: nil,
      configuration: configuration, seed: 1, context: try ComputeContext(threads: 2),
      maxPacks: maxPacks, positionsAnEntry: positionsAnEntry)
    var reached: TrainingCheckpoint?
    _ = try trainer.run(budget: TrainingBudget(epochs: 1)) { event in
      switch event {
      case .step: return .checkpoint
      case .checkpoint(let checkpoint):
        reached = checkpoint
        return .stop
      default: return .proceed
      }
    }
    return try #require(reached)
  }

  /// Sparse real rows go through the same chains as dense ones.
  @Test(arguments: [Game.relativistic, .transcendental, .packs, .conditional], [Int.max / 2, 20])
  func sparseRowsMakeTheSameStep(game: Game, maximum: Int) throws {
    let dense = try step(game, maxPacks: maximum)
    let sparse = try step(game, maxPacks: maximum, positionsAnEntry: 1)
    #expect(sparse.metrics.discriminatorLoss == dense.metrics.discriminatorLoss)
    #expect(sparse.metrics.generatorLoss == dense.metrics.generatorLoss)
    #expect(sparse.tensors == dense.tensors)
  }

  @Test(arguments: Game.allCases, [7, 20])
  func slicesMakeTheStepOfTheWhole(game: Game, maximum: Int) throws {
    let whole = try step(game, maxPacks: .max / 2)
    let sliced = try step(game, maxPacks: maximum)
    // Sums of at most 120 terms in another order; 64 roundings leave room for terms that cancel.
    let accuracy = 64 * Float.ulpOfOne
    for (one, other) in [
      (whole.metrics.discriminatorLoss, sliced.metrics.discriminatorLoss),
      (whole.metrics.generatorLoss, sliced.metrics.generatorLoss),
    ] {
      // The penalties of WGAN-GP are some ten times the loss.
      #expect(!(abs(one - other) > 10 * accuracy * max(abs(one), 1)) && one.isFinite)
    }
    // Some gradients are sums to zero, as those of biases that a mean is taken from: each is held
    // to the greatest of its network.
    var compared = 0
    for kind in ["generator-optimizer/", "discriminator-optimizer/"] {
      for moment in ["first_moment", "second_moment"] {
        let tensors = whole.tensors.filter { $0.key.hasPrefix(kind) && $0.key.hasSuffix(moment) }
        let scale = tensors.values.flatMap(\.values).map(abs).max() ?? 0
        for (name, tensor) in tensors {
          let found = try #require(sliced.tensors[name])
          let error = zip(tensor.values, found.values).map { abs($0 - $1) }.max() ?? 0
          #expect(
            !(error > 2 * accuracy * scale) && error.isFinite, "\(name) \(error) of \(scale)")
          compared += scale > 0 ? 1 : 0
        }
      }
    }
    #expect(compared > 8)
  }
}
