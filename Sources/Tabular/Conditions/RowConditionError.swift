// SPDX-License-Identifier: Apache-2.0

/// Why a text is no condition on the rows of a table.
public enum RowConditionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It does not follow the grammar; `position` counts characters from 1.
  case syntax(condition: String, position: Int, expected: String)
  /// There is no such column; the nearest names, or all of them.
  case unknownColumn(condition: String, name: String, suggestions: [String])
  /// A part that times do not have.
  case unknownPart(condition: String, part: String)
  /// A part of a column that holds no times.
  case notTime(condition: String, column: String, kind: ColumnKind)
  /// A short name that several columns share.
  case ambiguous(condition: String, name: String, candidates: [String])
  /// A value that the column cannot have.
  case wrongValue(condition: String, subject: String, value: String, expected: String)
  /// An order is asked of a column whose values have none.
  case noOrder(condition: String, column: String, kind: ColumnKind)
  /// A range whose end lies before its beginning.
  case emptyRange(condition: String)

  /// What is wrong.
  public var problem: String {
    switch self {
    case .syntax(let condition, let position, let expected):
      let rest = condition.dropFirst(position - 1)
      let location = rest.isEmpty ? "at its end" : "at character \(position) ('\(rest)')"
      return "'\(condition)': \(location): expected \(expected)"
    case .unknownColumn(let condition, let name, _):
      return "'\(condition)': there is no column '\(name)'"
    case .unknownPart(let condition, let part):
      return "'\(condition)': a time has no part '\(part)'"
    case .notTime(let condition, let column, let kind):
      return "'\(condition)': column '\(column)' is \(kind.rawValue) and has no parts of a time"
    case .ambiguous(let condition, let name, _):
      return "'\(condition)': '\(name)' fits more than one column"
    case .wrongValue(let condition, let subject, let value, let expected):
      return "'\(condition)': '\(value)' is no value of '\(subject)': expected \(expected)"
    case .noOrder(let condition, let column, let kind):
      return
        "'\(condition)': the values of column '\(column)' (\(kind.rawValue)) have no order"
    case .emptyRange(let condition):
      return "'\(condition)': the range ends before it begins"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .syntax:
      "such as 'fare >= 10', 'kind in (a, b)', 'fare between 5 and 10', 'tip is missing'; "
        + "names and values with special characters in quotes"
    case .unknownColumn(_, _, let suggestions):
      "there is \(suggestions.map(VisibleText.value).joined(separator: ", "))"
    case .unknownPart:
      "the parts are \(DatetimePart.allCases.map(\.rawValue).joined(separator: ", "))"
    case .notTime: "compare the column itself, or declare it datetime in the schema"
    case .ambiguous(_, _, let candidates):
      "write \(candidates.map(VisibleText.value).joined(separator: " or "))"
    case .wrongValue:
      "the schema says what a column holds; quote a value that has special characters"
    case .noOrder: "use =, != or in (a, b)"
    case .emptyRange:
      "write the lower bound first; hours across midnight are 'not between 5 and 21'"
    }
  }

  /// The problem, with the hint in parentheses.
  public var description: String { "\(problem) (\(hint))" }
}
