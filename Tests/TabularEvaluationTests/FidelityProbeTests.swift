// SPDX-License-Identifier: Apache-2.0

import TabularEvaluation
import Testing

@Suite("The fidelity probe")
struct FidelityProbeTests {
  @Test("orders fresh, partly wrong and shuffled rows as the full report does")
  func order() throws {
    let probe = try FidelityProbe(reference: SimulatedTables.train, rows: 2500)
    let fresh = try probe.score(SimulatedTables.fresh)
    let partial = try probe.score(
      SimulatedTables.shuffled(
        SimulatedTables.train, rows: 2500, columns: ["fare_amount", "trip_distance"]))
    let independentColumnsBaseline = try probe.score(
      SimulatedTables.shuffled(SimulatedTables.train, rows: 2500))
    #expect(fresh.trendError < 1.5 * probe.holdoutBaseline.trendError)
    #expect(fresh.shapeError < 2 * probe.holdoutBaseline.shapeError)
    #expect(
      fresh.trendError < partial.trendError
        && partial.trendError < independentColumnsBaseline.trendError)
    #expect(independentColumnsBaseline.shapeError < 2 * probe.holdoutBaseline.shapeError)
  }

  @Test("errors are typed")
  func errors() throws {
    let none = SimulatedTables.fresh.selecting(rows: [])
    #expect(throws: EvaluationError.emptyTable("reference")) {
      _ = try FidelityProbe(reference: none)
    }
    let probe = try FidelityProbe(reference: SimulatedTables.train, rows: 100)
    #expect(throws: EvaluationError.emptyTable("synthetic")) { _ = try probe.score(none) }
  }
}
