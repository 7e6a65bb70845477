import Tabular

/// Rules of a table's subject, where one is known.
enum Plausibility {
  /// The share of rows that break each rule, for both tables; empty where no rule applies.
  static func brokenRules(
    synthetic: Table, holdout: Table
  ) -> [QualityReport.BrokenRule] {
    []
  }
}
