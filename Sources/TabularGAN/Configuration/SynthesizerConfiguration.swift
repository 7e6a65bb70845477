// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import Tabular
import TabularEncoding

/// Everything that decides how a table is learned, apart from the table and the seed.
///
/// A configuration is a value: start from a preset, change what you like, and it is stored with the
/// model. Each part is a piece of its own, so that a study can swap one and keep the rest.
public struct SynthesizerConfiguration: Sendable, Codable, Equatable {
  /// Configurations with a name.
  public enum Preset: String, CaseIterable, Sendable, Codable {
    /// CTGAN's published defaults (Xu et al., "Modeling Tabular Data using Conditional GAN", 2019).
    case ctgan
    /// The poster's networks: small SELU layers, RMSprop, binary cross-entropy.
    case poster
    /// What this project found to work best.
    case standard = "default"
  }

  /// The preset that it was made from, whatever was changed since.
  public var preset: Preset
  /// How columns become numbers.
  public var encoding: EncodingConfiguration
  /// The form of the generator.
  public var generator: GeneratorConfiguration
  /// The form of the discriminator.
  public var discriminator: DiscriminatorConfiguration
  /// What the two networks minimize.
  public var objective: Objective
  /// The optimizer of the generator's weights.
  public var generatorOptimizer: OptimizerConfiguration
  /// The optimizer of the discriminator's weights.
  public var discriminatorOptimizer: OptimizerConfiguration
  /// How the learning rates fall over the run.
  public var decay: LearningRateSchedule.Decay
  /// Rows of real data in a step; a multiple of the discriminator's rows per pack.
  public var batchSize: Int
  /// Epochs where the caller sets no budget of its own.
  public var epochs: Int
  /// The fewest steps where the caller sets no budget: a small table is gone through more often.
  public var minSteps: Int = 0
  /// Discriminator steps for each generator step.
  public var discriminatorSteps: Int
  /// Whether the generator is conditioned on one category of one categorical column and real rows
  /// are drawn to match.
  public var conditional: Bool
  /// The share of a batch's real rows that rarer categories are brought to, as far as
  /// ``RareCategorySampler`` goes; 0 to draw all rows alike. Only where rows are chosen by a
  /// density ratio (``resampling``), which restores the shares, and without conditions.
  public var minCategoryShare: Double = 0
  /// With monitoring rows, the share of its judgment that the discriminator may lack on them
  /// (``OverfittingMonitor``) before training ends early; nil to train on. Only without conditions.
  public var overfittingLimit: Float?
  /// Temperature of the Gumbel-softmax on one-hot spans.
  public var temperature: Float
  /// Whether the Gumbel noise is added while training (as CTGAN does); without it spans are plain
  /// softmax.
  public var gumbelNoise: Bool
  /// What the networks' products are made of; weights, sums, losses and normalizations are `Float`.
  public var precision: Precision = .float32
  /// How sampled rows are chosen among generated ones; nil to take every generated row.
  public var resampling: ResamplingConfiguration?
  /// Decay of the moving average of the generator's weights that rows are sampled from; nil for
  /// none.
  public var averaging: Float?

  /// The settings of a preset.
  public init(preset: Preset) {
    self.preset = preset
    switch preset {
    case .ctgan:
      encoding = .ctgan
      generator = GeneratorConfiguration(
        noiseWidth: 128, hidden: [256, 256], architecture: .residual, normalization: .batch,
        activation: .relu, initialization: .torchLinear)
      discriminator = DiscriminatorConfiguration(
        hidden: [256, 256], activation: .leakyReLU, dropout: 0.5, rowsPerPack: 10,
        initialization: .torchLinear)
      objective = Objective(loss: .wasserstein, gradientPenalty: 10)
      generatorOptimizer = .adam(learningRate: 2e-4, beta1: 0.5, beta2: 0.9, weightDecay: 1e-6)
      discriminatorOptimizer = .adam(learningRate: 2e-4, beta1: 0.5, beta2: 0.9, weightDecay: 0)
      decay = .constant
      batchSize = 500
      epochs = 300
      discriminatorSteps = 1
      conditional = true
      temperature = 0.2
      gumbelNoise = true
      averaging = nil
    case .poster:
      encoding = .poster
      generator = GeneratorConfiguration(
        noiseWidth: 28, hidden: Array(repeating: 24, count: 7), architecture: .plain,
        normalization: .none, activation: .selu, initialization: .lecunNormal)
      discriminator = DiscriminatorConfiguration(
        hidden: Array(repeating: 24, count: 7), activation: .selu, dropout: 0, rowsPerPack: 1,
        initialization: .lecunNormal)
      objective = Objective(loss: .nonSaturating)
      // The poster does not state its rates. Of those tried, this is the one whose probabilities
      // fall and cycle as in its Figure 3; at 5e-3 and below they stay near 0.4
      // (docs/lab/experiments.md).
      generatorOptimizer = .rmsprop(learningRate: 1e-2)
      discriminatorOptimizer = .rmsprop(learningRate: 1e-2)
      decay = .constant
      batchSize = 128
      epochs = 100
      discriminatorSteps = 1
      conditional = false
      temperature = 1
      gumbelNoise = false
      averaging = nil
    case .standard:
      encoding = .standard
      generator = GeneratorConfiguration(
        noiseWidth: 128, hidden: [256, 256, 256], architecture: .residual, normalization: .batch,
        activation: .relu, initialization: .torchLinear)
      discriminator = DiscriminatorConfiguration(
        hidden: [256, 256, 256], activation: .leakyReLU, dropout: 0, rowsPerPack: 1,
        initialization: .torchLinear)
      objective = Objective(loss: .relativistic, r1: 1, r2: 1)
      generatorOptimizer = .adam(learningRate: 1e-3, beta1: 0, beta2: 0.9, weightDecay: 0)
      discriminatorOptimizer = .adam(learningRate: 1e-3, beta1: 0, beta2: 0.9, weightDecay: 0)
      decay = .cosine
      batchSize = 500
      epochs = 100
      minSteps = 2000
      discriminatorSteps = 1
      conditional = false
      temperature = 0.2
      gumbelNoise = true
      averaging = 0.99
      minCategoryShare = 0.005
      overfittingLimit = 0.8
      precision = .automatic
      resampling = ResamplingConfiguration(
        candidates: 64, ratioCap: 3, hidden: [512, 256], epochs: 20, learningRate: 1e-3,
        dropout: 0.2,
        bins: 16, rakingRows: 65536)
    }
  }

  /// Epochs for a table with this number of rows if the caller sets no budget.
  public func defaultEpochs(rows: Int) -> Int {
    let batches = batchesPerEpoch(rows: rows)
    return max(epochs, (minSteps + batches - 1) / batches)
  }

  /// Steps of an epoch of this number of rows.
  func batchesPerEpoch(rows: Int) -> Int {
    let batch = min(batchSize, rows / discriminator.rowsPerPack * discriminator.rowsPerPack)
    return max(1, rows / (max(batch, 1) * discriminatorSteps))
  }

  /// The same text for the same configuration.
  var canonicalText: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// Throws if a value is invalid or out of bounds, or if two values contradict each other.
  public func validate() throws(TrainingError) {
    typealias Bounds = SettingBounds
    try Bounds.require(batchSize, in: 1...1_048_576, "batchSize")
    try Bounds.require(discriminator.rowsPerPack, in: 1...1024, "discriminator.rowsPerPack")
    guard batchSize % discriminator.rowsPerPack == 0 else {
      throw .configuration(
        "batchSize (\(batchSize)) must be a multiple of discriminator.rowsPerPack (\(discriminator.rowsPerPack))"
      )
    }
    try Bounds.require(epochs, in: Bounds.counts, "epochs")
    try Bounds.require(minSteps, in: 0...Bounds.counts.upperBound, "minSteps")
    try Bounds.require(discriminatorSteps, in: 1...1000, "discriminatorSteps")
    try Bounds.require(temperature, in: 0.001...1000, "temperature")
    try Bounds.require(encoding.modes, in: 1...1000, "encoding.modes")
    try Bounds.require(generator.noiseWidth, in: Bounds.units, "generator.noiseWidth")
    try Bounds.requireLayers(generator.hidden, "generator.hidden")
    try Bounds.requireLayers(discriminator.hidden, "discriminator.hidden")
    try Bounds.require(discriminator.dropout, in: 0..<1, "discriminator.dropout")
    try Bounds.require(
      discriminator.featureWeight, in: Bounds.weights, "discriminator.featureWeight")
    try Bounds.require(objective.gradientPenalty, in: Bounds.weights, "objective.gradientPenalty")
    try Bounds.require(objective.r1, in: Bounds.weights, "objective.r1")
    try Bounds.require(objective.r2, in: Bounds.weights, "objective.r2")
    guard objective.finalPenalty > 0, objective.finalPenalty <= 1 else {
      throw .configuration(
        "objective.finalPenalty must be more than 0 and at most 1, not \(objective.finalPenalty)")
    }
    try generatorOptimizer.validate("generatorOptimizer")
    try discriminatorOptimizer.validate("discriminatorOptimizer")
    try Bounds.require(minCategoryShare, in: 0...0.1, "minCategoryShare")
    if let overfittingLimit {
      try Bounds.require(overfittingLimit, in: Bounds.weights, "overfittingLimit")
    }
    if let averaging, !(averaging > 0 && averaging < 1) {
      throw .configuration("averaging must lie between 0 and 1, not be \(averaging)")
    }
    try resampling?.validate()
  }
}
