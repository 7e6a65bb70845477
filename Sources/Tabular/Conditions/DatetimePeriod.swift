// SPDX-License-Identifier: Apache-2.0

/// The time that a text means, which may leave its end open: "2016-03" is a month, "2016-03-01 17"
/// an hour.
enum DatetimePeriod {
  private static let patterns: [(DatetimeFormat, seconds: Double)] = [
    ("yyyy-MM-dd", 86_400), ("yyyy-MM-dd HH:mm", 60), ("yyyy-MM-ddTHH:mm", 60),
    ("yyyy-MM-dd HH:mm:ss", 1), ("yyyy-MM-ddTHH:mm:ss", 1),
    ("yyyy-MM-dd HH:mm:ss.SSS", 0.001), ("yyyy-MM-ddTHH:mm:ss.SSS", 0.001),
  ].map { (DatetimeFormat(pattern: $0.0), $0.1) }

  /// From the first to the last moment of the period in seconds since 1970, nil where the text is
  /// no time.
  ///
  /// - Parameter format: how the column writes times; ISO 8601 is understood besides.
  static func parse(_ text: String, format: DatetimeFormat?) -> ClosedRange<Double>? {
    if let format, let pattern = DatetimePattern(format), let start = seconds(text, pattern) {
      return pattern.hasDay || !pattern.hasDate ? period(start, pattern.resolution) : month(start)
    }
    for (format, length) in patterns {
      if let pattern = DatetimePattern(format), let start = seconds(text, pattern) {
        return period(start, length)
      }
    }
    // An hour, a month and a year are no formats of a column: completed, they are days or minutes.
    let characters = Array(text)
    if characters.count == 13, let hour = parse(text + ":00", format: nil) {
      return period(hour.lowerBound, 3600)
    }
    if characters.count == 7, let first = parse(text + "-01", format: nil)?.lowerBound {
      return month(first)
    }
    if characters.count == 4, let first = parse(text + "-01-01", format: nil)?.lowerBound,
      let last = parse(text + "-12-31", format: nil)?.upperBound
    {
      return first...last
    }
    return nil
  }

  /// The month that begins at the given time.
  private static func month(_ first: Double) -> ClosedRange<Double> {
    let date = CivilDate(daysSince1970: Int((first / 86_400).rounded(.down)))
    let next =
      date.month == 12
      ? CivilDate(year: date.year + 1, month: 1, day: 1)
      : CivilDate(year: date.year, month: date.month + 1, day: 1)
    return period(first, Double(next.daysSince1970) * 86_400 - first)
  }

  private static func period(_ start: Double, _ seconds: Double) -> ClosedRange<Double> {
    start...(start + seconds).nextDown
  }

  private static func seconds(_ text: String, _ pattern: DatetimePattern) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer(pattern.parse)
  }
}
