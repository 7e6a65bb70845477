// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import Tabular
import TabularGAN
import Testing

/// Invalid model folders and checkpoints are rejected with the name of the invalid field.
@Suite struct ModelValidationTests {
  /// Minimal models with conditions, relations, a density ratio and corrections.
  private static func train(
    _ preset: SynthesizerConfiguration.Preset
  ) throws -> TabularSynthesizer {
    let (table, schema) = try SampleTables.trips(rows: 300)
    return try TabularSynthesizer.train(
      on: table, schema: schema, configuration: small(preset), budget: TrainingBudget(epochs: 1),
      seed: 1, in: ComputeContext(threads: 1))
  }

  private static func small(
    _ preset: SynthesizerConfiguration.Preset
  ) -> SynthesizerConfiguration {
    var configuration = SynthesizerConfiguration(preset: preset)
    configuration.batchSize = 100
    configuration.generator.hidden = [4]
    configuration.discriminator.hidden = [4]
    configuration.precision = .float32
    configuration.resampling?.hidden = [4]
    configuration.resampling?.epochs = 1
    configuration.resampling?.candidates = 2
    configuration.resampling?.rakingRows = 40
    return configuration
  }

  /// model.json of a preset, and its weights.
  private static func saved(
    _ preset: SynthesizerConfiguration.Preset
  ) throws -> (description: Data, weights: [String: [String: Tensor]]) {
    let model = try train(preset)
    return try TemporaryFolder.with { folder in
      try model.save(to: folder)
      var weights: [String: [String: Tensor]] = [:]
      for name in ["generator", "discriminator", "ratio"] {
        let path = "\(folder)/\(name).safetensors"
        guard FileManager.default.fileExists(atPath: path) else { continue }
        weights["\(name).safetensors"] = try Safetensors(contentsOf: path).tensors
      }
      return (try #require(FileManager.default.contents(atPath: folder + "/model.json")), weights)
    }
  }

  private static func load(
    _ description: Data, _ weights: [String: [String: Tensor]]
  ) throws -> TabularSynthesizer {
    try TabularSynthesizer.load(
      description: description, path: "model.json", in: ComputeContext(threads: 1)
    ) { file, shapes in
      let tensors = weights[file] ?? [:]
      do {
        try TensorShape.require(shapes, in: tensors)
      } catch {
        throw ModelError.damaged(file: file, problem: "\(error)")
      }
      return tensors
    }
  }

  /// A JSON text with the value at a path replaced; keys and array indices are separated by dots.
  private static func replacing(_ path: String, by value: String, in text: Data) throws -> Data {
    func replaced(_ document: Any, _ keys: ArraySlice<Substring>, _ value: Any) throws -> Any {
      guard let key = keys.first else { return value }
      let rest = keys.dropFirst()
      if var array = document as? [Any] {
        let index = try #require(Int(key))
        array[index] = try replaced(array[index], rest, value)
        return array
      }
      var object = try #require(document as? [String: Any], "\(path)")
      object[String(key)] = try replaced(object[String(key)] ?? NSNull(), rest, value)
      return object
    }
    let new = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    let document = try JSONSerialization.jsonObject(with: text)
    return try JSONSerialization.data(
      withJSONObject: replaced(document, path.split(separator: ".")[...], new))
  }

  private static let maximum = "\(Int.max)"

  /// Path, value, and the name that the message must contain.
  static let standard: [(String, String, String)] = [
    ("configuration.generator.noiseWidth", "1000000000000", "generator.noiseWidth"),
    ("configuration.generator.noiseWidth", maximum, "generator.noiseWidth"),
    ("configuration.generator.noiseWidth", "-1", "generator.noiseWidth"),
    ("configuration.generator.noiseWidth", "5", "noiseWidth"),
    ("configuration.generator.hidden", "[\(maximum)]", "generator.hidden"),
    ("configuration.generator.hidden", "[65536, 65536]", "generator.0.dense"),
    ("configuration.discriminator.hidden", "[1000000000000000000]", "discriminator.hidden"),
    ("configuration.discriminator.rowsPerPack", "0", "rowsPerPack"),
    ("configuration.batchSize", maximum, "batchSize"),
    ("configuration.temperature", "0", "temperature"),
    ("configuration.discriminatorSteps", maximum, "discriminatorSteps"),
    ("configuration.resampling.bins", "4294967295", "resampling.bins"),
    ("configuration.resampling.bins", maximum, "resampling.bins"),
    ("configuration.resampling.bins", "-1", "resampling.bins"),
    ("configuration.resampling.candidates", maximum, "resampling.candidates"),
    ("configuration.resampling.epochs", maximum, "resampling.epochs"),
    ("configuration.resampling", "null", "density ratio"),
    ("configuration.generatorOptimizer.adam.learningRate", "-1", "learningRate"),
    ("encoder.columns.0.encoder.categories", "[0, 1, 7]", "columns[0].categories"),
    ("encoder.columns.0.encoder.categories", "[1, 0]", "encoder.categories"),
    ("encoder.columns.1.encoder.grid.stride", "0", "grid"),
    ("encoder.columns.1.encoder.grid.scale", "-100", "grid"),
    ("encoder.columns.1.encoder.grid.maximum", "\"inf\"", "grid"),
    ("encoder.columns.1.encoder.values", "[\"nan\"]", "encoder"),
    ("encoder.columns.1.name", "\"kind\"", "encoder.columns"),
    ("encoder.columns.2.encoder.withinHour.grid.maximum", "1e30", "withinHour"),
    ("encoder.columns.3.encoder.value", "\"inf\"", "value"),
    (
      "encoder.relations",
      "[{\"target\":\"amount\",\"parts\":[\"amount\"],\"decimals\":2,\"skipsMissingParts\":true}]",
      "relations"
    ),
    (
      "encoder.relations",
      "[{\"target\":\"kind\",\"parts\":[\"amount\"],\"decimals\":2,\"skipsMissingParts\":true}]",
      "relations"
    ),
    (
      "derived.features",
      "[{\"form\":{\"size\":{\"_0\":{\"quantity\":{\"column\":\"amount\",\"scale\":0}}}},\"mean\":0,\"deviation\":1}]",
      "derived"
    ),
    ("schema.columns.0.name", "\"other\"", "schema"),
    ("schema.columns.1.numberFormat.decimals", maximum, "decimals"),
    ("outline.encodedWidth", "3", "outline.encodedWidth"),
    ("outline.batchesPerEpoch", "0", "outline.batchesPerEpoch"),
    ("training.step", "-5", "step"),
    ("training.rowsSeen", maximum, "rowsSeen"),
    ("conditions", "{\"spans\":[],\"width\":0}", "conditions"),
    ("raking.logarithms.0", "[1]", "raking"),
    ("raking.marginals.0.subject", "{\"feature\":{\"_0\":-1}}", "raking"),
    ("raking.marginals.0.subject", "{\"column\":{\"_0\":\"nothing\"}}", "nothing"),
    ("raking.marginals.0.bounds", "[]", "raking"),
    ("raking.pairs", "[{\"first\":0,\"second\":\(maximum),\"logarithms\":[]}]", "raking"),
    ("raking.pairs", "[{\"first\":-1,\"second\":0,\"logarithms\":[]}]", "raking"),
    ("ratioSlope", "null", "raking"),
    ("formatVersion", "99", "format 99"),
  ]

  static let conditional: [(String, String, String)] = [
    ("conditions.spans", "[]", "conditions.spans"),
    ("conditions.spans.0.conditionOffset", "1000", "conditionOffset"),
    ("conditions.spans.0.conditionOffset", "-1", "conditionOffset"),
    ("conditions.spans.0.rowOffset", maximum, "rowOffset"),
    ("conditions.spans.0.cumulative", "[1]", "cumulative"),
    ("conditions.spans.0.cumulative", "[0.9, 0.1, 1]", "cumulative"),
    ("conditions.spans.0.cumulative", "[\"nan\", \"nan\", \"nan\"]", "cumulative"),
    ("conditions.width", "-1", "conditions.width"),
    ("conditions", "null", "conditionWidth"),
    ("configuration.conditional", "false", "conditional"),
    ("configuration.encoding.modes", maximum, "encoding.modes"),
    ("encoder.columns.1.encoder.mixture.deviations.0", "0", "mixture"),
    ("encoder.columns.1.encoder.mixture.means.0", "\"inf\"", "mixture"),
  ]

  static let poster: [(String, String, String)] = [
    ("encoder.columns.2.encoder.maximum.0", "4e12", "minimum"),
    ("encoder.columns.2.encoder.maximum.7", "24", "minimum"),
    ("encoder.columns.1.encoder.grid.minimum", "1e300", "grid"),
  ]

  @Test(arguments: [
    (SynthesizerConfiguration.Preset.standard, standard), (.ctgan, conditional), (.poster, poster),
  ])
  func damagedDescriptionsAreRefused(
    preset: SynthesizerConfiguration.Preset, cases: [(String, String, String)]
  ) throws {
    let (description, weights) = try Self.saved(preset)
    _ = try Self.load(description, weights)
    for (path, value, name) in cases {
      let damaged = try Self.replacing(path, by: value, in: description)
      do {
        _ = try Self.load(damaged, weights)
        Issue.record("\(preset): \(path) = \(value) is taken")
      } catch let error as ModelError {
        #expect("\(error)".contains(name), "\(preset): \(path) = \(value): \(error)")
      } catch {
        Issue.record("\(preset): \(path) = \(value): \(type(of: error)) \(error)")
      }
    }
  }

  @Test(arguments: ["generator", "discriminator", "ratio"])
  func changedWeightsAreNoticed(file: String) throws {
    let model = try Self.train(.standard)
    try TemporaryFolder.with { folder in
      try model.save(to: folder)
      let context = try ComputeContext(threads: 1)
      _ = try TabularSynthesizer.load(from: folder, in: context)
      let path = "\(folder)/\(file).safetensors"
      var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
      // The last number with its lowest bit flipped.
      bytes[bytes.count - 4] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(throws: ModelError.self, "\(file)") {
        _ = try TabularSynthesizer.load(from: folder, in: context)
      }
    }
  }

  // MARK: Checkpoints

  private static func checkpoint() throws -> Safetensors {
    let (table, schema) = try SampleTables.trips(rows: 300)
    return try TemporaryFolder.with { folder in
      _ = try TabularSynthesizer.train(
        on: table, schema: schema, configuration: small(.poster),
        budget: TrainingBudget(epochs: 3), seed: 1, in: ComputeContext(threads: 1)
      ) { event in
        switch event {
        case .step(let metrics): return metrics.step == 4 ? .checkpoint : .proceed
        case .checkpoint(let state):
          try state.write(to: folder + "/checkpoint")
          return .proceed
        default: return .proceed
        }
      }
      return try Safetensors(contentsOf: folder + "/checkpoint")
    }
  }

  private static func resume(_ file: Safetensors) throws {
    let (table, schema) = try SampleTables.trips(rows: 300)
    let checkpoint = try TrainingCheckpoint(decoding: try file.encoded(), path: "checkpoint")
    _ = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: small(.poster),
      budget: TrainingBudget(epochs: 3), seed: 1, resumingFrom: checkpoint,
      in: ComputeContext(threads: 1))
  }

  /// The range of a checkpoint's description.
  private static let key = "tabgan-checkpoint"

  static let checkpoints: [(String, String)] = [
    ("metrics.step", "-5"), ("metrics.step", "0"), ("metrics.step", maximum),
    ("metrics.step", "1000000000"), ("metrics.step", "5"), ("metrics.epoch", "3"),
    ("metrics.rowsSeen", "1"), ("metrics.seconds", "-1"), ("metrics.progress", "2"),
    ("generatorSteps", "-1"), ("generatorSteps", maximum), ("generatorSteps", "3"),
    ("discriminatorSteps", maximum), ("discriminatorSteps", "0"), ("averageUpdates", maximum),
    ("averageUpdates", "-1"), ("averageUpdates", "1"), ("format", "1"), ("format", "99"),
    (
      "overflow",
      "{\"generator\":{\"isActive\":true,\"scale\":{\"factor\":-1,\"cleanSteps\":0,\"skippedSteps\":0}}}"
    ),
  ]

  @Test func damagedCheckpointsAreRefused() throws {
    let file = try Self.checkpoint()
    try Self.resume(file)
    let description = Data(try #require(file.metadata[Self.key]).utf8)
    for (path, value) in Self.checkpoints {
      var damaged = file
      damaged.metadata[Self.key] = String(
        decoding: try Self.replacing(path, by: value, in: description), as: UTF8.self)
      do {
        try Self.resume(damaged)
        Issue.record("\(path) = \(value) is taken")
      } catch is ModelError {
      } catch TrainingError.damagedCheckpoint {
      } catch {
        Issue.record("\(path) = \(value): \(type(of: error)) \(error)")
      }
    }
  }

  @Test func checkpointsThatLackTensorsAreRefused() throws {
    let file = try Self.checkpoint()
    for name in file.tensors.keys.sorted() {
      var damaged = file
      damaged.tensors[name] = nil
      #expect(throws: TrainingError.self, "without \(name)") { try Self.resume(damaged) }
      damaged.tensors[name] = Tensor(shape: [1, 1, 1], values: [-1])
      #expect(throws: TrainingError.self, "another \(name)") { try Self.resume(damaged) }
    }
  }
}
