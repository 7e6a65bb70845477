// SPDX-License-Identifier: Apache-2.0

/// A part of a time that a ``RowCondition`` can be about.
public enum DatetimePart: String, Sendable, Equatable, CaseIterable, Codable {
  case year
  /// 1...12.
  case month
  /// Of the month, 1...31.
  case day
  /// 0...23.
  case hour
  /// 0...59.
  case minute
  /// 1 (Monday) to 7 (Sunday), as ISO 8601 numbers them.
  case weekday
  /// The day, as the seconds since 1970 of its beginning.
  case date

  /// The part of a time in seconds since 1970; NaN of NaN.
  package func value(of time: Double) -> Double {
    let day = (time / 86_400).rounded(.down)
    switch self {
    case .date: return day * 86_400
    case .hour: return ((time - day * 86_400) / 3600).rounded(.down)
    case .minute:
      let ofDay = time - day * 86_400
      return (ofDay / 60).rounded(.down) - (ofDay / 3600).rounded(.down) * 60
    case .weekday:
      // 1970-01-01 was a Thursday.
      return day + 3 - ((day + 3) / 7).rounded(.down) * 7 + 1
    case .year, .month, .day:
      // The calendar does not extend to years this far away.
      guard abs(day) < 1e12, let day = Int(exactly: day) else { return .nan }
      let date = CivilDate(daysSince1970: day)
      return Double(self == .year ? date.year : self == .month ? date.month : date.day)
    }
  }

  /// The English names of the part's values, that of 1 first; empty where they have none.
  private var names: [String] {
    switch self {
    case .weekday:
      ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    case .month:
      [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
      ]
    case .year, .day, .hour, .minute, .date: []
    }
  }

  /// The value that a name, or the first three letters of one, stands for.
  package func value(named text: String) -> Double? {
    let text = text.lowercased()
    let index = names.firstIndex { $0 == text || $0.prefix(3) == text }
    return index.map { Double($0 + 1) }
  }

  /// What a value must be, for messages.
  var expected: String {
    switch self {
    case .year: "a year, such as 2016"
    case .month: "a month, 1 to 12 or a name"
    case .day: "a day of the month, 1 to 31"
    case .hour: "an hour, 0 to 23"
    case .minute: "a minute, 0 to 59"
    case .weekday: "a weekday, 1 (Monday) to 7 or a name"
    case .date: "a day, such as 2016-03-01"
    }
  }

  /// The values that there are; nil where there is no limit.
  var range: ClosedRange<Double>? {
    switch self {
    case .year, .date: nil
    case .month: 1...12
    case .day: 1...31
    case .hour: 0...23
    case .minute: 0...59
    case .weekday: 1...7
    }
  }
}
