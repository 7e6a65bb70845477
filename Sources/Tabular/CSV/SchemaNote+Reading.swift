// SPDX-License-Identifier: Apache-2.0

extension SchemaNote {
  /// Every date can be read with day and month swapped.
  static func ambiguousDayAndMonth(column: String, pattern: String) -> SchemaNote {
    SchemaNote(
      column: column, topic: .dayAndMonth,
      text:
        "every date can be read day first or month first; it is read as \(pattern) (declare the "
        + "datetimeFormat in a schema if that is wrong)")
  }

  /// Texts among numbers or times are treated as missing values.
  static func missing(column: String, texts: [String]) -> SchemaNote {
    SchemaNote(
      column: column, topic: .missingText,
      text: "\(texts.map { "'\($0)'" }.joined(separator: ", ")) "
        + "\(texts.count == 1 ? "is" : "are") treated as missing values")
  }

  /// Times with different UTC offsets are converted to UTC.
  static func convertedToUTC(column: String) -> SchemaNote {
    SchemaNote(
      column: column, topic: .timeZone,
      text: "times with different UTC offsets are converted to UTC")
  }

  /// Fractions of a second are truncated to microseconds.
  static func cutToMicroseconds(column: String) -> SchemaNote {
    SchemaNote(
      column: column, topic: .precision,
      text: "fractions of a second are kept to the microsecond")
  }

  /// Blanks around values are not written back.
  static func spacesRemoved(column: String) -> SchemaNote {
    SchemaNote(
      column: column, topic: .spaces,
      text: "some of its values have blanks around them, which are removed")
  }

  /// Numbers with leading zeros, or with more digits than a double holds, are kept as text.
  static func code(column: String, example: String) -> SchemaNote {
    SchemaNote(
      column: column, topic: .code,
      text: "kept as text, because a number would change '\(example)'")
  }

  /// A column of mostly numbers or times is read as text because of the other values.
  static func readAsText(
    column: String, values: String, example: String, line: Int, share: Double
  ) -> SchemaNote {
    let tenths = Int((share * 1000).rounded())
    return SchemaNote(
      column: column, topic: .mixedText,
      text: "read as text, because \(tenths / 10).\(tenths % 10) % of its values are not "
        + "\(values), such as '\(example)' in line \(line) "
        + "(--missing '\(example)' makes it a missing value)")
  }
}
