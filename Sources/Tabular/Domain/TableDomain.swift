// SPDX-License-Identifier: Apache-2.0

/// Knowledge about the subject of a table, beyond what its columns show.
///
/// Evaluation, charts and commands receive domains through this protocol. Every requirement except
/// ``name`` and ``describes(_:)`` has an empty default implementation, so a domain implements only
/// what applies to it.
public protocol TableDomain: Sendable {
  /// A short lower-case name, as used in options.
  var name: String { get }

  /// Whether a table is about this subject.
  func describes(_ table: Table) -> Bool

  /// The names of all plausibility rules, in the order in which they are reported.
  var ruleNames: [String] { get }

  /// The share of rows that break each rule to which the table's columns apply. O(rows).
  func violations(in table: Table) -> [RuleViolation]

  /// Quantities that follow from several columns at once, as far as the table has the columns;
  /// NaN where a value cannot be computed. O(rows).
  func engineeredFeatures(of table: Table) -> [EngineeredFeature]

  /// What ``cleaned(_:)`` removes, as a phrase for help texts; nil if the domain has no cleaning.
  var cleaningSummary: String? { get }

  /// The rows that are not recording errors, and a report of the others. O(rows x rules).
  ///
  /// - Throws: ``TabularError/invalidTable(_:hint:)`` for a table on another subject.
  func cleaned(_ table: Table) throws(TabularError) -> (table: Table, report: CleaningReport)

  /// The columns of the two ends of each row's journey; nil if rows are no journeys.
  var journey: JourneyColumns? { get }

  /// What a map of journeys shows, as a sentence for its caption.
  var journeySummary: String { get }

  /// Where rows are located, one element per kind of location; empty without coordinates. O(rows).
  func locations(in table: Table) -> [LocationShares]

  /// What a simulator of the domain generates and which model it follows, for help texts; nil if
  /// there is none.
  var simulationSummary: String? { get }

  /// A generator of rows of a documented model of the subject; nil if there is none.
  func simulator(seed: UInt64) -> (any TableSimulator)?
}

extension TableDomain {
  /// No rules.
  public var ruleNames: [String] { [] }
  /// No rule applies.
  public func violations(in table: Table) -> [RuleViolation] { [] }
  /// No features.
  public func engineeredFeatures(of table: Table) -> [EngineeredFeature] { [] }
  /// No cleaning.
  public var cleaningSummary: String? { nil }
  /// The whole table, and a report without entries.
  public func cleaned(
    _ table: Table
  ) throws(TabularError) -> (table: Table, report: CleaningReport) {
    (table, CleaningReport(rowsBefore: table.rowCount, rowsAfter: table.rowCount, entries: []))
  }
  /// Rows are no journeys.
  public var journey: JourneyColumns? { nil }
  /// No caption.
  public var journeySummary: String { "" }
  /// No locations.
  public func locations(in table: Table) -> [LocationShares] { [] }
  /// No simulator.
  public var simulationSummary: String? { nil }
  /// No simulator.
  public func simulator(seed: UInt64) -> (any TableSimulator)? { nil }
}
