// SPDX-License-Identifier: Apache-2.0

extension RowCondition {
  /// Reads a condition such as `payment_type = 2`, `price between 5 and 10`,
  /// `vendor in (1, 2)`, `tip_amount is not missing` or `start_time.weekday = Sunday`.
  ///
  /// - Numbers are compared as numbers, texts as they are written, whatever their length and case.
  /// - A `boolean` column is compared by meaning: `true`, `yes`, `y`, `t` and 1 are one value.
  /// - A time may be given in part, as "2016-03" or "2016-03-01 17:00", and then means the whole
  ///   period: `=` is within, `<` before its beginning, `<=` before its end, `>` after its end.
  /// - `between` includes both bounds.
  ///
  /// - Parameter schema: says what the columns hold.
  public init(_ text: String, schema: Schema) throws(RowConditionError) {
    var scanner = ConditionScanner(text)
    let syntax = try scanner.condition()
    let subject = try ConditionSubject(syntax, condition: text, schema: schema)
    let values = ConditionValues(subject: subject, condition: text)
    self.init(
      column: subject.column.name, part: subject.part, test: try values.test(syntax.test),
      description: text)
  }
}

/// Turns the values of a condition into what its column holds.
private struct ConditionValues {
  let subject: ConditionSubject
  let condition: String

  private enum Domain { case number, time, text, truthOfNumber, truthOfText }

  private var domain: Domain {
    let column = subject.column
    if let part = subject.part { return part == .date ? .time : .number }
    switch column.kind {
    case .datetime: return .time
    case .continuous, .integer: return .number
    case .boolean: return column.numberFormat != nil ? .truthOfNumber : .truthOfText
    case .categorical, .constant, .id, .text:
      return column.numberFormat != nil ? .number : column.datetimeFormat != nil ? .time : .text
    }
  }

  func test(_ test: ConditionSyntax.Test) throws(RowConditionError) -> RowCondition.Test {
    switch test {
    case .missing(let negated): return negated ? .present : .missing
    case .list(let values, let negated): return try oneOf(values, negated: negated)
    case .comparison(.equal, let value), .comparison(.assigned, let value):
      return try oneOf([value], negated: false)
    case .comparison(.notEqual, let value), .comparison(.different, let value):
      return try oneOf([value], negated: true)
    case .comparison(let comparison, let value):
      let period = try ordered(value)
      let range =
        switch comparison {
        case .less: -Double.infinity...period.lowerBound.nextDown
        case .lessOrEqual: -Double.infinity...period.upperBound
        case .greater: period.upperBound.nextUp...Double.infinity
        case .greaterOrEqual, .equal, .assigned, .notEqual, .different:
          period.lowerBound...Double.infinity
        }
      return .within([range], negated: false)
    case .between(let low, let high, let negated):
      let (low, high) = (try ordered(low).lowerBound, try ordered(high).upperBound)
      guard low <= high else { throw .emptyRange(condition: condition) }
      return .within([low...high], negated: negated)
    }
  }

  private func oneOf(
    _ values: [String], negated: Bool
  ) throws(RowConditionError) -> RowCondition.Test {
    switch domain {
    case .text: return .oneOf(Set(values), ignoringCase: false, negated: negated)
    case .truthOfText:
      var spellings: Set<String> = []
      for value in values { spellings.formUnion(try truth(value).spellings) }
      return .oneOf(spellings, ignoringCase: true, negated: negated)
    case .truthOfNumber:
      var ranges: [ClosedRange<Double>] = []
      for value in values { ranges.append(try truth(value).number) }
      return .within(ranges, negated: negated)
    case .number, .time:
      var ranges: [ClosedRange<Double>] = []
      for value in values { ranges.append(try range(value)) }
      return .within(ranges, negated: negated)
    }
  }

  /// The range of a value in a column that has an order.
  private func ordered(_ value: String) throws(RowConditionError) -> ClosedRange<Double> {
    switch domain {
    case .number, .time: return try range(value)
    case .text, .truthOfNumber, .truthOfText:
      throw .noOrder(
        condition: condition, column: subject.column.name, kind: subject.column.kind)
    }
  }

  private func range(_ value: String) throws(RowConditionError) -> ClosedRange<Double> {
    if domain == .time {
      let format = subject.part == nil ? subject.column.datetimeFormat : nil
      guard let period = DatetimePeriod.parse(value, format: format),
        subject.part == nil || period.upperBound - period.lowerBound > 86_399
      else {
        throw wrong(
          value, subject.part?.expected ?? "a time, such as 2016-03-01 or '2016-03-01 17:00'")
      }
      return period
    }
    if let number = subject.part?.value(named: value) { return number...number }
    guard let number = Self.number(value), subject.part?.range?.contains(number) != false else {
      throw wrong(value, subject.part?.expected ?? "a number")
    }
    return number...number
  }

  /// One of two values of a boolean column, in all its spellings.
  private func truth(
    _ value: String
  ) throws(RowConditionError) -> (spellings: Set<String>, number: ClosedRange<Double>) {
    let value = value.lowercased()
    for (number, spellings) in [["false", "no", "n", "f", "0"], ["true", "yes", "y", "t", "1"]]
      .enumerated() where spellings.contains(value)
    {
      return (Set(spellings), Double(number)...Double(number))
    }
    throw wrong(value, "one of two values, such as true and false, Y and N, 1 and 0")
  }

  private static func number(_ text: String) -> Double? {
    var written = ParsedNumber()
    return Array(text.utf8).withUnsafeBufferPointer { NumberParser.parse($0, text: &written) }
  }

  private func wrong(_ value: String, _ expected: String) -> RowConditionError {
    .wrongValue(condition: condition, subject: subject.name, value: value, expected: expected)
  }
}
