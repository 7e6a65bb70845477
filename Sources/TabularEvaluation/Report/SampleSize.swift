/// What a two-sample test can say, given how many rows it saw.
///
/// Its AUC is compared with a reference: 0.5, or the floor's AUC where real rows themselves are told
/// from the holdout rows. Tables are alike where the AUC is at most ``alike`` above the reference and
/// the interval ends at most ``margin`` above it: an equivalence test, in which an AUC below the
/// reference counts as the reference, as it is chance. They differ where the whole interval lies above.
/// Where it reaches from the reference to beyond the margin, the rows say neither.
package enum SampleSize {
  package enum Answer: Equatable {
    case alike, different
    /// So many rows on each side would tell.
    case tooFew(needed: Int)
  }

  /// An AUC of so much above the reference passes for alike.
  static let alike = 0.02
  /// A greater difference must be ruled out before tables are called alike.
  static let margin = 0.05
  /// Rows on each side with which tables that are alike are found to be so 9 times in 10: 1.960 + 1.282
  /// standard errors, each 1.25 / sqrt(6 n), are ``margin``.
  package static let planned = 1100
  private static let mostRows = 10_000_000

  /// - Parameters:
  ///   - area: the AUC of the synthetic rows.
  ///   - floor: that of real rows in their place.
  ///   - rows: how many there were of each kind.
  package static func answer(_ area: Double, floor: Double, rows: Int) -> Answer {
    // A floor that is above 0.5 by chance alone must not excuse a synthetic table.
    let reference = interval(floor, rows: rows).lowerBound > 0.5 ? floor : nil
    if let answer = answer(area, reference, rows: rows) { return answer }
    var (few, enough) = (rows, max(rows, 1))
    while answer(area, reference, rows: enough) == nil, enough < mostRows {
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

  /// Nil where so many rows do not tell.
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

  /// Up to two significant digits.
  private static func rounded(_ count: Int) -> Int {
    var unit = 1
    while count / unit >= 100 { unit *= 10 }
    return (count + unit - 1) / unit * unit
  }
}
