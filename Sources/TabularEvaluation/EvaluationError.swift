// SPDX-License-Identifier: Apache-2.0

/// What can stand in the way of evaluating tables.
///
/// Each description says what to do.
public enum EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A table without rows: its part in the comparison ("train", "holdout" or "synthetic").
  case emptyTable(String)
  /// Columns of the train table that another table lacks: its part, and their names.
  case missingColumns(table: String, columns: [String])
  /// Every column is an id, free text or empty, so that nothing is left to evaluate.
  case nothingToCompare(excludedNames: [String])
  /// The asked-for target is not among the evaluated columns.
  case unknownTarget(String, available: [String])
  /// An option is out of its range.
  case invalidOption(String)

  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .emptyTable(let part):
      "the \(part) table has no rows; give a file with at least one row"
    case .missingColumns(let table, let columns):
      "the \(table) table lacks the columns \(columns.joined(separator: ", ")); "
        + "all tables need the columns of the train table"
    case .nothingToCompare(let excludedNames):
      "no column can be compared: \(excludedNames.joined(separator: ", ")) are ids, free text or empty"
    case .unknownTarget(let name, let available):
      "there is no usable column '\(name)' to predict; there are \(available.joined(separator: ", "))"
    case .invalidOption(let text):
      "option: \(text)"
    }
  }
}
