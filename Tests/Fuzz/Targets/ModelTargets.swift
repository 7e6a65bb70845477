// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import Tabular
import TabularGAN
import TabularEncoding

/// Small trained models in saved form.
struct SampleModels {
  struct Saved {
    let folder: String
    let description: [UInt8]

    func file(_ name: String) -> [UInt8]? {
      FileManager.default.contents(atPath: folder + "/" + name).map { [UInt8]($0) }
    }
  }

  let all: [Saved]

  init(_ bench: FuzzBench) throws {
    all = try SynthesizerConfiguration.Preset.allCases.map { preset in
      let content = try bench.table(rows: 120).content
      let model = try TabularSynthesizer.train(
        on: content.table, schema: content.schema, configuration: Self.small(preset),
        budget: TrainingBudget(epochs: 1), seed: 1, in: bench.context)
      let folder = bench.path("model-\(preset.rawValue)")
      try model.save(to: folder)
      return Saved(
        folder: folder,
        description: [UInt8](
          FileManager.default.contents(atPath: folder + "/model.json") ?? Data()))
    }
  }

  /// The preset with tiny networks.
  static func small(_ preset: SynthesizerConfiguration.Preset) -> SynthesizerConfiguration {
    var configuration = SynthesizerConfiguration(preset: preset)
    configuration.batchSize = 60
    configuration.generator.hidden = [4, 3]
    configuration.generator.noiseWidth = 5
    configuration.discriminator.hidden = [4]
    configuration.precision = .float32
    configuration.resampling?.hidden = [4]
    configuration.resampling?.epochs = 1
    configuration.resampling?.bins = 2
    configuration.resampling?.candidates = 3
    configuration.resampling?.rakingRows = 40
    return configuration
  }
}

/// Creates a model from a description, and rows from it.
struct ModelUse {
  let bench: FuzzBench

  /// - Parameter weights: the tensors of a file, given its name and the required shapes.
  func run(
    _ description: [UInt8], weights: (String, [TensorShape]) throws -> [String: Tensor]
  ) throws {
    let model = try TabularSynthesizer.load(
      description: Data(description), path: "model.json", in: bench.context, weights: weights)
    let rows = try model.sample(rows: 0..<3, seed: 1, in: bench.context)
    let writer = try CSVWriter(path: bench.path("out.csv"), schema: model.schema, threads: 1)
    try writer.write(rows)
    try writer.finish()
  }

  /// Rejected: the file would be too large to create.
  struct TooLarge: Error {}

  /// The tensors that a description requests, as an attacker would supply them.
  static func fitting(
    _ shapes: [TensorShape], _ random: inout FuzzRandom, isExtreme: Bool
  ) throws -> [String: Tensor] {
    var left = 1 << 20
    var tensors: [String: Tensor] = [:]
    for shape in shapes {
      var count = 1
      for extent in shape.shape {
        guard extent >= 0, extent <= left, count <= left / max(extent, 1) else { throw TooLarge() }
        count *= extent
      }
      left -= count
      // Negative variances would be refused before anything else is tried.
      let isVariance = shape.name.hasSuffix("running_var") && !random.once(in: 20)
      let extremes: [Float] = [3e38, -3e38, 1e20, -1e20, 0, 1e-40, 1, 1e10]
      tensors[shape.name] = Tensor(
        shape: shape.shape,
        values: (0..<count).map { _ in
          let value = isExtreme ? random.pick(extremes) : Float(random.below(2001)) / 1000 - 1
          return isVariance ? abs(value) : value
        })
    }
    return tensors
  }
}

struct ModelTarget: FuzzTarget {
  static let name = "model"
  static let abstract = "model.json, with matching weights"
  private let use: ModelUse
  private let mutators: [JSONMutator]

  init(_ bench: FuzzBench) throws {
    use = ModelUse(bench: bench)
    mutators = try SampleModels(bench).all.map { JSONMutator($0.description) }
  }

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    let mutator = random.pick(mutators)
    return random.once(in: 50)
      ? ByteMutator(Tokens.json).mutated(mutator.text, &random) : mutator.mutated(&random)
  }

  func run(_ input: [UInt8]) throws {
    var random = FuzzRandom(target: "weights", seed: input.digest, index: 0)
    do {
      try use.run(input) { _, shapes in
        try ModelUse.fitting(shapes, &random, isExtreme: input.digest % 8 == 0)
      }
    } catch is ModelUse.TooLarge {}
  }
}

struct WeightTarget: FuzzTarget {
  static let name = "weights"
  static let abstract = "generator.safetensors of a model"
  private let use: ModelUse
  private let models: [SampleModels.Saved]
  private let mutators: [TensorMutator]

  init(_ bench: FuzzBench) throws {
    use = ModelUse(bench: bench)
    models = try SampleModels(bench).all
    mutators = models.map { TensorMutator($0.file("generator.safetensors") ?? []) }
  }

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    let model = random.below(models.count)
    return [UInt8(model)] + mutators[model].mutated(&random)
  }

  func run(_ input: [UInt8]) throws {
    let model = models[Int(input.first ?? 0) % models.count]
    try use.run(model.description) { name, shapes in
      let bytes = name.hasPrefix("generator") ? Array(input.dropFirst()) : model.file(name) ?? []
      let tensors = try Safetensors(decoding: bytes).tensors
      do {
        try TensorShape.require(shapes, in: tensors)
      } catch {
        throw ModelError.damaged(file: name, problem: "\(error)")
      }
      return tensors
    }
  }
}

struct TensorTarget: FuzzTarget {
  static let name = "safetensors"
  static let abstract = "safetensors files"
  private let mutator: TensorMutator

  init(_ bench: FuzzBench) throws {
    let tensors = [
      "a.weight": Tensor(shape: [3, 5], values: (0..<15).map { Float($0) }),
      "a.bias": Tensor(shape: [3], values: [1, 2, 3]), "empty": Tensor(shape: [0, 7], values: []),
      "scalar": Tensor(shape: [], values: [4]),
    ]
    mutator = TensorMutator(
      try Safetensors(tensors: tensors, metadata: ["model": "x", "note": "a\"b\\c"]).encoded())
  }

  func input(_ random: inout FuzzRandom) -> [UInt8] { mutator.mutated(&random) }

  func run(_ input: [UInt8]) throws {
    let file = try Safetensors(decoding: input)
    _ = try file.encoded()
  }
}

struct CheckpointTarget: FuzzTarget {
  static let name = "checkpoint"
  static let abstract = "checkpoint.safetensors, and a run resumed from it"
  private let runs: [Run]

  private struct Run {
    let configuration: SynthesizerConfiguration
    let table: EncodedTable
    let features: DerivedFeatureMap?
    let checkpoint: Safetensors
    let mutator: TensorMutator
    let description: JSONMutator
  }
  private let bench: FuzzBench
  private static let budget = TrainingBudget(epochs: 3)
  private static let key = "tabgan-checkpoint"

  init(_ bench: FuzzBench) throws {
    self.bench = bench
    runs = try SynthesizerConfiguration.Preset.allCases.map { preset in
      let content = try bench.table(rows: 120).content
      let configuration = SampleModels.small(preset)
      let encoder = try TableEncoder.fit(
        table: content.table, schema: content.schema, configuration: configuration.encoding,
        seed: 1)
      let features = try DerivedFeatures.fitted(
        to: content.table, encoder: encoder, seed: 1, threads: 1
      ).map(in: encoder)?
      .weighted(by: configuration.discriminator.featureWeight)
      let table = try encoder.transform(content.table, seed: 1)
      let path = bench.path("checkpoint")
      let trainer = try GANTrainer(
        table: table, monitoring: nil, features: features, configuration: configuration, seed: 1,
        context: bench.context)
      _ = try trainer.run(budget: Self.budget) { event in
        switch event {
        case .step(let metrics): return metrics.step == 3 ? .checkpoint : .proceed
        case .checkpoint(let state):
          try state.write(to: path)
          return .stop
        default: return .proceed
        }
      }
      let checkpoint = try Safetensors(contentsOf: path)
      return Run(
        configuration: configuration, table: table, features: features, checkpoint: checkpoint,
        mutator: TensorMutator([UInt8](FileManager.default.contents(atPath: path) ?? Data())),
        description: JSONMutator(Array((checkpoint.metadata[Self.key] ?? "").utf8)))
    }
  }

  func input(_ random: inout FuzzRandom) throws -> [UInt8] {
    let number = random.below(runs.count)
    let run = runs[number]
    if random.once(in: 2) { return [UInt8(number)] + run.mutator.mutated(&random) }
    var file = run.checkpoint
    file.metadata[Self.key] = String(decoding: run.description.mutated(&random), as: UTF8.self)
    return [UInt8(number)] + (try file.encoded())
  }

  func run(_ input: [UInt8]) throws {
    let run = runs[Int(input.first ?? 0) % runs.count]
    let checkpoint = try TrainingCheckpoint(decoding: Array(input.dropFirst()), path: "checkpoint")
    let trainer = try GANTrainer(
      table: run.table, monitoring: nil, features: run.features, configuration: run.configuration,
      seed: 1, context: bench.context)
    _ = try trainer.run(budget: Self.budget, from: checkpoint) { event in
      if case .step = event { return .stop }
      return .proceed
    }
  }
}
