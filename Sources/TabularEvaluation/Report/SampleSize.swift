// SPDX-License-Identifier: Apache-2.0

/// The conclusion of a two-sample test, given the number of rows.
///
/// The AUC is compared with a reference: 0.5, or the holdout baseline's AUC if real rows can
/// themselves be distinguished from the holdout rows. Tables are alike if the AUC is at most
/// ``alike`` above the reference and the interval ends at most ``margin`` above it. This is an
/// equivalence test in which an AUC below the reference counts as the reference, since it is due to
/// chance. Tables differ if the whole interval lies above the reference. If the interval reaches
/// from the reference to beyond the margin, there are too few rows to decide.
package enum SampleSize {
  package enum Answer: Equatable {
    case alike, different
    /// The number of rows on each side that would suffice.
    case tooFew(needed: Int)
  }

  /// Tables are alike if the AUC exceeds the reference by at most this much.
  static let alike = 0.02
  /// Tables are called alike only if a greater difference is ruled out.
  static let margin = 0.05
  /// The number of rows on each side with which equivalent tables pass with a power of 90 %: (1.960
  /// + 1.282) standard errors of 1.25 / sqrt(6 n) each equal ``margin``.
  package static let planned = 1100
  private static let maxRows = 10_000_000

  /// - Parameters:
  ///   - area: the AUC of the synthetic rows.
  ///   - holdoutBaseline: the AUC of real rows instead.
  ///   - rows: the number of rows of each kind.
  package static func answer(_ area: Double, holdoutBaseline: Double, rows: Int) -> Answer {
    // A holdout baseline above 0.5 by chance must not excuse a synthetic table.
    let reference = interval(holdoutBaseline, rows: rows).lowerBound > 0.5 ? holdoutBaseline : nil
    if let answer = answer(area, reference, rows: rows) { return answer }
    var (few, enough) = (rows, max(rows, 1))
    while answer(area, reference, rows: enough) == nil, enough < maxRows {
      (few, enough) = (enough, enough * 2)
    }
    while enough - few > 1 {
      let middle = (few + enough) / 2
      if answer(area, reference, rows: middle) == nil { few = middle } else { enough = middle }
    }
    return .tooFew(needed: rounded(max(enough, planned)))
  }

  private static func interval(_ area: Double, rows: Int) -> ClosedRange<Double> {
    Intervals.areaUnderCurve(
      area, positives: rows, negatives: rows, spread: TwoSampleTest.spread)
  }

  /// Nil if the rows are too few to decide.
  private static func answer(_ area: Double, _ reference: Double?, rows: Int) -> Answer? {
    let area = max(area, reference ?? 0.5)
    let own = interval(area, rows: rows)
    let difference =
      if let reference {
        Intervals.difference(area, own, reference, interval(reference, rows: rows))
      } else {
        (own.lowerBound - 0.5)...(own.upperBound - 0.5)
      }
    if area - (reference ?? 0.5) <= alike, difference.upperBound <= margin { return .alike }
    return difference.lowerBound > 0 ? .different : nil
  }

  /// Rounded up to two significant digits.
  private static func rounded(_ count: Int) -> Int {
    var unit = 1
    while count / unit >= 100 { unit *= 10 }
    return (count + unit - 1) / unit * unit
  }
}
