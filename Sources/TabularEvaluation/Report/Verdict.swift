import Foundation

/// The conclusion of a report.
public struct Verdict: Sendable, Codable, Equatable {
  /// The answer, for programs.
  public enum Answer: String, Sendable, Codable, CaseIterable {
    /// Rows are copied: do not share them.
    case copying
    /// There are too few rows to decide whether the tables differ or are alike.
    case tooFewRows = "too_few_rows"
    /// There were enough rows to see a difference, and there is hardly any.
    case alike
    /// Distinguishable from real rows, with an AUC below 0.75.
    case close
    /// Distinguishable from real rows, with an AUC below 0.95.
    case oftenTold = "often_told"
    /// Nearly every row can be distinguished from real ones.
    case easilyTold = "easily_told"
    /// As distinguishable as independently shuffled columns.
    case asShuffled = "as_shuffled_columns"
    /// No detector was trained.
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
    if let copying, copying.alarm {
      return Verdict(
        answer: .copying,
        text: "COPYING ALARM, do not share these rows: "
          + copying.reasons.joined(separator: "; ") + ".")
    }
    guard let detection, let control = detection.control else {
      return Verdict(
        answer: .notTested,
        text: "mean shape error \(percent(shape.synthetic.mean)) (real rows: "
          + "\(percent(shape.floor.mean))), mean trend error \(percent(trend.synthetic.mean)) "
          + "(\(percent(trend.floor.mean))).")
    }
    let auc = detection.synthetic.auc
    let numbers = String(
      format:
        "detector AUC %.3f, 95 %% interval %.3f to %.3f; real rows %.3f, shuffled columns %.3f",
      auc, detection.synthetic.interval.lowerBound, detection.synthetic.interval.upperBound,
      detection.floor.auc, control.auc)
    switch SampleSize.answer(auc, floor: detection.floor.auc, rows: rows.used) {
    case .tooFew(let needed):
      return Verdict(
        answer: .tooFewRows, text: tooFewRows(detection.synthetic, needed: needed),
        rowsNeeded: needed)
    case .alike:
      return Verdict(answer: .alike, text: "cannot be distinguished from real rows (\(numbers)).")
    case .different where auc < 0.75:
      return Verdict(answer: .close, text: "close to real rows (\(numbers)).")
    case .different where auc < 0.95:
      return Verdict(
        answer: .oftenTold, text: "can often be distinguished from real rows (\(numbers)).")
    case .different where auc < control.auc - 0.001:
      return Verdict(
        answer: .easilyTold,
        text: "easily distinguished from real rows, but better than shuffled columns (\(numbers)).")
    case .different:
      return Verdict(
        answer: .asShuffled,
        text: "easily distinguished from real rows, as shuffled columns are (\(numbers)).")
    }
  }

  private func tooFewRows(_ result: TwoSampleResult, needed: Int) -> String {
    let scarce = rows.synthetic <= rows.holdout ? "synthetic" : "holdout"
    let isAsked = rows.used < min(rows.synthetic, rows.holdout)
    let numbers = String(
      format: "the detector's AUC of %.2f may be anywhere from %.2f to %.2f", result.auc,
      result.interval.lowerBound, result.interval.upperBound)
    return "too few rows to tell: with \(rows.used) on each side "
      + (isAsked ? "(as requested) " : "(all that the \(scarce) table has) ")
      + "\(numbers); about \(needed) on each side would be enough."
  }

  func percent(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f%%" : "%.0f%%", value)
  }
}
