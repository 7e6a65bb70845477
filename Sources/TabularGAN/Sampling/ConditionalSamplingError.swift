// SPDX-License-Identifier: Apache-2.0

/// Why a model makes no rows that meet some conditions. Each description says what to do.
public enum ConditionalSamplingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The model makes none of the values that the conditions leave a column; those it makes.
  case noCategory(column: String, categories: [String])
  /// Too few of the rows that were drawn met the conditions for the rows wanted to be found in
  /// `maxDraws` draws.
  case tooRare(DrawTally, wanted: Int, maxDraws: Int)

  /// The problem on one line, with what to do in parentheses.
  public var description: String {
    switch self {
    case .noCategory(let column, let categories):
      "no row can meet the conditions: the model does not generate this value of column '\(column)' (it makes '\(categories.joined(separator: "', '"))')"
    case .tooRare(let tally, let wanted, let maxDraws):
      "\(tally.accepted) of \(tally.draws) rows drawn met the conditions, a rate of at most \(tally.interval.upperBound) at 95 % confidence: \(wanted) such rows can't be expected within \(maxDraws) draws (ask for fewer rows, widen the conditions, or allow more draws)"
    }
  }
}
