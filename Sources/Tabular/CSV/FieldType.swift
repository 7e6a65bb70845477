/// How a column's fields are read.
enum FieldType: Sendable {
  case number
  /// Numbers that something stands around or between.
  case dressed(NotationReader)
  case datetime(TimeReader)
  case text

  /// How an error calls the values, in the plural.
  var valueName: String {
    switch self {
    case .number, .dressed: "numbers"
    case .datetime: "times"
    case .text: "text"
    }
  }

  /// Whether the two read a field alike.
  func isSame(as other: FieldType) -> Bool {
    switch (self, other) {
    case (.number, .number), (.text, .text): true
    case (.dressed(let a), .dressed(let b)): a.notation == b.notation
    case (.datetime(let a), .datetime(let b)):
      a.pattern.format == b.pattern.format && a.isUniversal == b.isUniversal
    default: false
    }
  }
}

/// How a column's times are read.
struct TimeReader: Sendable {
  let pattern: DatetimePattern
  /// The pattern with day and month exchanged, where nothing has told yet which it is.
  var alternative: DatetimePattern?
  /// Whether times are converted to UTC, as several offsets stand side by side.
  var isUniversal = false

  /// Nil where the format is no pattern.
  init?(_ format: DatetimeFormat, alternative: DatetimeFormat? = nil) {
    guard let pattern = DatetimePattern(format) else { return nil }
    self.pattern = pattern
    self.alternative = alternative.flatMap(DatetimePattern.init)
  }

  /// The format with the time zones that were met.
  func format(_ zones: ZoneTally) -> DatetimeFormat {
    var format = pattern.format
    guard pattern.hasZone else { return format }
    format.zones =
      isUniversal
      ? [DatetimeFormat.Zone(since: 0, text: zones.universalText)] : zones.zones() ?? []
    return format
  }
}

/// How one column is read: the type of its values, and what stands for a missing one.
struct ColumnPlan: Sendable {
  /// Why a column that looked like numbers or times is read as text.
  enum TextReason: Sendable {
    case code(example: String)
    case misfit(values: String, example: String, line: Int, share: Double)
  }

  var type: FieldType
  var missing: MissingTexts
  /// The column stays text then.
  var textReason: TextReason?
  /// Passes that have changed it.
  var revisions = 0

  func asText(_ reason: TextReason) -> ColumnPlan {
    var plan = self
    plan.type = .text
    plan.textReason = reason
    return plan
  }
}
