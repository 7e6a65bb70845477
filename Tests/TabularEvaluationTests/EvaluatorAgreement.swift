// SPDX-License-Identifier: Apache-2.0

import Testing

import TabularEvaluation

/// Comparisons of a report with an external evaluator's figures.
enum EvaluatorAgreement {
  /// The relative error that is allowed; absolute for figures near zero.
  static let tolerance = 1e-6

  static func isClose(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= tolerance * max(abs(b), 1e-3)
  }

  static func expectSameColumns(_ report: QualityReport, _ golden: Golden) {
    let kinds = [
      ColumnRole.numeric: "num", ColumnRole.category: "cat", ColumnRole.datetime: "datetime",
    ]
    #expect(
      Dictionary(uniqueKeysWithValues: report.features.map { ($0.name, kinds[$0.role]!) })
        == golden.kinds)
    #expect(report.excludedNames.sorted() == golden.left_out.sorted())
  }

  static func expectSameFigures(_ report: QualityReport, _ golden: Golden, _ name: String) {
    for (anchor, shape, expected) in [
      ("synthetic", report.shape.synthetic, golden.shape_error_pct.synthetic),
      ("holdout_baseline", report.shape.holdoutBaseline, golden.shape_error_pct.floor),
    ] {
      #expect(isClose(shape.mean, expected.mean), "\(name), \(anchor): mean shape error")
      #expect(isClose(shape.meanDerived, expected.mean_derived), "\(name), \(anchor): derived")
      #expect(Set(shape.columns.keys) == Set(expected.columns.keys))
      for (column, error) in expected.columns {
        #expect(isClose(shape.columns[column] ?? .nan, error), "\(name), \(anchor): \(column)")
      }
    }
    for (anchor, trend, expected) in [
      ("synthetic", report.trend.synthetic, golden.trend_error_pct.synthetic),
      ("holdout_baseline", report.trend.holdoutBaseline, golden.trend_error_pct.floor),
    ] {
      #expect(isClose(trend.mean, expected.mean), "\(name), \(anchor): mean trend error")
      #expect(isClose(trend.meanDerived, expected.mean_derived), "\(name), \(anchor): derived")
      let found = Dictionary(
        uniqueKeysWithValues: trend.pairs.map { ("\($0.first) x \($0.second)", $0.error) })
      for pair in expected.pairs {
        let pairName = "\(pair.first) x \(pair.second)"
        #expect(isClose(found[pairName] ?? .nan, pair.error), "\(name), \(anchor): \(pairName)")
      }
    }
    #expect(report.plausibility.count == golden.plausibility_pct.synthetic.count)
    for rule in report.plausibility {
      let expected = golden.plausibility_pct
      #expect(
        isClose(rule.synthetic, expected.synthetic[rule.rule] ?? .nan), "\(name): \(rule.rule)")
      #expect(
        isClose(rule.holdoutBaseline, expected.floor[rule.rule] ?? .nan), "\(name): \(rule.rule)")
    }
  }
}
