// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TabularEvaluation
import Testing
import TaxiTrips

@Suite("Quality reports")
struct QualityReportTests {
  private static func report(threads: Int = 2) throws -> QualityReport {
    var options = EvaluationOptions()
    options.rows = 800
    options.memorizationRows = 300
    options.threads = threads
    return try QualityReport.evaluate(
      train: SimulatedTables.train.selecting(rows: Array(0..<2000)),
      holdout: SimulatedTables.holdout.selecting(rows: Array(0..<900)),
      synthetic: SimulatedTables.fresh.selecting(rows: Array(0..<1000)), domains: [TaxiDomain()],
      options: options)
  }

  @Test("the whole report is the same on one thread and on three")
  func determinism() throws {
    #expect(try Self.report(threads: 1) == Self.report(threads: 3))
  }

  @Test("JSON keys are stable, and the report comes back from JSON")
  func json() throws {
    let report = try Self.report()
    let data = try report.json()
    #expect(try JSONDecoder().decode(QualityReport.self, from: data) == report)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "c2st", "c2st_engineered", "c2st_logistic_auc", "c2st_logistic_auc_interval",
        "c2st_single_column_auc", "excluded_columns", "features", "format", "memorization",
        "ml_utility", "not_compared", "plausibility", "rows", "sdmetrics", "seed",
        "shape_error_pct",
        "trend_error_pct", "verdict",
      ])
    let keys = { (name: String) in (object[name] as? [String: Any])?.keys.sorted() }
    #expect(keys("shape_error_pct") == ["holdout_baseline", "independent_columns", "synthetic"])
    #expect(keys("c2st_engineered") == ["holdout_baseline", "synthetic"])
    #expect(
      keys("ml_utility") == [
        "difference_interval", "metric", "target", "trtr", "trtr_interval", "tstr",
        "tstr_interval", "withheld",
      ])
    #expect(keys("rows") == ["holdout", "synthetic", "train", "used"])
    #expect(
      keys("memorization") == [
        "dcr_share", "dcr_share_interval", "detected", "duplicates_expected",
        "duplicates_of_holdout", "duplicates_of_train", "duplicates_within", "effective_rows",
        "memorization_estimate", "memorization_interval", "near_holdout_pct", "near_train_pct",
        "reasons", "undecided_pct",
      ])
  }

  @Test("fresh rows of the same source score as real rows do")
  func honest() throws {
    let report = try Self.report()
    let c2st = try #require(report.c2st)
    #expect(abs(c2st.synthetic.auc - 0.5) < 0.08)
    #expect(abs(c2st.holdoutBaseline.auc - 0.5) < 0.08)
    #expect(try #require(c2st.independentColumnsBaseline).auc > 0.95)
    let linear = try #require(report.logisticC2ST)
    #expect(abs(linear.synthetic - 0.5) < 0.08)
    #expect(try #require(linear.independentColumnsBaseline) > linear.synthetic)
    let utility = try #require(report.utility)
    #expect(utility.metric == .r2 && utility.target.hasSuffix(".seconds"))
    #expect(utility.trainedOnReal > 0.5, "\(utility)")
    #expect(abs(utility.trainedOnSynthetic - utility.trainedOnReal) < 0.15, "\(utility)")
    #expect(utility.withheld.contains("tpep_dropoff_datetime"))
    #expect(!utility.withheld.contains("tpep_pickup_datetime"))
    #expect(report.memorization?.detected == false)
    #expect(report.plausibility.count == TaxiRules.all.count)
    #expect(report.verdict.answer == .alike && report.verdict.text.contains("AUC"))
    #expect(report.text.contains("C2ST AUC"))
    #expect(!report.text.contains("nan"))
    for line in report.text.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
  }

  @Test("progress moves forward and ends")
  func progress() throws {
    var seen: [Double] = []
    var options = EvaluationOptions()
    options.parts = []
    options.rows = 200
    let report = try QualityReport.evaluate(
      train: SimulatedTables.train, holdout: SimulatedTables.holdout,
      synthetic: SimulatedTables.fresh, domains: [TaxiDomain()],
      options: options
    ) { seen.append($0.fraction) }
    #expect(seen == seen.sorted() && seen.first == 0 && seen.last == 1)
    #expect(report.c2st == nil && report.memorization == nil && report.utility == nil)
    #expect(report.utilityOmission == .notRequested && report.verdict.answer == .notTested)
    #expect(report.text.contains("shape error"))
  }

  @Test("a category as the target is scored by AUC")
  func categoryTarget() throws {
    var options = EvaluationOptions()
    options.parts = [.utility]
    options.target = "payment_type"
    let report = try QualityReport.evaluate(
      train: SimulatedTables.train, holdout: SimulatedTables.holdout,
      synthetic: SimulatedTables.fresh, domains: [TaxiDomain()],
      options: options)
    let utility = try #require(report.utility)
    #expect(utility.metric == .auc)
    #expect(utility.trainedOnReal > 0.7, "\(utility)")
    #expect(abs(utility.trainedOnSynthetic - utility.trainedOnReal) < 0.1, "\(utility)")
    let constant = try SimulatedTables.changing(SimulatedTables.fresh, ["payment_type"]) { _, _ in
      1
    }
    let useless = try QualityReport.evaluate(
      train: SimulatedTables.train, holdout: SimulatedTables.holdout, synthetic: constant,
      domains: [TaxiDomain()], options: options)
    #expect(useless.utility?.trainedOnSynthetic == 0.5)
  }
}

@Suite("Errors of an evaluation")
struct EvaluationErrorTests {
  private static let small = SimulatedTables.fresh.selecting(rows: Array(0..<50))

  private static func evaluate(
    train: Table = small, holdout: Table = small, synthetic: Table = small,
    options: EvaluationOptions = .init()
  ) throws {
    var options = options
    options.parts = []
    _ = try QualityReport.evaluate(
      train: train, holdout: holdout, synthetic: synthetic, domains: [TaxiDomain()],
      options: options)
  }

  @Test("a table without rows")
  func empty() {
    let none = Self.small.selecting(rows: [])
    #expect(throws: EvaluationError.emptyTable("train")) { try Self.evaluate(train: none) }
    #expect(throws: EvaluationError.emptyTable("holdout")) { try Self.evaluate(holdout: none) }
    #expect(throws: EvaluationError.emptyTable("synthetic")) {
      try Self.evaluate(synthetic: none)
    }
  }

  @Test("a column that is missing is named")
  func missingColumns() throws {
    let fewer = try Table(columns: Array(Self.small.columns.dropFirst(2)))
    let names = Self.small.columnNames.prefix(2)
    #expect(throws: EvaluationError.missingColumns(table: "synthetic", columns: Array(names))) {
      try Self.evaluate(synthetic: fewer)
    }
  }

  @Test("nothing but ids and emptiness")
  func nothingToCompare() throws {
    let table = try Table(columns: [
      Column(name: "id", values: .number((0..<100).map(Double.init))),
      Column(name: "void", values: .number([Double](repeating: .nan, count: 100))),
    ])
    #expect(throws: EvaluationError.nothingToCompare(excludedNames: ["id", "void"])) {
      try Self.evaluate(train: table, holdout: table, synthetic: table)
    }
  }

  @Test("options out of range, and a target that is not there")
  func options() {
    var options = EvaluationOptions()
    options.target = "nonsense"
    let error = #expect(throws: EvaluationError.self) { try Self.evaluate(options: options) }
    #expect(error?.description.contains("nonsense") == true)
    #expect(error?.description.contains("fare_amount") == true)
    for change in [
      { $0.rows = 0 }, { $0.memorizationRows = -1 }, { $0.threads = 0 },
    ] as [(inout EvaluationOptions) -> Void] {
      var options = EvaluationOptions()
      change(&options)
      let error = #expect(throws: EvaluationError.self) { try Self.evaluate(options: options) }
      guard case .invalidOption = error else {
        Issue.record("\(String(describing: error)) is no invalid option")
        continue
      }
    }
  }

  @Test("columns that are constant or missing throughout one table are evaluated without a fault")
  func degenerateColumns() throws {
    let make = { (values: [Double], other: [Double]) in
      try Table(columns: [
        Column(name: "a", values: .number(values)), Column(name: "b", values: .number(other)),
      ])
    }
    let varied = (0..<100).map { Double(($0 * 37) % 89) / 8 }
    let constant = [Double](repeating: 3, count: 100)
    let missing = [Double](repeating: .nan, count: 100)
    for (a, b) in [(constant, constant), (missing, missing), (missing, varied)] {
      let report = try QualityReport.evaluate(
        train: make(varied, varied), holdout: make(varied, varied), synthetic: make(a, b))
      #expect(report.shape.synthetic.mean > 0 && report.trend.synthetic.mean.isFinite)
      #expect(try !report.json().isEmpty, "figures that are not finite could not be written")
    }
  }
}
