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
    options.copyingRows = 300
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
        "c2st", "c2st_alone_auc", "c2st_linear_auc", "c2st_linear_auc_interval", "c2st_strict",
        "copying", "features", "format", "left_out", "not_compared", "plausibility", "rows", "seed",
        "shape_error_pct", "trend_error_pct", "tstr", "verdict",
      ])
    let keys = { (name: String) in (object[name] as? [String: Any])?.keys.sorted() }
    #expect(keys("shape_error_pct") == ["control", "floor", "synthetic"])
    #expect(keys("c2st_strict") == ["floor", "synthetic"])
    #expect(
      keys("tstr") == [
        "difference_interval", "metric", "target", "trtr", "trtr_interval", "tstr",
        "tstr_interval", "withheld",
      ])
    #expect(keys("rows") == ["holdout", "synthetic", "train", "used"])
    #expect(
      keys("copying") == [
        "alarm", "copied_estimate", "copied_interval", "duplicates_expected",
        "duplicates_of_holdout", "duplicates_of_train", "duplicates_within", "effective_rows",
        "near_holdout_pct", "near_train_pct", "reasons", "share", "share_interval",
        "undecided_pct",
      ])
  }

  @Test("fresh rows of the same source score as real rows do")
  func honest() throws {
    let report = try Self.report()
    let detection = try #require(report.detection)
    #expect(abs(detection.synthetic.auc - 0.5) < 0.08)
    #expect(abs(detection.floor.auc - 0.5) < 0.08)
    #expect(try #require(detection.control).auc > 0.95)
    let linear = try #require(report.linearDetection)
    #expect(abs(linear.synthetic - 0.5) < 0.08)
    #expect(try #require(linear.control) > linear.synthetic)
    let useful = try #require(report.usefulness)
    #expect(useful.metric == .r2 && useful.target.hasSuffix(".seconds"))
    #expect(useful.trainedOnReal > 0.5, "\(useful)")
    #expect(abs(useful.trainedOnSynthetic - useful.trainedOnReal) < 0.15, "\(useful)")
    #expect(useful.withheld.contains("tpep_dropoff_datetime"))
    #expect(!useful.withheld.contains("tpep_pickup_datetime"))
    #expect(report.copying?.alarm == false)
    #expect(report.plausibility.count == TaxiRules.all.count)
    #expect(report.verdict.answer == .alike && report.verdict.text.contains("AUC"))
    #expect(report.text.contains("detector AUC"))
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
    #expect(report.detection == nil && report.copying == nil && report.usefulness == nil)
    #expect(report.usefulnessOmission == .notAsked && report.verdict.answer == .notTested)
    #expect(report.text.contains("shape error"))
  }

  @Test("a category as the target is scored by AUC")
  func categoryTarget() throws {
    var options = EvaluationOptions()
    options.parts = [.usefulness]
    options.target = "payment_type"
    let report = try QualityReport.evaluate(
      train: SimulatedTables.train, holdout: SimulatedTables.holdout,
      synthetic: SimulatedTables.fresh, domains: [TaxiDomain()],
      options: options)
    let useful = try #require(report.usefulness)
    #expect(useful.metric == .auc)
    #expect(useful.trainedOnReal > 0.7, "\(useful)")
    #expect(abs(useful.trainedOnSynthetic - useful.trainedOnReal) < 0.1, "\(useful)")
    let constant = try SimulatedTables.changing(SimulatedTables.fresh, ["payment_type"]) { _, _ in
      1
    }
    let useless = try QualityReport.evaluate(
      train: SimulatedTables.train, holdout: SimulatedTables.holdout, synthetic: constant,
      domains: [TaxiDomain()], options: options)
    #expect(useless.usefulness?.trainedOnSynthetic == 0.5)
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
  func nothingToJudge() throws {
    let table = try Table(columns: [
      Column(name: "id", values: .number((0..<100).map(Double.init))),
      Column(name: "void", values: .number([Double](repeating: .nan, count: 100))),
    ])
    #expect(throws: EvaluationError.nothingToJudge(leftOut: ["id", "void"])) {
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
      { $0.rows = 0 }, { $0.copyingRows = -1 }, { $0.threads = 0 },
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

  @Test("columns that are constant or missing throughout one table are judged without a fault")
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
