// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation
import TaxiTrips
import Testing

@Suite("Agreement with an external evaluator on awkward rows")
struct EvaluatorAgreementTests {
  /// How the files become tables; what is evaluated must not depend on it.
  enum Reading: CaseIterable {
    case textCells, typedColumns
  }

  private static func report(_ reading: Reading) throws -> QualityReport {
    var options = EvaluationOptions()
    options.parts = [.memorization]
    let table = { (name: String) in
      switch reading {
      case .textCells: try Fixtures.table(name)
      case .typedColumns:
        try CSVReader.readTable(path: Fixtures.folder.appending(path: "\(name).csv").path).table
      }
    }
    return try QualityReport.evaluate(
      train: table("train"), holdout: table("holdout"), synthetic: table("synthetic"),
      domains: [TaxiDomain()], options: options)
  }

  @Test("roles, shape, trend and rules agree to 1e-6", arguments: Reading.allCases)
  func similarity(reading: Reading) throws {
    let golden: Golden = try Fixtures.goldens("small")
    let report = try Self.report(reading)
    EvaluatorAgreement.expectSameColumns(report, golden)
    EvaluatorAgreement.expectSameFigures(report, golden, "small")
    #expect(
      report.trend.synthetic.pairs.count == golden.trend_error_pct.synthetic.pairs.count,
      "all pairs were compared")
  }

  @Test(
    "copying agrees digit by digit where nothing is drawn at random", arguments: Reading.allCases)
  func memorization(reading: Reading) throws {
    let golden: Golden = try Fixtures.goldens("small")
    let found = try #require(try Self.report(reading).memorization)
    let expected = golden.copying
    #expect(found.detected == expected.alarm)
    #expect(found.reasons == expected.reasons)
    #expect(EvaluatorAgreement.isClose(found.dcrShare, expected.share))
    #expect(
      EvaluatorAgreement.isClose(found.memorizationEstimate ?? .nan, expected.copied_estimate))
    #expect(EvaluatorAgreement.isClose(found.nearTrain, expected.near_train_pct))
    #expect(EvaluatorAgreement.isClose(found.nearHoldout, expected.near_holdout_pct))
    #expect(EvaluatorAgreement.isClose(found.effectiveRows, expected.effective_rows))
    #expect(found.duplicatesOfTrain == expected.duplicates_of_train)
    #expect(found.duplicatesOfHoldout == expected.duplicates_of_holdout)
    #expect(found.duplicatesWithin == expected.duplicates_within)
  }
}
