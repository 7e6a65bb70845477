// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import Tabular
import TabularEncoding

/// A generator of rows that look like those of a table: train it, sample from it, save and load it.
public struct TabularSynthesizer {
  /// The columns of the table it was trained on, and how their values are written.
  public let schema: Schema
  /// The settings it was trained with.
  public private(set) var configuration: SynthesizerConfiguration
  /// The sizes of its networks and batches.
  public let outline: TrainingOutline
  /// The seed it was trained with.
  public let seed: UInt64
  /// The last row of the training history.
  public let training: TrainingMetrics
  private(set) var encoder: TableEncoder
  /// What the discriminator and the density ratio see beside an encoded row.
  let derived: DerivedFeatures
  let generator: Generator
  let discriminator: Discriminator
  let conditions: ConditionFrequencies?
  /// Chooses rows among candidates, where the configuration asked for it.
  let ratio: DensityRatio?
  /// Corrects the ratio, where the configuration asked for it.
  var raking: Raking?
  /// How candidates are accepted, where there is a ratio.
  var acceptance: Acceptance?

  /// Learns a table.
  ///
  /// - Parameters:
  ///   - table: the real rows; its columns must be those of `schema`. Each is freed once it is
  ///     encoded.
  ///   - budget: how long; by default the configuration's number of epochs.
  ///   - seed: the same seed gives the same model, bit for bit, for any number of threads (unless
  ///     the budget is a time).
  ///   - warmStart: a model to begin from: weights are taken over wherever both models have the
  ///     same unit, inputs and outputs being matched by the column and category they stand for.
  ///   - checkpoint: where to continue: the state of a run with the same table, configuration,
  ///     seed and budget, which a `warmStart` then no longer matters for.
  ///   - monitoring: rows of the same source that are not learned; training ends early where the
  ///     discriminator begins to memorize the others
  ///     (``SynthesizerConfiguration/overfittingLimit``).
  ///   - onEvent: called for each event; may stop the run and request checkpoints.
  /// - Throws: ``TrainingError``, `TabularError`, and whatever `onEvent` throws.
  public static func train(
    on table: consuming Table, schema: Schema, configuration: SynthesizerConfiguration,
    budget: TrainingBudget = TrainingBudget(), seed: UInt64,
    warmStart: TabularSynthesizer? = nil, resumingFrom checkpoint: TrainingCheckpoint? = nil,
    monitoring: Table? = nil, in context: ComputeContext,
    onEvent: (TrainingEvent) throws -> TrainingDecision = { _ in .proceed }
  ) throws -> TabularSynthesizer {
    try configuration.validate()
    try budget.validate()
    guard table.rowCount > 0 else { throw TrainingError.table("there are no rows to learn from") }
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: configuration.encoding, seed: seed,
      threads: context.threads
    ) { _ = try onEvent(.preparing($0)) }
    _ = try onEvent(.preparing(FittingProgress(stage: .features, share: 0.5)))
    let derived =
      configuration.encoding.derivesFeatures
      ? try DerivedFeatures.fitted(
        to: table, encoder: encoder, seed: seed, threads: context.threads) : .none
    let sample = configuration.resampling == nil ? nil : MarginalSample(of: copy table)
    let encoded = try encoder.transform(table, seed: seed, threads: context.threads)
    let trainer = try GANTrainer(
      table: encoded,
      monitoring: monitoring.flatMap {
        encoder.transformKnown($0, seed: seed, threads: context.threads)
      },
      features: derived.map(in: encoder)?.weighted(by: configuration.discriminator.featureWeight),
      configuration: configuration,
      seed: seed, context: context)
    if let warmStart, checkpoint == nil {
      warmStart.copyWeights(into: trainer, encoder: encoder, derived: derived)
    }
    let last = try trainer.run(budget: budget, from: checkpoint, onEvent: onEvent)
    let estimate = try configuration.resampling.map { resampling in
      let ratio = try DensityRatio(
        configuration: resampling, encoder: encoder, derived: derived, seed: seed, in: context)
      // Not the rows that a user gets for the same seed.
      let generated = try GeneratedRows(
        trainer.generator, noiseWidth: configuration.generator.noiseWidth,
        conditions: trainer.conditionFrequencies, seed: ~seed, in: context)
      let training = DensityRatioTraining(
        ratio: ratio, generated: generated, table: encoded, configuration: resampling,
        batchSize: trainer.batchSize, seed: seed, context: context)
      let result = try training.run { _ = try onEvent(.resampling(progress: $0)) }
      return (ratio: ratio, result: result)
    }
    var synthesizer = TabularSynthesizer(
      schema: schema, configuration: configuration, outline: trainer.outline, seed: seed,
      training: last, encoder: encoder, derived: derived, generator: trainer.generator,
      discriminator: trainer.discriminator, conditions: trainer.conditionFrequencies,
      ratio: estimate?.ratio)
    if let sample {
      try synthesizer.rake(to: sample, encoded: encoded, seed: seed, in: context) {
        _ = try onEvent(.raking(progress: $0))
      }
    }
    if let estimate { _ = try onEvent(.resamplingFinished(estimate.result)) }
    return synthesizer
  }

  /// Starts a trainer from this model's weights instead of fresh ones.
  private func copyWeights(
    into trainer: GANTrainer, encoder: TableEncoder, derived: DerivedFeatures
  ) {
    let warmStart = WarmStart(
      from: self.encoder, derived: self.derived, conditions: conditions,
      to: encoder, derived: derived, conditions: trainer.conditionFrequencies)
    warmStart.copyGenerator(
      generator.network, into: trainer.generator.network,
      architecture: trainer.configuration.generator.architecture)
    warmStart.copyDiscriminator(
      discriminator.network, into: trainer.discriminator.network,
      rowsPerPack: trainer.configuration.discriminator.rowsPerPack)
  }

  /// Generates rows: row `i` depends on the seed and `i` alone, so any range can be made on its
  /// own. Call it for a few thousand rows at a time to stream. O(rows x weights).
  ///
  /// - Throws: ``TrainingError/configuration(_:)`` for rows outside 0..<2^48, `NumericError`.
  public func sample(rows: Range<Int>, seed: UInt64, in context: ComputeContext) throws -> Table {
    guard rows.lowerBound >= 0, rows.upperBound <= Self.maxRows else {
      throw TrainingError.configuration("rows must lie in 0..<2^48, unlike \(rows)")
    }
    return try chosenRows(rows, conditions: conditions, seed: seed, in: context)
  }

  /// Keeps the numbers of candidates and of their random numbers from overflowing.
  static let maxRows = 1 << 48

  /// The same generator with another number of candidates for each row; 1 takes every generated
  /// row.
  ///
  /// - Throws: ``TrainingError/configuration(_:)`` for a number that is not positive, or where the
  ///   model has learned no density ratio to choose by.
  public func choosing(among candidates: Int) throws -> TabularSynthesizer {
    var copy = self
    guard candidates == 1 || ratio != nil else {
      throw TrainingError.configuration("the model has learned no density ratio to choose rows by")
    }
    copy.configuration.resampling?.candidates = candidates
    try copy.configuration.validate()
    return copy
  }

  /// The same generator with running-number keys that begin at `number`.
  ///
  /// - Throws: `TabularError` if no column has running-number keys.
  public func startingKeys(at number: Int) throws(TabularError) -> TabularSynthesizer {
    var copy = self
    copy.encoder = try encoder.startingKeys(at: number)
    return copy
  }

  /// The file of a model folder that is written last: a folder that has it is complete.
  public static let descriptionFile = ModelFile.description
  /// The names of all files of a model folder.
  public static let files: Set = [
    ModelFile.description, ModelFile.schema, ModelFile.generator, ModelFile.discriminator,
    ModelFile.ratio,
  ]

  /// Writes the model folder, created if missing: `generator.safetensors`,
  /// `discriminator.safetensors`, `ratio.safetensors` where there is a density ratio, `schema.json`
  /// and, last, `model.json`.
  public func save(to folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ModelError.unwritable(path: folder, reason: error.localizedDescription)
    }
    let token = weightsToken()
    for (file, layer) in networks {
      try Safetensors(tensors: try layer.tensors(), metadata: ["model": token])
        .write(to: folder + "/" + file)
    }
    // A symbolic link in the folder is replaced, so that nothing outside of it is written.
    try SchemaFile.write(schema, to: folder + "/" + ModelFile.schema, followsLinks: false)
    try ModelFile.write(
      ModelFile.Description(
        formatVersion: ModelFile.formatVersion, configuration: configuration, encoder: encoder,
        derived: derived, schema: schema, outline: outline, conditions: conditions, seed: seed,
        training: training,
        ratioSlope: ratio?.slope, raking: raking, acceptance: acceptance, weights: token),
      to: folder)
    // What a model that stood there before may have left.
    if ratio == nil { unlink(folder + "/" + ModelFile.ratio) }
  }

  /// Reads a model folder.
  ///
  /// - Throws: ``ModelError`` where it is missing, damaged or of a later version.
  public static func load(
    from folder: String, in context: ComputeContext
  ) throws -> TabularSynthesizer {
    let model = try ModelFile.read(folder)
    let synthesizer = try make(model, in: context) { file, shapes in
      try ModelFile.readWeights(file, in: folder, token: model.weights, shapes: shapes)
    }
    guard synthesizer.weightsToken() == model.weights else {
      throw ModelError.damaged(
        file: folder, problem: "the weights are not those that were written (*.safetensors)")
    }
    return synthesizer
  }

  /// Creates a model from the text of a `model.json` and weights from any source; the fingerprint
  /// of the weights is not checked.
  ///
  /// - Parameter weights: returns the tensors of a file, given its name and the required shapes.
  package static func load(
    description: Data, path: String, in context: ComputeContext,
    weights: (_ file: String, _ shapes: [TensorShape]) throws -> [String: Tensor]
  ) throws -> TabularSynthesizer {
    try make(
      ModelFile.decode(description, path: path, folder: path), in: context, weights: weights)
  }

  /// Creates a model from its parts. All weights are loaded before a network is created, so a
  /// description cannot request more memory than its files occupy.
  private static func make(
    _ model: ModelFile.Description, in context: ComputeContext,
    weights: (_ file: String, _ shapes: [TensorShape]) throws -> [String: Tensor]
  ) throws -> TabularSynthesizer {
    let weights = try model.weightShapes.map { try weights($0.file, $0.shapes) }
    let generator = try Generator(
      configuration: model.configuration.generator, conditionWidth: model.conditionWidth,
      spans: model.encoder.spans, temperature: model.configuration.temperature,
      precision: .float32, seed: model.seed, in: context)
    let discriminator = try Discriminator(
      configuration: model.configuration.discriminator, inputs: model.packs.packWidth,
      precision: .float32, seed: model.seed, in: context)
    let ratio: DensityRatio? =
      if let slope = model.ratioSlope, let resampling = model.configuration.resampling {
        try DensityRatio(
          configuration: resampling, encoder: model.encoder, derived: model.derived, slope: slope,
          seed: model.seed,
          in: context)
      } else { nil }
    let synthesizer = TabularSynthesizer(
      schema: model.schema, configuration: model.configuration, outline: model.outline,
      seed: model.seed, training: model.training, encoder: model.encoder, derived: model.derived,
      generator: generator,
      discriminator: discriminator, conditions: model.conditions, ratio: ratio,
      raking: model.raking, acceptance: model.acceptance)
    for ((file, layer), tensors) in zip(synthesizer.networks, weights) {
      do { try layer.load(tensors) } catch {
        throw ModelError.damaged(file: file, problem: "\(error)")
      }
    }
    return synthesizer
  }

  /// The networks and the files that hold them.
  private var networks: [(file: String, layer: any Layer)] {
    var networks: [(file: String, layer: any Layer)] = [
      (ModelFile.generator, generator.network), (ModelFile.discriminator, discriminator.network),
    ]
    if let ratio { networks.append((ModelFile.ratio, ratio.network)) }
    return networks
  }

  /// A fingerprint of all weights, the same for the same model.
  private func weightsToken() -> String {
    var hash = Fingerprint()
    hash.add(seed)
    for parameter in networks.flatMap({ $0.layer.parameters + $0.layer.buffers }) {
      for value in parameter.value.toArray() { hash.add(UInt64(value.bitPattern)) }
    }
    return hash.text
  }
}
