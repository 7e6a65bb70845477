// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The conclusion of a report.
public struct Verdict: Sendable, Codable, Equatable {
  /// The answer, for programs.
  public enum Answer: String, Sendable, Codable, CaseIterable {
    /// Rows are copied: do not share them.
    case memorization
    /// There are too few rows to decide whether the tables differ or are alike.
    case tooFewRows = "too_few_rows"
    /// There were enough rows to see a difference, and there is hardly any.
    case alike
    /// Distinguishable from real rows, with an AUC below 0.75.
    case close
    /// Distinguishable from real rows, with an AUC below 0.95.
    case oftenDistinguishable = "often_distinguishable"
    /// Nearly every row can be distinguished from real ones.
    case easilyDistinguishable = "easily_distinguishable"
    /// As distinguishable as independently shuffled columns.
    case asIndependentColumns = "as_independent_columns"
    /// No classifier was trained.
    case notTested = "not_tested"
  }

  /// The conclusion, for programs.
  public var answer: Answer
  /// The conclusion as a sentence.
  public var text: String
  /// If too few rows were compared, the number of rows on each side that would suffice.
  public var rowsNeeded: Int?

  enum CodingKeys: String, CodingKey {
    case answer, text
    case rowsNeeded = "rows_needed"
  }
}

extension QualityReport {
  /// The report in one sentence.
  public var verdict: Verdict {
    if let memorization, memorization.detected {
      return Verdict(
        answer: .memorization,
        text: "MEMORIZATION DETECTED, do not share these rows: "
          + memorization.reasons.joined(separator: "; ") + ".")
    }
    guard let c2st, let independentColumnsBaseline = c2st.independentColumnsBaseline else {
      return Verdict(
        answer: .notTested,
        text: "mean shape error \(percent(shape.synthetic.mean)) (real rows: "
          + "\(percent(shape.holdoutBaseline.mean))), mean trend error \(percent(trend.synthetic.mean)) "
          + "(\(percent(trend.holdoutBaseline.mean))).")
    }
    let auc = c2st.synthetic.auc
    let numbers = String(
      format:
        "C2ST AUC %.3f, 95 %% interval %.3f to %.3f; real rows %.3f, independent columns %.3f",
      auc, c2st.synthetic.interval.lowerBound, c2st.synthetic.interval.upperBound,
      c2st.holdoutBaseline.auc, independentColumnsBaseline.auc)
    switch SampleSize.answer(auc, holdoutBaseline: c2st.holdoutBaseline.auc, rows: rows.used) {
    case .tooFew(let needed):
      return Verdict(
        answer: .tooFewRows, text: tooFewRows(c2st.synthetic, needed: needed),
        rowsNeeded: needed)
    case .alike:
      return Verdict(answer: .alike, text: "cannot be distinguished from real rows (\(numbers)).")
    case .different where auc < 0.75:
      return Verdict(answer: .close, text: "close to real rows (\(numbers)).")
    case .different where auc < 0.95:
      return Verdict(
        answer: .oftenDistinguishable,
        text: "can often be distinguished from real rows (\(numbers)).")
    case .different where auc < independentColumnsBaseline.auc - 0.001:
      return Verdict(
        answer: .easilyDistinguishable,
        text:
          "easily distinguished from real rows, but better than independent columns (\(numbers)).")
    case .different:
      return Verdict(
        answer: .asIndependentColumns,
        text: "easily distinguished from real rows, as independent columns are (\(numbers)).")
    }
  }

  private func tooFewRows(_ result: TwoSampleResult, needed: Int) -> String {
    let scarce = rows.synthetic <= rows.holdout ? "synthetic" : "holdout"
    let isRequested = rows.used < min(rows.synthetic, rows.holdout)
    let numbers = String(
      format: "the AUC of %.2f may be anywhere from %.2f to %.2f", result.auc,
      result.interval.lowerBound, result.interval.upperBound)
    return "too few rows to tell: with \(rows.used) on each side "
      + (isRequested ? "(as requested) " : "(all that the \(scarce) table has) ")
      + "\(numbers); about \(needed) on each side would be enough."
  }

  func percent(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f%%" : "%.0f%%", value)
  }
}
