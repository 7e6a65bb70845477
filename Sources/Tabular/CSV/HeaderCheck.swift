// SPDX-License-Identifier: Apache-2.0

/// Decides whether a header looks like the first row of a table without a header.
///
/// It does if every column of numbers or times also has a number or time as its name. In a table
/// without such columns, it does if names occur among the values of their columns.
struct HeaderCheck {
  let isValues: Bool

  /// - Parameter samples: sample fields of each column.
  init(_ names: [String], types: [FieldType], samples: [[[UInt8]]]) {
    var (quantities, fitting, texts, repeated) = (0, 0, 0, 0)
    for (c, name) in names.enumerated() where !samples[c].isEmpty {
      let field = Array(name.utf8)
      if case .text = types[c] {
        texts += 1
        if samples[c].contains(field) { repeated += 1 }
        continue
      }
      quantities += 1
      var builder = ColumnBuilder(plan: ColumnPlan(type: types[c], missing: MissingTexts([])))
      field.withUnsafeBufferPointer { builder.append($0, record: 0, line: 0) }
      if builder.mismatches.count == 0 && builder.missingCount == 0 { fitting += 1 }
    }
    isValues =
      quantities == 0
      ? repeated > 0 && 2 * repeated >= texts
      : fitting == quantities && (repeated > 0 || !Self.isRange(names))
  }

  /// Whether at least three names are whole numbers in equal ascending steps, as years are.
  private static func isRange(_ names: [String]) -> Bool {
    let numbers = names.compactMap { Int($0) }
    guard numbers.count >= 3 else { return false }
    let (step, isTooFar) = numbers[1].subtractingReportingOverflow(numbers[0])
    return !isTooFar && step > 0
      && zip(numbers, numbers.dropFirst()).allSatisfy {
        $1.subtractingReportingOverflow($0) == (step, false)
      }
  }
}
