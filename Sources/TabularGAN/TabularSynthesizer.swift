import Foundation
import NeuralNetworks
import NumericCore
import Tabular

/// A generator of rows that look like those of a table: train it, sample from it, save and load it.
public struct TabularSynthesizer {
  public let schema: Schema
  public let configuration: SynthesizerConfiguration
  public let outline: TrainingOutline
  /// The seed it was trained with.
  public let seed: UInt64
  /// The last row of the training history.
  public let training: TrainingMetrics
  let encoder: TableEncoder
  let generator: Generator
  let discriminator: Discriminator
  let conditions: ConditionFrequencies?

  /// Learns a table.
  ///
  /// - Parameters:
  ///   - table: the real rows; its columns must be those of `schema`.
  ///   - budget: how long; by default the configuration's number of passes.
  ///   - seed: the same seed gives the same model, bit for bit, for any number of threads (unless
  ///     the budget is a time).
  ///   - warmStart: a model to begin from: weights are taken over wherever both models have the
  ///     same unit, inputs and outputs being matched by the column and level they stand for.
  ///   - checkpoint: where to go on from: the state of a run with the same table, configuration,
  ///     seed and budget, which a `warmStart` then no longer matters for.
  ///   - onEvent: is told what happens, may stop the run and may ask for checkpoints.
  /// - Throws: ``TrainingError``, `TabularError`, and whatever `onEvent` throws.
  public static func train(
    on table: Table, schema: Schema, configuration: SynthesizerConfiguration,
    budget: TrainingBudget = TrainingBudget(), seed: UInt64,
    warmStart: TabularSynthesizer? = nil, resumingFrom checkpoint: TrainingCheckpoint? = nil,
    in context: ComputeContext,
    onEvent: (TrainingEvent) throws -> TrainingDecision = { _ in .proceed }
  ) throws -> TabularSynthesizer {
    guard table.rowCount > 0 else { throw TrainingError.table("there are no rows to learn from") }
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: configuration.encoding, seed: seed)
    let encoded = try encoder.transform(table, seed: seed)
    let trainer = try GANTrainer(
      table: encoded, configuration: configuration, seed: seed, context: context)
    if let warmStart, checkpoint == nil {
      trainer.begin(from: warmStart, encoder: encoder)
    }
    let last = try trainer.run(budget: budget, from: checkpoint, onEvent: onEvent)
    return TabularSynthesizer(
      schema: schema, configuration: configuration, outline: trainer.outline, seed: seed,
      training: last, encoder: encoder, generator: trainer.generator,
      discriminator: trainer.discriminator, conditions: trainer.conditionFrequencies)
  }

  /// Generates rows: row `i` depends on the seed and `i` alone, so any range can be made on its own.
  /// Call it for a few thousand rows at a time to stream. O(rows x weights).
  public func sample(rows: Range<Int>, seed: UInt64, in context: ComputeContext) throws -> Table {
    try sample(rows: rows, conditions: conditions, seed: seed, in: context)
  }

  /// Generates rows whose condition vectors are drawn from `conditions`.
  func sample(
    rows: Range<Int>, conditions: ConditionFrequencies?, seed: UInt64, in context: ComputeContext
  ) throws -> Table {
    let encoded = try generator.sample(
      rows: rows, conditions: conditions, noiseWidth: configuration.generator.noiseWidth,
      seed: seed, in: context)
    return try encoded.withUnsafeBufferPointer { buffer in
      try encoder.inverse(
        buffer, count: rows.count, stride: encoded.stride, firstRow: rows.lowerBound)
    }
  }

  /// Writes the model folder, made where it is missing: `generator.safetensors`,
  /// `discriminator.safetensors`, `schema.json` and, last, `model.json`.
  public func save(to folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ModelError.unwritable(path: folder, reason: error.localizedDescription)
    }
    let token = weightsToken()
    for (file, layer) in [
      (ModelFile.generator, generator.network as any Layer),
      (ModelFile.discriminator, discriminator.network as any Layer),
    ] {
      try Safetensors(tensors: try layer.tensors(), metadata: ["model": token])
        .write(to: folder + "/" + file)
    }
    try SchemaFile.write(schema, to: folder + "/" + ModelFile.schema)
    try ModelFile.write(
      ModelFile.Description(
        formatVersion: ModelFile.formatVersion, configuration: configuration, encoder: encoder,
        schema: schema, outline: outline, conditions: conditions, seed: seed, training: training,
        weights: token),
      to: folder)
  }

  /// Reads a model folder.
  ///
  /// - Throws: ``ModelError`` where it is missing, damaged or of a later version.
  public static func load(
    from folder: String, in context: ComputeContext
  ) throws -> TabularSynthesizer {
    let model = try ModelFile.read(folder)
    let conditionWidth = model.conditions?.width ?? 0
    let generator = try Generator(
      configuration: model.configuration.generator, conditionWidth: conditionWidth,
      spans: model.encoder.spans, temperature: model.configuration.temperature,
      precision: .float32, seed: model.seed, in: context)
    let batch = BatchAssembler(
      rowWidth: model.encoder.width, conditionWidth: conditionWidth,
      rowsPerPack: model.configuration.discriminator.rowsPerPack)
    let discriminator = try Discriminator(
      configuration: model.configuration.discriminator, inputs: batch.packWidth,
      precision: .float32, seed: model.seed, in: context)
    for (file, layer) in [
      (ModelFile.generator, generator.network as any Layer),
      (ModelFile.discriminator, discriminator.network as any Layer),
    ] {
      let tensors = try ModelFile.readWeights(file, in: folder, token: model.weights)
      do {
        try layer.load(tensors)
      } catch {
        throw ModelError.damaged(file: folder + "/" + file, problem: "\(error)")
      }
    }
    return TabularSynthesizer(
      schema: model.schema, configuration: model.configuration, outline: model.outline,
      seed: model.seed, training: model.training, encoder: model.encoder, generator: generator,
      discriminator: discriminator, conditions: model.conditions)
  }

  /// A fingerprint of the generator's weights, the same for the same model.
  private func weightsToken() -> String {
    var hash = Fingerprint()
    hash.add(seed)
    for parameter in generator.network.parameters {
      for value in parameter.value.toArray() { hash.add(UInt64(value.bitPattern)) }
    }
    return hash.text
  }
}
