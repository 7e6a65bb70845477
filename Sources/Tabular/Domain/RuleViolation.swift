// SPDX-License-Identifier: Apache-2.0

/// The share of a table's rows that break a plausibility rule.
public struct RuleViolation: Sendable, Codable, Equatable {
  /// The rule's name.
  public var rule: String
  /// Share of the rows, in percent.
  public var percent: Double

  /// A share in percent under a rule's name.
  public init(rule: String, percent: Double) {
    self.rule = rule
    self.percent = percent
  }
}
