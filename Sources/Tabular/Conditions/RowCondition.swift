// SPDX-License-Identifier: Apache-2.0

/// What a row must be like: one column, or a part of a time, and a test of its value.
///
/// A missing value meets ``Test/missing`` and nothing else, whether a test is negated or not.
///
/// ```swift
/// let evening = try RowCondition("start_time.hour >= 17", schema: schema)
/// let rows = table.selecting(rows: try table.rows(where: [evening]))
/// ```
public struct RowCondition: Sendable, Equatable, CustomStringConvertible {
  /// What a value must be like.
  public enum Test: Sendable, Equatable {
    /// The value is missing.
    case missing
    /// The value is not missing.
    case present
    /// A number, a time in seconds since 1970, or a part of one lies in one of the ranges, or,
    /// where `negated`, in none.
    case within([ClosedRange<Double>], negated: Bool)
    /// A text is one of these, or, where `negated`, none. With `ignoringCase` the texts are in
    /// lower case, and a value's case doesn't matter.
    case oneOf(Set<String>, ignoringCase: Bool, negated: Bool)
  }

  /// The name of the column that is tested.
  public let column: String
  /// The part of the column's times that is tested; nil for the value itself.
  public let part: DatetimePart?
  /// What the value, or its ``part``, must be like.
  public let test: Test
  /// The condition as text, for messages.
  public let description: String

  /// - Parameter description: by default the column's name.
  public init(column: String, part: DatetimePart? = nil, test: Test, description: String? = nil) {
    self.column = column
    self.part = part
    self.test = test
    self.description = description ?? column
  }
}

extension Table {
  /// The rows that meet all conditions, ascending. O(conditions x rows).
  ///
  /// - Throws: ``TabularError/invalidTable(_:hint:)`` where the column of a condition is missing or
  ///   holds values of another type.
  public func rows(where conditions: [RowCondition]) throws(TabularError) -> [Int] {
    var isMet = [Bool](repeating: true, count: rowCount)
    for condition in conditions {
      guard let column = self[condition.column] else {
        throw .invalidTable("there is no column '\(condition.column)' for '\(condition)'")
      }
      try condition.restrict(&isMet, by: column)
    }
    return isMet.indices.filter { isMet[$0] }
  }
}

extension RowCondition {
  /// Clears the marks of the rows that don't meet the condition.
  fileprivate func restrict(_ isMet: inout [Bool], by column: Column) throws(TabularError) {
    switch (test, column.values) {
    case (.missing, .text(let codes, _)):
      for row in codes.indices where codes[row] >= 0 { isMet[row] = false }
    case (.present, .text(let codes, _)):
      for row in codes.indices where codes[row] < 0 { isMet[row] = false }
    case (.missing, .number(let values)), (.missing, .datetime(let values)):
      for row in values.indices where !values[row].isNaN { isMet[row] = false }
    case (.present, .number(let values)), (.present, .datetime(let values)):
      for row in values.indices where values[row].isNaN { isMet[row] = false }
    case (.oneOf(let texts, let ignoringCase, let negated), .text(let codes, let categories)):
      let categoryMeets = categories.map {
        texts.contains(ignoringCase ? $0.lowercased() : $0) != negated
      }
      for row in codes.indices where codes[row] < 0 || !categoryMeets[Int(codes[row])] {
        isMet[row] = false
      }
    case (.within(let ranges, let negated), .number(let values)) where part == nil:
      Self.restrict(&isMet, values, ranges, negated: negated) { $0 }
    case (.within(let ranges, let negated), .datetime(let values)):
      if let part {
        Self.restrict(&isMet, values, ranges, negated: negated) { part.value(of: $0) }
      } else {
        Self.restrict(&isMet, values, ranges, negated: negated) { $0 }
      }
    default:
      throw .invalidTable(
        "column '\(column.name)' holds values of another type than '\(self)' is about")
    }
  }

  @inline(__always)
  private static func restrict(
    _ isMet: inout [Bool], _ values: Numbers, _ ranges: [ClosedRange<Double>], negated: Bool,
    _ quantity: (Double) -> Double
  ) {
    for row in values.indices where isMet[row] {
      let value = quantity(values[row])
      isMet[row] = !value.isNaN && ranges.contains { $0.contains(value) } != negated
    }
  }
}
