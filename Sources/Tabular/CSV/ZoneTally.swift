// SPDX-License-Identifier: Apache-2.0

/// Counts the time zones of a column's times, by day.
struct ZoneTally: Sendable {
  /// The count of each zone text, by day since 1970.
  private var days: [Int: [String: Int]] = [:]
  private var last: (day: Int, text: [UInt8], count: Int)?
  private(set) var isOverflowing = false

  /// Limit on the number of distinct days, about 550 years.
  private static let maxDays = 200_000
  /// Limit on the number of changes; a zone usually changes its offset twice a year.
  private static let maxChanges = 1000
  /// The share of the times that may differ from their day's zone, such as those near a change.
  private static let maxStrays = 0.01

  mutating func note(day: Int, text: UnsafeBufferPointer<UInt8>) {
    if let last, last.day == day, last.text.elementsEqual(text) {
      self.last!.count += 1
      return
    }
    flush()
    last = (day, Array(text), 1)
  }

  mutating func flush() {
    guard let last else { return }
    add(day: last.day, text: String(decoding: last.text, as: UTF8.self), count: last.count)
    self.last = nil
  }

  mutating func add(_ other: ZoneTally) {
    flush()
    isOverflowing = isOverflowing || other.isOverflowing
    for (day, texts) in other.days {
      for (text, count) in texts { add(day: day, text: text, count: count) }
    }
  }

  private mutating func add(day: Int, text: String, count: Int) {
    if days[day] == nil && days.count >= Self.maxDays {
      isOverflowing = true
      return
    }
    days[day, default: [:]][text, default: 0] += count
  }

  /// The zones with the first day of each; nil if several zones occur on the same days.
  func zones() -> [DatetimeFormat.Zone]? {
    if isOverflowing { return nil }
    var zones: [DatetimeFormat.Zone] = []
    var (all, strays) = (0, 0)
    for (day, texts) in days.sorted(by: { $0.key < $1.key }) {
      let mostFrequent = texts.max { ($0.value, $1.key) < ($1.value, $0.key) }!
      let count = texts.values.reduce(0, +)
      all += count
      strays += count - mostFrequent.value
      // A tie keeps the current zone.
      let text =
        zones.last.flatMap { texts[$0.text] == mostFrequent.value ? $0.text : nil }
        ?? mostFrequent.key
      if zones.last?.text != text { zones.append(DatetimeFormat.Zone(since: day, text: text)) }
    }
    let isSteady = Double(strays) <= Self.maxStrays * Double(all)
    return isSteady && zones.count <= Self.maxChanges ? zones : nil
  }

  /// The zone text to write for a time in UTC.
  var universalText: String {
    let texts = Set(days.values.flatMap(\.keys))
    return texts.filter { TimeZoneText.seconds($0) == 0 }.min() ?? "+00:00"
  }
}

/// The UTC offsets of time zone texts.
enum TimeZoneText {
  private static let hours: [String: Int] = [
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8,
    "PDT": -7, "JST": 9, "AEST": 10, "AEDT": 11,
  ]

  /// The offset from UTC in seconds, positive to the east; nil for an unknown name.
  static func seconds(_ text: String) -> Int? {
    if let hours = hours[text] { return hours * 3600 }
    let digits = text.utf8.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard let sign = text.utf8.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      digits.count == 2 || digits.count == 4,
      let value = Int(String(decoding: digits, as: UTF8.self))
    else { return nil }
    let minutes = digits.count == 2 ? value * 60 : value / 100 * 60 + value % 100
    return (sign == UInt8(ascii: "-") ? -60 : 60) * minutes
  }
}
