// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularGAN
import Testing
import TabularEncoding

/// Training ends early where rows are memorized.
@Suite(.serialized) struct OverfittingTests {
  private struct Run {
    var steps = 0
    var reason = ""
    var losses: [UInt32] = []
  }

  /// Trains `rows` rows on a context of its own, up to 1,500 steps.
  private func run(
    rows: Int, monitoring: Table?, limit: Float? = 0.8, interruptedAt interruption: Int? = nil
  ) throws -> Run {
    let (table, schema) = try SampleTables.trips(rows: rows)
    var configuration = SynthesizerConfiguration(preset: .standard)
    configuration.resampling = nil
    configuration.minCategoryShare = 0
    configuration.generator.hidden = [32]
    configuration.batchSize = 50
    configuration.overfittingLimit = limit
    let budget = TrainingBudget(epochs: 1500 * 50 / rows)
    let context = try ComputeContext(threads: 2)
    var run = Run()
    var state: TrainingCheckpoint?
    struct Interrupted: Error {}
    func part(from checkpoint: TrainingCheckpoint?, until end: Int?) throws {
      _ = try TabularSynthesizer.train(
        on: table, schema: schema, configuration: configuration, budget: budget, seed: 3,
        resumingFrom: checkpoint, monitoring: monitoring, in: context
      ) { event in
        switch event {
        case .step(let metrics):
          run.steps = metrics.step
          run.losses.append(metrics.discriminatorLoss.bitPattern)
          return metrics.step == end ? .checkpoint : .proceed
        case .checkpoint(let reached):
          state = reached
          throw Interrupted()
        case .finished(_, let reason): run.reason = reason
        default: break
        }
        return .proceed
      }
    }
    if let interruption {
      #expect(throws: Interrupted.self) { try part(from: nil, until: interruption) }
      try part(from: try #require(state), until: nil)
    } else {
      try part(from: nil, until: nil)
    }
    return run
  }

  @Test func aFewRowsAreMemorized() throws {
    let monitoring = try SampleTables.trips(rows: 500, seed: 7).table
    let stopped = try run(rows: 100, monitoring: monitoring)
    #expect(stopped.steps < 1500 && stopped.steps % 250 == 0, "\(stopped.steps)")
    #expect(stopped.reason.contains("overfitting"), "\(stopped.reason)")
    for other in [
      try run(rows: 100, monitoring: nil), try run(rows: 100, monitoring: monitoring, limit: nil),
      // The training rows themselves give no sign.
      try run(rows: 100, monitoring: try SampleTables.trips(rows: 100).table),
    ] {
      #expect(other.steps == 1500)
      #expect(other.losses.starts(with: stopped.losses))
    }
    // Interrupted at the very step at which it ends, and before.
    for step in [stopped.steps, 130] {
      let resumed = try run(rows: 100, monitoring: monitoring, interruptedAt: step)
      #expect(resumed.losses == stopped.losses, "\(step)")
      #expect(resumed.reason == stopped.reason)
    }
  }

  @Test func manyRowsAreNot() throws {
    let monitoring = try SampleTables.trips(rows: 500, seed: 7).table
    let run = try run(rows: 5000, monitoring: monitoring)
    #expect(run.steps == 1500, "\(run.reason)")
  }

  /// Monitoring rows with categories that no learned row has are left out.
  @Test func monitoringRowsWithUnknownCategories() throws {
    let (table, schema) = try SampleTables.trips(rows: 300)
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    var columns = try SampleTables.trips(rows: 20, seed: 7).table.columns
    columns[0] = Column(
      name: "kind",
      values: .text(
        codes: (0..<20).map { $0 == 4 || $0 == 11 ? 1 : 0 }, categories: ["cash", "barter"]))
    let monitoring = try Table(columns: columns)
    #expect(encoder.transformKnown(monitoring, seed: 1)?.rowCount == 18)
    columns[0] = Column(
      name: "kind", values: .text(codes: Array(repeating: 0, count: 20), categories: ["barter"]))
    #expect(encoder.transformKnown(try Table(columns: columns), seed: 1) == nil)
  }
}
