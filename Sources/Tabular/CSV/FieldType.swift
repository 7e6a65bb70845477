// SPDX-License-Identifier: Apache-2.0

/// How the fields of a column are read.
enum FieldType: Sendable {
  case number
  /// Numbers with affixes or grouped digits.
  case affixed(NotationReader)
  case datetime(TimeReader)
  case text

  /// The plural noun for the values in messages.
  var valueName: String {
    switch self {
    case .number, .affixed: "numbers"
    case .datetime: "times"
    case .text: "text"
    }
  }

  /// Whether both types read every field in the same way.
  func isSame(as other: FieldType) -> Bool {
    switch (self, other) {
    case (.number, .number), (.text, .text): true
    case (.affixed(let a), .affixed(let b)): a.notation == b.notation
    case (.datetime(let a), .datetime(let b)):
      a.pattern.format == b.pattern.format && a.isUniversal == b.isUniversal
    default: false
    }
  }
}

/// How the times of a column are read.
struct TimeReader: Sendable {
  let pattern: DatetimePattern
  /// The pattern with day and month swapped, while the order is undecided.
  var alternative: DatetimePattern?
  /// Whether times are converted to UTC because several offsets occur on the same days.
  var isUniversal = false

  /// Nil if the format has no valid pattern.
  init?(_ format: DatetimeFormat, alternative: DatetimeFormat? = nil) {
    guard let pattern = DatetimePattern(format) else { return nil }
    self.pattern = pattern
    self.alternative = alternative.flatMap(DatetimePattern.init)
  }

  /// The format with the time zones that were found.
  func format(_ zones: ZoneTally) -> DatetimeFormat {
    var format = pattern.format
    guard pattern.hasZone else { return format }
    format.zones =
      isUniversal
      ? [DatetimeFormat.Zone(since: 0, text: zones.universalText)] : zones.zones() ?? []
    return format
  }
}

/// How one column is read: the type of its values, and its missing-value markers.
struct ColumnPlan: Sendable {
  /// Why a column that looked like numbers or times is read as text.
  enum TextReason: Sendable {
    case code(example: String)
    case mismatch(values: String, example: String, line: Int, share: Double)
  }

  var type: FieldType
  var missing: MissingTexts
  /// Why the column is read as text; it is not revised any more then.
  var textReason: TextReason?
  /// Number of passes that changed the plan.
  var revisions = 0

  func asText(_ reason: TextReason) -> ColumnPlan {
    var plan = self
    plan.type = .text
    plan.textReason = reason
    return plan
  }
}
