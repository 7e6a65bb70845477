// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularGAN
import Testing

@Suite("Rows that meet conditions")
struct ConditionalRowsTests {
  private static func train(
    _ preset: SynthesizerConfiguration.Preset, epochs: Int = 3
  ) throws -> TabularSynthesizer {
    let (table, schema) = try SampleTables.trips(rows: 1000)
    var configuration = SynthesizerConfiguration(preset: preset)
    configuration.batchSize = 100
    return try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration,
      budget: TrainingBudget(epochs: epochs),
      seed: 1, in: ComputeContext(threads: 1))
  }

  private func conditions(_ texts: [String], _ model: TabularSynthesizer) throws -> [RowCondition] {
    try texts.map { try RowCondition($0, schema: model.schema) }
  }

  @Test(
    "They are the first that meet them, for any block and any number of threads",
    arguments: [["kind = card"], ["amount >= 20", "when.hour < 12"], ["kind is not missing"], []])
  func first(texts: [String]) throws {
    let model = try Self.train(.standard)
    let met = try conditions(texts, model)
    let context = try ComputeContext(threads: 1)
    let all = try model.sample(rows: 0..<4000, seed: 3, in: context)
    let rows = Array(try all.rows(where: met).prefix(150))
    #expect(rows.count == 150, "\(texts): \(rows.count) of 4000 rows")
    let expected = try Table(joining: [all.selecting(rows: rows)])
    for (threads, block) in [(1, 8192), (2, 1000), (3, 37)] {
      let context = try ComputeContext(threads: threads)
      var parts: [Table] = []
      let tally = try model.sample(
        150, where: met, seed: 3, maxDraws: nil, drawsPerBlock: block, in: context
      ) { rows, _ in parts.append(rows) }
      #expect(try Table(joining: parts) == expected, "\(texts), blocks of \(block)")
      #expect(tally == DrawTally(draws: rows.last! + 1, accepted: 150))
    }
    #expect(try model.sample(150, where: met, seed: 3, in: context) == expected)
  }

  @Test("A conditional model is told the rarest condition, and far fewer draws are left out")
  func conditionVector() throws {
    let model = try Self.train(.ctgan, epochs: 100)
    let context = try ComputeContext(threads: 1)
    let met = try conditions(["kind = free", "amount > 0"], model)
    let plain = try model.sample(rows: 0..<4000, seed: 1, in: context).rows(where: met).count
    var tally = DrawTally()
    let rows = try { () throws -> Table in
      var parts: [Table] = []
      tally = try model.sample(200, where: met, seed: 1, in: context) { rows, _ in
        parts.append(rows)
      }
      return try Table(joining: parts)
    }()
    #expect(try rows.rows(where: met).count == 200)
    #expect(
      tally.rate > 4 * Double(plain) / 4000, "\(tally), and \(plain) of 4000 rows without it")
    // Where every category may come the model is left to itself.
    let any = try conditions(["kind in (cash, card, free)"], model)
    #expect(
      try model.sample(100, where: any, seed: 1, in: context)
        == Table(joining: [model.sample(rows: 0..<100, seed: 1, in: context)]))
    // Of several categories each keeps its share of the table.
    let two = try model.sample(
      1000, where: conditions(["kind != cash"], model), seed: 1, in: context)
    let free = try two.rows(where: conditions(["kind = free"], model)).count
    #expect((10...300).contains(free), "\(free) of 1000 are free, 7.5 % in the table")
  }

  @Test("Conditions without mass end with the rate that was seen")
  func tooRare() throws {
    let model = try Self.train(.standard)
    let context = try ComputeContext(threads: 1)
    func error(
      _ texts: [String], maxDraws: Int?, count: Int = 100
    ) throws -> ConditionalSamplingError {
      try #require(throws: ConditionalSamplingError.self) {
        try model.sample(
          count, where: conditions(texts, model), seed: 1, maxDraws: maxDraws, in: context)
      }
    }
    // After the pilot, long before the limit.
    #expect(
      try error(["amount > 1000000"], maxDraws: nil)
        == .tooRare(
          DrawTally(draws: 65_536, accepted: 0), wanted: 100, maxDraws: 1_000_000))
    // At the limit, where it comes first.
    let limited = try error(["kind = card"], maxDraws: 120)
    guard case .tooRare(let tally, _, 120) = limited else {
      Issue.record("\(limited)")
      return
    }
    #expect(tally.draws == 120 && (1..<100).contains(tally.accepted), "\(tally)")
    // Exactly what was found can be had.
    let found = try model.sample(
      tally.accepted, where: conditions(["kind = card"], model), seed: 1, maxDraws: 120,
      in: context)
    #expect(found.rowCount == tally.accepted)
    #expect(
      try error(["kind = nothing"], maxDraws: nil)
        == .noCategory(column: "kind", categories: ["cash", "card", "free"]))
    #expect(try error(["kind is missing"], maxDraws: nil) == error(["kind = x"], maxDraws: nil))
    #expect(
      try "\(error(["amount > 1000000"], maxDraws: nil))".contains("0 of 65536"))
  }

  /// Kinds that are too many for a position each share some, by the amounts that they go with.
  @Test("Categories of a group can be had", arguments: [false, true])
  func groupedCategories(isConditional: Bool) throws {
    let rows = 4000
    let kinds = (0..<rows).map { Int32($0 * 7 % 200) }
    let table = try Table(columns: [
      Column(name: "kind", values: .text(codes: kinds, categories: (0..<200).map { "k\($0)" })),
      Column(
        name: "amount",
        values: .number(kinds.indices.map { Double(kinds[$0] % 4 * 10 + Int32($0 % 7)) })),
    ])
    var configuration = SynthesizerConfiguration(preset: .standard)
    configuration.batchSize = 200
    configuration.conditional = isConditional
    configuration.resampling = nil
    let model = try TabularSynthesizer.train(
      on: table, schema: SchemaInference.infer(table), configuration: configuration,
      budget: TrainingBudget(epochs: isConditional ? 60 : 3), seed: 1,
      in: ComputeContext(threads: 1))
    let context = try ComputeContext(threads: 2)
    var tally = DrawTally()
    var parts: [Table] = []
    tally = try model.sample(
      20, where: conditions(["kind in (k17, k133)"], model), seed: 2, in: context
    ) { rows, _ in parts.append(rows) }
    let found = try Table(joining: parts)
    guard case .text(let codes, let categories) = found.columns[0].values else { return }
    #expect(found.rowCount == 20)
    #expect(Set(codes.map { categories[Int($0)] }).isSubset(of: ["k17", "k133"]))
    // Told the group, a conditional model leaves out far fewer than the 99 % that are other
    // categories.
    if isConditional { #expect(tally.rate > 0.02, "\(tally)") }
    let error = try #require(throws: ConditionalSamplingError.self) {
      try model.sample(5, where: conditions(["kind = nothing"], model), seed: 1, in: context)
    }
    guard case .noCategory("kind", let known) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(Set(known) == Set((0..<200).map { "k\($0)" }))
  }

  @Test("The default limit grows with the rows and is never above 100 million")
  func limits() {
    for (count, limit) in [(1, 1_000_000), (500, 5_000_000), (20_000, 100_000_000)] {
      #expect(TabularSynthesizer.defaultMaxDraws(for: count) == limit)
    }
    #expect(TabularSynthesizer.defaultMaxDraws(for: .max) == 100_000_000)
  }

  /// Wilson's intervals as statsmodels' `proportion_confint(method="wilson")` gives them.
  @Test(
    "Confidence intervals",
    arguments: [
      (0, 0, 0.0, 1.0), (0, 100, 0, 0.03), (0, 2, 0, 1), (1, 10, 0.017876, 0.404150),
      (50, 100, 0.403832, 0.596168), (100, 100, 0.963007, 1),
    ])
  func intervals(accepted: Int, draws: Int, low: Double, high: Double) {
    let interval = DrawTally(draws: draws, accepted: accepted).interval
    #expect(abs(interval.lowerBound - low) <= 1e-6, "\(interval)")
    #expect(abs(interval.upperBound - high) <= 1e-6, "\(interval)")
  }
}
