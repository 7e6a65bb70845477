// SPDX-License-Identifier: Apache-2.0

import TabularEvaluation
import TaxiTrips
import Testing

@Suite("Scores on the scale of SDMetrics")
struct SDMetricsScoresTests {
  /// SDMetrics 0.32.0 on `tabgan simulate` -n 2000 --seed 1 and -n 1500 --seed 3, the mean over all
  /// columns of a kind or pairs of them, with `coefficient='Spearman'`.
  @Test("they are those of SDMetrics")
  func agreement() throws {
    let table = { (rows: Int, seed: UInt64) in
      TripSimulator(seed: seed).table(rows: 0..<rows)
    }
    var options = EvaluationOptions()
    options.parts = []
    let report = try QualityReport.evaluate(
      train: table(2000, 1), holdout: table(1500, 2), synthetic: table(1500, 3), options: options)
    let found = try #require(report.sdmetrics).synthetic
    for (name, mean, score, count) in [
      ("KSComplement", found.ksComplement, 0.9743928571428571, 14),
      ("TVComplement", found.tvComplement, 0.9858666666666667, 5),
      ("CorrelationSimilarity", found.correlationSimilarity, 0.9857521956855794, 78),
      ("ContingencySimilarity", found.contingencySimilarity, 0.9729333333333334, 10),
    ] {
      let mean = try #require(mean)
      #expect(abs(mean.score - score) <= 1e-9, "\(name): \(mean)")
      #expect(mean.count == count, "\(name): \(mean)")
    }
    #expect(report.text.contains("SDMetrics KSComplement"))
  }

  @Test("columns whose definitions differ are left out")
  func differences() throws {
    var options = EvaluationOptions()
    options.parts = []
    let report = try QualityReport.evaluate(
      train: Fixtures.table("train"), holdout: Fixtures.table("holdout"),
      synthetic: Fixtures.table("synthetic"), options: options)
    let found = try #require(report.sdmetrics).synthetic
    // Complete numbers and times: ended, count. Complete categories: paid, constant, area, tariff.
    #expect(found.ksComplement?.count == 2)
    #expect(found.tvComplement?.count == 4)
    #expect(found.correlationSimilarity?.count == 1)
    // Categories with missing values, grade and colour, count in pairs.
    #expect(found.contingencySimilarity?.count == 15)
  }
}
