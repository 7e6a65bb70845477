// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TabularEvaluation
import Testing

@Suite("Verdicts by the number of rows")
struct SampleSizeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var rows: Int
    var source: SampledTables.Source
    var answers: Set<Verdict.Answer>
    var testDescription: String { "\(rows) rows, \(source.rawValue)" }
  }

  static let cases =
    [1, 2, 20, 68, 300, 2000].flatMap { rows in
      [
        Case(
          rows: rows, source: .related, answers: rows < 400 ? [.tooFewRows] : [.alike]),
        Case(
          rows: rows, source: .different,
          answers: rows < 68
            ? [.tooFewRows]
            : [.close, .oftenDistinguishable, .easilyDistinguishable, .asIndependentColumns]),
      ]
    }

  private static func report(_ rows: Int, _ source: SampledTables.Source, seed: UInt64) throws
    -> QualityReport
  {
    var options = EvaluationOptions()
    options.parts = [.c2st, .memorization, .utility]
    options.target = "b"
    options.seed = seed
    return try QualityReport.evaluate(
      train: SampledTables.table(.related, rows: 4 * rows + 4, seed: 10 * seed + 1),
      holdout: SampledTables.table(.related, rows: rows, seed: 10 * seed + 2),
      synthetic: SampledTables.table(source, rows: rows, seed: 10 * seed + 3), options: options)
  }

  @Test("Few rows are inconclusive, enough rows distinguish alike from different", arguments: cases)
  func verdict(of sample: Case) throws {
    for seed: UInt64 in 1...3 {
      let report = try Self.report(sample.rows, sample.source, seed: seed)
      let verdict = report.verdict
      let message = "\(sample.testDescription), seed \(seed): \(verdict)"
      #expect(sample.answers.contains(verdict.answer), "\(message)")
      #expect(report.memorization?.detected == false, "\(message)")
      if verdict.answer == .tooFewRows {
        let needed = try #require(verdict.rowsNeeded)
        #expect(needed >= SampleSize.planned && needed > sample.rows, "\(message)")
        #expect(verdict.text.contains("too few rows to tell"), "\(message)")
        #expect(verdict.text.contains("about \(needed) on each side"), "\(message)")
      } else {
        #expect(verdict.rowsNeeded == nil, "\(message)")
      }
      let json = try JSONSerialization.jsonObject(with: report.json()) as? [String: Any]
      let found = json?["verdict"] as? [String: Any]
      #expect(found?["answer"] as? String == verdict.answer.rawValue, "\(message)")
      #expect(found?["rows_needed"] as? Int == verdict.rowsNeeded, "\(message)")
    }
  }

  @Test("The requested number of rows decides for the same AUC")
  func rowsNeeded() {
    for rows in [1, 5, 50, 300, 650, 900, 3000] {
      for auc in stride(from: 0.2, through: 0.7, by: 0.01) {
        guard case .tooFew(let needed) = SampleSize.answer(auc, holdoutBaseline: 0.5, rows: rows)
        else {
          continue
        }
        let again = SampleSize.answer(auc, holdoutBaseline: 0.5, rows: needed)
        #expect(again == .alike || again == .different, "\(rows) rows, AUC \(auc): \(needed)")
      }
    }
  }

  @Test("A holdout baseline above 0.5 by chance excuses nothing, a significant one does")
  func holdoutBaseline() {
    #expect(SampleSize.answer(0.6, holdoutBaseline: 0.5, rows: 5000) == .different)
    #expect(SampleSize.answer(0.6, holdoutBaseline: 0.6, rows: 5000) == .alike)
    // An AUC below 0.5 is chance, and no reason to call few rows alike.
    for auc in [0.53, 0.5, 0.4, 0.3] {
      guard case .tooFew = SampleSize.answer(auc, holdoutBaseline: 0.55, rows: 68) else {
        Issue.record("68 rows were enough, AUC \(auc)")
        continue
      }
    }
  }

  /// The interval treats cross-validated scores as independent; this measures the effect.
  @Test(
    "Intervals of cross-validated AUCs have their nominal coverage of 0.5", arguments: [68, 300])
  func coverage(rows: Int) throws {
    let trials = 200
    let encoder = FeatureEncoder(train: try SampledTables.table(.related, rows: 1000, seed: 7))
    let tests = try (0..<trials).map { trial in
      let tables = try [0, 1].map { side in
        try encoder(
          SampledTables.table(.related, rows: rows, seed: UInt64(1000 + 2 * trial + side)),
          part: "synthetic")
      }
      return (real: tables[0], synthetic: tables[1])
    }
    let results = TwoSampleTest().run(tests, threads: 2)
    let held = results.count { $0.interval.contains(0.5) }
    let below = results.count { $0.interval.upperBound < 0.5 }
    let above = results.count { $0.interval.lowerBound > 0.5 }
    let areas = results.map(\.auc)
    let mean = areas.reduce(0, +) / Double(trials)
    let deviation =
      (areas.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(trials - 1)).squareRoot()
    let n = Double(rows)
    let expected = TwoSampleTest.spread * ((2 * n + 1) / (12 * n * n)).squareRoot()
    let message =
      "\(rows) rows: \(held) of \(trials) hold 0.5, \(below) below, \(above) above; mean AUC \(mean), "
      + "deviation \(deviation), expected \(expected)"
    #expect(held >= 180, "\(message)")
  }
}

@Suite("Confidence intervals")
struct IntervalTests {
  @Test("Interval of an AUC, compared with published values")
  func area() {
    // The null variance of Mann and Whitney: at 0.5, (2 n + 1) / (12 n^2).
    let wide = Intervals.areaUnderCurve(0.5, positives: 50, negatives: 50)
    let error = (101.0 / 30_000).squareRoot()
    #expect(abs(wide.upperBound - 0.5 - 1.96 * error) < 0.006, "\(wide)")
    #expect(abs(wide.upperBound + wide.lowerBound - 1) < 1e-6, "\(wide)")
    for (auc, rows) in [(1.0, 1), (1.0, 2), (0.0, 2), (1.0, 20), (0.9, 300), (0.5, 100_000)] {
      let found = Intervals.areaUnderCurve(auc, positives: rows, negatives: rows)
      #expect(
        found.contains(auc) && found.lowerBound >= 0 && found.upperBound <= 1, "\(auc) \(rows)")
      #expect(found.contains(0.5) == (rows <= 2 || auc == 0.5), "\(auc), \(rows) rows: \(found)")
    }
    #expect(Intervals.areaUnderCurve(0.7, positives: 0, negatives: 9) == 0...1)
  }

  @Test("Interval of a share, compared with Wilson's")
  func share() {
    // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (hits, rows, lower, upper) in [
      (81.0, 263.0, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
      (1, 29, 0.0061, 0.1718),
    ] {
      let found = Intervals.share(hits / rows, of: rows)
      #expect(abs(found.lowerBound - lower) < 5e-5, "\(hits) of \(rows): \(found)")
      #expect(abs(found.upperBound - upper) < 5e-5, "\(hits) of \(rows): \(found)")
    }
    #expect(Intervals.share(0.3, of: 0) == 0...1)
  }

  @Test("Interval of a difference, compared with Newcombe's")
  func difference() {
    // Newcombe (1998), method 10: 56/70 - 48/80 lies within 0.0524 and 0.3339.
    let (a, b) = (56.0 / 70, 48.0 / 80)
    let found = Intervals.difference(
      a, Intervals.share(a, of: 70), b, Intervals.share(b, of: 80))
    #expect(abs(found.lowerBound - 0.0524) < 5e-5 && abs(found.upperBound - 0.3339) < 5e-5)
  }

  @Test("The greatest of several AUCs by chance")
  func maximum() {
    let one = Intervals.maxAreaByChance(of: 1, rows: 100)
    #expect(abs(one - 0.5 - 1.959964 * (201.0 / 120_000).squareRoot()) < 1e-5)
    // 20 areas: the quantile at 1 - 0.00125 is 3.0233.
    let many = Intervals.maxAreaByChance(of: 20, rows: 100)
    #expect(abs(many - 0.5 - 3.0233 * (201.0 / 120_000).squareRoot()) < 1e-4)
    #expect(Intervals.maxAreaByChance(of: 3, rows: 1) == 1)
  }
}
