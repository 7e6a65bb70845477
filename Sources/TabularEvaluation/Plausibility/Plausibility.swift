// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Plausibility rules of the domains that a table belongs to.
enum Plausibility {
  /// The share of rows that break each rule, for both tables; empty where no rule applies.
  static func brokenRules(
    synthetic: (raw: Table, encoded: FeatureTable), holdout: (raw: Table, encoded: FeatureTable),
    domains: [any TableDomain]
  ) -> [BrokenRule] {
    let tables = [synthetic, holdout].map { $0.encoded.unifyingTimes(of: $0.raw) }
    return domains.flatMap { domain in
      let found = tables.map { table in
        Dictionary(
          uniqueKeysWithValues: domain.violations(in: table).map { ($0.rule, $0.percent) })
      }
      return domain.ruleNames.compactMap { rule -> BrokenRule? in
        guard let broken = found[0][rule], let holdoutBaseline = found[1][rule] else { return nil }
        return BrokenRule(rule: rule, synthetic: broken, holdoutBaseline: holdoutBaseline)
      }
    }
  }
}

extension FeatureTable {
  /// The table that this one was encoded from, with those columns stored as datetimes that are
  /// evaluated as datetimes, and only those: which quantity is a duration must not depend on how a
  /// reader took a column in one of the tables.
  func unifyingTimes(of table: Table) -> Table {
    let unified = table.columns.map { column -> Column in
      let index = features.firstIndex { $0.name == column.name }
      if let index, features[index].role == .datetime {
        return Column(name: column.name, values: .datetime(columns[index]))
      }
      if case .datetime(let seconds) = column.values {
        return Column(name: column.name, values: .number(seconds))
      }
      return column
    }
    guard let result = try? Table(columns: unified) else {
      preconditionFailure("columns of one table have one length")
    }
    return result
  }
}

/// The rules of the table's domain.
enum PlausibilityMetric: Metric {
  static let key = "plausibility"
  static let name = "rows that break a rule of the domain"
  static let goal: MetricGoal? = .minimize
  static let range = "0 to 100 %"
  static let content = "`rule`, `synthetic_pct`, `holdout_baseline_pct`"
  static let stage = EvaluationStage.rules

  static func measure(_ inputs: EvaluationInputs) -> [BrokenRule]? {
    Plausibility.brokenRules(
      synthetic: (inputs.tables.synthetic, inputs.whole.synthetic),
      holdout: (inputs.tables.holdout, inputs.whole.holdout), domains: inputs.domains)
  }

  static func lines(_ result: [BrokenRule], _ facts: ReportFacts) -> [ScoreLine] {
    result.map {
      ScoreLine(
        "rows % with: \($0.rule)", ScoreText.decimals($0.synthetic, 3),
        holdoutBaseline: ScoreText.decimals($0.holdoutBaseline, 3))
    }
  }
}
