// SPDX-License-Identifier: Apache-2.0

/// The rows that a cleaning removed, by reason.
public struct CleaningReport: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The rows that one rule removed.
  public struct Entry: Sendable, Codable, Equatable {
    /// Why they were removed.
    public var reason: String
    /// Rows that this rule removed and no earlier one, so that the entries sum to the rows removed;
    /// nil if the table lacks the rule's columns.
    public var rows: Int?

    /// An entry of a report.
    public init(reason: String, rows: Int?) {
      self.reason = reason
      self.rows = rows
    }
  }

  /// Rows before the cleaning.
  public var rowsBefore: Int
  /// Rows that remain.
  public var rowsAfter: Int
  /// One entry for each rule, in the order in which they apply.
  public var entries: [Entry]

  /// A report of a cleaning.
  public init(rowsBefore: Int, rowsAfter: Int, entries: [Entry]) {
    self.rowsBefore = rowsBefore
    self.rowsAfter = rowsAfter
    self.entries = entries
  }

  /// The report as lines of text.
  public var description: String {
    let lines = entries.map { entry in
      "  \(entry.rows.map(String.init) ?? "not tested, columns missing"): \(entry.reason)"
    }
    return (["dropped \(rowsBefore - rowsAfter) of \(rowsBefore) rows:"] + lines)
      .joined(separator: "\n")
  }
}
