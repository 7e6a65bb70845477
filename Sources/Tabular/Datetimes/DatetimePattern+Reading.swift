// SPDX-License-Identifier: Apache-2.0

extension DatetimePattern {
  /// The values of the parts of a text.
  private struct Fields {
    var date = CivilDate(year: 1970, month: 1, day: 1)
    /// 0 if the pattern has none.
    var dayOfYear = 0
    var (hour, minute, second, nanoseconds) = (0, 0, 0, 0)
    var isHalfDay = false
    var isAfternoon = false
    /// The range of the time zone text.
    var zone: Range<Int>?
  }

  /// Seconds since 1970 in local wall-clock time; nil if the text does not match the pattern or is
  /// not a valid time.
  func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var zone: Range<Int>?
    return parse(bytes, zone: &zone)
  }

  /// Parses a time and also returns the range of the time zone text.
  func parse(_ bytes: UnsafeBufferPointer<UInt8>, zone: inout Range<Int>?) -> Double? {
    var fields = Fields()
    var at = 0
    guard Self.read(parts, bytes, &at, &fields), at == bytes.count else { return nil }
    if fields.dayOfYear > 0 {
      let first = CivilDate(year: fields.date.year, month: 1, day: 1).daysSince1970
      let day = CivilDate(daysSince1970: first + fields.dayOfYear - 1)
      guard day.year == fields.date.year else { return nil }
      fields.date = day
    }
    if fields.isHalfDay {
      guard (1...12).contains(fields.hour) else { return nil }
      fields.hour = fields.hour % 12 + (fields.isAfternoon ? 12 : 0)
    }
    guard fields.date.exists, fields.hour < 24, fields.minute < 60, fields.second < 60 else {
      return nil
    }
    zone = fields.zone
    let seconds =
      fields.date.daysSince1970 * 86_400 + fields.hour * 3600 + fields.minute * 60 + fields.second
    if fields.nanoseconds == 0 { return Double(seconds) }
    return Double(seconds) + Double(fields.nanoseconds) / 1e9
  }

  private static func read(
    _ parts: [Part], _ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ fields: inout Fields
  ) -> Bool {
    for part in parts {
      switch part {
      case .literal(let byte):
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
      case .year:
        guard let value = digits(bytes, &at, 4...4) else { return false }
        fields.date.year = value
      case .shortYear:
        guard let value = digits(bytes, &at, 2...2) else { return false }
        fields.date.year = value + (value < 69 ? 2000 : 1900)
      case .month(let isPadded):
        guard let value = digits(bytes, &at, (isPadded ? 2 : 1)...2) else { return false }
        fields.date.month = value
      case .monthName(let isFull):
        guard
          let found = DatetimeNames.index(
            of: DatetimeNames.months, isFull: isFull, in: bytes, at: at)
        else { return false }
        fields.date.month = found.index + 1
        at += found.length
      case .day(let isPadded):
        guard let value = digits(bytes, &at, (isPadded ? 2 : 1)...2) else { return false }
        fields.date.day = value
      case .dayOfYear:
        guard let value = digits(bytes, &at, 3...3), value > 0 else { return false }
        fields.dayOfYear = value
      case .weekday(let isFull):
        guard
          let found = DatetimeNames.index(
            of: DatetimeNames.weekdays, isFull: isFull, in: bytes, at: at)
        else { return false }
        at += found.length
      case .hour(let isPadded), .halfDayHour(let isPadded):
        guard let value = digits(bytes, &at, (isPadded ? 2 : 1)...2) else { return false }
        fields.hour = value
        if case .halfDayHour = part { fields.isHalfDay = true }
      case .meridiem(let isDotted):
        guard let isAfternoon = meridiem(bytes, &at, isDotted: isDotted) else { return false }
        fields.isAfternoon = isAfternoon
      case .minute:
        guard let value = digits(bytes, &at, 2...2) else { return false }
        fields.minute = value
      case .second:
        guard let value = digits(bytes, &at, 2...2) else { return false }
        fields.second = value
      case .fraction(let count):
        guard readFraction(bytes, &at, count...count, &fields) else { return false }
      case .trimmedFraction(let count):
        guard at < bytes.count, bytes[at] == UInt8(ascii: ".") else { continue }
        at += 1
        guard readFraction(bytes, &at, 1...count, &fields) else { return false }
      case .offset, .zoneName:
        let end = part == .offset ? endOfOffset(bytes, at) : endOfName(bytes, at)
        guard let end else { return false }
        fields.zone = at..<end
        at = end
      case .optional(let inner):
        let (before, fieldsBefore) = (at, fields)
        if !read(inner, bytes, &at, &fields) { (at, fields) = (before, fieldsBefore) }
      }
    }
    return true
  }

  /// Reads as many digits as possible, within the limits of `count`.
  @inline(__always)
  private static func digits(
    _ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ count: ClosedRange<Int>
  ) -> Int? {
    let end = min(bytes.count, at + count.upperBound)
    let start = at
    var value = 0
    while at < end, case let digit = bytes[at] &- 0x30, digit < 10 {
      value = value * 10 + Int(digit)
      at += 1
    }
    return at - start >= count.lowerBound ? value : nil
  }

  private static func readFraction(
    _ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ count: ClosedRange<Int>,
    _ fields: inout Fields
  ) -> Bool {
    let start = at
    guard var value = digits(bytes, &at, count) else { return false }
    for _ in (at - start)..<9 { value *= 10 }
    fields.nanoseconds = value
    return true
  }

  private static func meridiem(
    _ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, isDotted: Bool
  ) -> Bool? {
    let length = isDotted ? 4 : 2
    guard at + length <= bytes.count else { return nil }
    let text = bytes[at..<at + length].map { $0 | 0x20 }
    // A period has that bit set already.
    let marks = isDotted ? ["a.m.", "p.m."] : ["am", "pm"]
    guard let index = marks.firstIndex(where: { $0.utf8.elementsEqual(text) }) else { return nil }
    at += length
    return index == 1
  }

  /// The end of "Z", "+01", "+0100" or "+01:00" at `start`; nil if there is none.
  private static func endOfOffset(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    if bytes[start] == UInt8(ascii: "Z") { return start + 1 }
    guard bytes[start] == UInt8(ascii: "+") || bytes[start] == UInt8(ascii: "-") else {
      return nil
    }
    var at = start + 1
    guard let hours = digits(bytes, &at, 2...2), hours < 24 else { return nil }
    let end = at
    if at < bytes.count, bytes[at] == UInt8(ascii: ":") { at += 1 }
    guard let minutes = digits(bytes, &at, 2...2) else { return end }
    return minutes < 60 ? at : nil
  }

  /// The end of a name of 2 to 5 capital letters, such as "UTC" or "CEST".
  private static func endOfName(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var at = start
    while at < bytes.count, (0x41...0x5a).contains(bytes[at]) { at += 1 }
    return (2...5).contains(at - start) ? at : nil
  }
}
