// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tabular

/// `--where`: which rows.
struct ConditionOptions: ParsableArguments {
  @Option(
    name: .customLong("where"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Only rows that meet a condition; of several, all of them. COLUMN = VALUE, != < <= > >=, \
      COLUMN in (A, B), COLUMN between A and B, COLUMN is missing, each also with not. Of a time \
      COLUMN.hour, .minute, .weekday, .date, .day, .month, .year.
      """, valueName: "condition"))
  var conditions: [String] = []

  /// The conditions on rows of a table with this schema.
  func conditions(on schema: Schema) throws(RowConditionError) -> [RowCondition] {
    var result: [RowCondition] = []
    for text in conditions { result.append(try RowCondition(text, schema: schema)) }
    return result
  }
}
