// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore
import Tabular
import TabularGAN
import Testing

@Suite struct SynthesizerTests {
  private func train(
    _ preset: SynthesizerConfiguration.Preset = .standard, rows: Int = 300, epochs: Int = 1
  ) throws -> TabularSynthesizer {
    let (table, schema) = try SampleTables.trips(rows: rows)
    var configuration = SynthesizerConfiguration(preset: preset)
    configuration.batchSize = 100
    return try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration,
      budget: TrainingBudget(epochs: epochs), seed: 1, in: ComputeContext(threads: 2))
  }

  /// After 600 steps the generator must know what no single column tells: the amount
  /// depends on the kind. Shuffled columns put 52 % of the rows outside the band of their kind.
  @Test func relationsAreLearned() throws {
    let (table, schema) = try SampleTables.trips(rows: 4000)
    var configuration = SynthesizerConfiguration(preset: .standard)
    configuration.batchSize = 200
    let context = try ComputeContext(threads: 1)
    let model = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: TrainingBudget(epochs: 60),
      seed: 1, in: context)
    let made = try model.sample(rows: 0..<2000, seed: 1, in: context)
    guard case .text(let codes, _) = made["kind"]?.values, let amounts = made["amount"]?.numbers
    else {
      Issue.record("columns are missing")
      return
    }
    let outside = zip(codes, amounts).count { abs($1 - (Double($0) * 20 + 10)) > 10 }
    #expect(outside < 300, "\(outside) of 2000 rows have an amount of another kind")
    let cash = codes.count { $0 == 0 }
    #expect(
      abs(Double(cash) / 2000 - 0.6) < 0.1, "\(cash) of 2000 rows are cash, 60 % in the table")
    #expect(made["version"]?.numbers?.array == Array(repeating: 7, count: 2000))
  }

  @Test(arguments: SynthesizerConfiguration.Preset.allCases)
  func savedAndLoaded(preset: SynthesizerConfiguration.Preset) throws {
    let model = try train(preset)
    try TemporaryFolder.with { folder in
      try model.save(to: folder + "/model")
      let context = try ComputeContext(threads: 1)
      let again = try TabularSynthesizer.load(from: folder + "/model", in: context)
      #expect(again.configuration == model.configuration)
      #expect(again.schema == model.schema)
      #expect(
        try again.sample(rows: 0..<50, seed: 4, in: context)
          == model.sample(rows: 0..<50, seed: 4, in: context))
    }
  }

  @Test func damageIsNoticed() throws {
    let model = try train()
    try TemporaryFolder.with { folder in
      let context = try ComputeContext(threads: 1)
      #expect(throws: ModelError.notFound(folder: folder)) {
        try TabularSynthesizer.load(from: folder, in: context)
      }
      func damage(_ file: String, _ change: (Data) -> Data) throws -> any Error {
        try model.save(to: folder)
        let path = folder + "/" + file
        let content = try #require(FileManager.default.contents(atPath: path))
        try change(content).write(to: URL(fileURLWithPath: path))
        return try #require(throws: (any Error).self) {
          try TabularSynthesizer.load(from: folder, in: context)
        }
      }
      for file in [
        "generator.safetensors", "discriminator.safetensors", "ratio.safetensors",
      ] {
        let error = try damage(file) { $0.dropLast(9) }
        #expect("\(error)".contains(file), "\(error)")
      }
      let cut = try damage("model.json") { $0.prefix($0.count / 2) }
      #expect("\(cut)".contains("model.json"), "\(cut)")
      func version(_ number: Int, of data: Data) -> Data {
        let text = String(decoding: data, as: UTF8.self)
        return Data(text.replacing("\"formatVersion\":6", with: "\"formatVersion\":\(number)").utf8)
      }
      let later = try damage("model.json") { version(99, of: $0) }
      #expect(
        later as? ModelError == .laterVersion(folder: folder, found: 99, supported: 6), "\(later)")
      let earlier = try damage("model.json") { version(1, of: $0) }
      #expect(
        earlier as? ModelError == .earlierVersion(folder: folder, found: 1, supported: 6),
        "\(earlier)")
      // Weights of another run.
      let other = try train(epochs: 2)
      try other.save(to: folder + "/other")
      try model.save(to: folder)
      try FileManager.default.removeItem(atPath: folder + "/generator.safetensors")
      try FileManager.default.copyItem(
        atPath: folder + "/other/generator.safetensors", toPath: folder + "/generator.safetensors")
      let foreign = #expect(throws: ModelError.self) {
        try TabularSynthesizer.load(from: folder, in: context)
      }
      #expect("\(String(describing: foreign))".contains("another training run"))
    }
  }

  @Test func stopsOnRequest() throws {
    let (table, schema) = try SampleTables.trips(rows: 300)
    var configuration = SynthesizerConfiguration(preset: .poster)
    configuration.batchSize = 50
    var reasons: [String] = []
    let model = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: TrainingBudget(epochs: 50),
      seed: 1, in: ComputeContext(threads: 1)
    ) { event in
      if case .finished(_, let reason) = event { reasons.append(reason) }
      if case .step(let metrics) = event, metrics.step == 7 { return .stop }
      return .proceed
    }
    #expect(model.training.step == 7)
    #expect(reasons == ["stopped by the caller"])
  }

  @Test func badTablesAndSettingsAreRefused() throws {
    let context = try ComputeContext(threads: 1)
    let (table, schema) = try SampleTables.trips(rows: 300)
    func error(
      _ table: Table, _ schema: Schema,
      _ change: (inout SynthesizerConfiguration) -> Void = { _ in }
    ) throws -> any Error {
      var configuration = SynthesizerConfiguration(preset: .ctgan)
      change(&configuration)
      return try #require(throws: (any Error).self) {
        try TabularSynthesizer.train(
          on: table, schema: schema, configuration: configuration,
          budget: TrainingBudget(epochs: 1), seed: 1, in: context)
      }
    }
    let none = table.selecting(rows: [])
    #expect(try error(none, schema) is TrainingError)
    let few = table.selecting(rows: Array(0..<19))
    #expect(try "\(error(few, SchemaInference.infer(few)))".contains("too few"))
    let constant = try Table(columns: [
      Column(name: "c", values: .number(Array(repeating: 1, count: 100)))
    ])
    #expect(try "\(error(constant, SchemaInference.infer(constant)))".contains("no column"))
    #expect(try "\(error(table, schema) { $0.batchSize = 55 })".contains("multiple"))
    #expect(try error(table, schema) { $0.batchSize = 0 } is TrainingError)
    #expect(try error(table, schema) { $0.temperature = 0 } is TrainingError)
    #expect(try error(table, schema) { $0.discriminator.dropout = 1 } is TrainingError)
    #expect(try error(table, schema) { $0.generator.hidden = [0] } is TrainingError)
  }

  @Test func divergenceIsReported() throws {
    let (table, schema) = try SampleTables.trips(rows: 300)
    var configuration = SynthesizerConfiguration(preset: .poster)
    configuration.batchSize = 100
    // The highest rates, and so deep that products of weights overflow.
    configuration.discriminator.hidden = Array(repeating: 24, count: 12)
    configuration.generatorOptimizer = .rmsprop(learningRate: 1000)
    configuration.discriminatorOptimizer = .rmsprop(learningRate: 1000)
    #expect(throws: TrainingError.self) {
      try TabularSynthesizer.train(
        on: table, schema: schema, configuration: configuration,
        budget: TrainingBudget(epochs: 30), seed: 1, in: ComputeContext(threads: 1))
    }
  }

  @Test(arguments: SynthesizerConfiguration.Preset.allCases)
  func configurationsAreStored(preset: SynthesizerConfiguration.Preset) throws {
    let configuration = SynthesizerConfiguration(preset: preset)
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(SynthesizerConfiguration.self, from: data) == configuration)
  }
}

/// A folder that is removed after use.
enum TemporaryFolder {
  static func with<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = NSTemporaryDirectory() + "gan-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}
