// SPDX-License-Identifier: Apache-2.0

extension DatetimePattern {
  /// The years 0 to 9999 in seconds since 1970.
  private static let writable = -62_167_219_200.0...253_402_300_799.0
  /// A double holds no more fractional digits of a second in this century.
  private static let maxDigits = 6

  /// A time split into its parts.
  private struct Clock {
    var date: CivilDate
    var days: Int
    var ofDay: Int
    /// Fraction of the second in units of the pattern's last digit, at the finest microseconds.
    var fraction: Int

    var halfDayHour: Int { (ofDay / 3600 + 11) % 12 + 1 }
  }

  /// Appends the text of a time in seconds since 1970, clamped to the years 0 to 9999.
  func write(_ time: Double, to output: inout [UInt8]) {
    let seconds = min(max(time, Self.writable.lowerBound), Self.writable.upperBound)
    let digits = min(fractionDigits, Self.maxDigits)
    let unit = Self.power(digits)
    let ticks = Int((seconds * Double(unit)).rounded())
    let whole = ticks >= 0 ? ticks / unit : -((unit - 1 - ticks) / unit)
    let days = Int((Double(whole) / 86_400).rounded(.down))
    let clock = Clock(
      date: CivilDate(daysSince1970: days), days: days, ofDay: whole - days * 86_400,
      fraction: ticks - whole * unit)
    write(parts, clock, to: &output)
  }

  private static func power(_ digits: Int) -> Int {
    (0..<digits).reduce(1) { power, _ in power * 10 }
  }

  private func write(_ parts: [Part], _ clock: Clock, to output: inout [UInt8]) {
    for part in parts {
      switch part {
      case .literal(let byte): output.append(byte)
      case .year: Self.append(clock.date.year, 4, to: &output)
      case .shortYear: Self.append(clock.date.year % 100, 2, to: &output)
      case .month(let isPadded): Self.append(clock.date.month, isPadded ? 2 : 1, to: &output)
      case .monthName(let isFull):
        appendName(DatetimeNames.months[clock.date.month - 1], isFull: isFull, to: &output)
      case .day(let isPadded): Self.append(clock.date.day, isPadded ? 2 : 1, to: &output)
      case .dayOfYear:
        let first = CivilDate(year: clock.date.year, month: 1, day: 1).daysSince1970
        Self.append(clock.days - first + 1, 3, to: &output)
      case .weekday(let isFull):
        // 1 January 1970 was a Thursday.
        let weekday = ((clock.days + 3) % 7 + 7) % 7
        appendName(DatetimeNames.weekdays[weekday], isFull: isFull, to: &output)
      case .hour(let isPadded): Self.append(clock.ofDay / 3600, isPadded ? 2 : 1, to: &output)
      case .halfDayHour(let isPadded):
        Self.append(clock.halfDayHour, isPadded ? 2 : 1, to: &output)
      case .meridiem(let isDotted): appendMeridiem(clock, isDotted: isDotted, to: &output)
      case .minute: Self.append(clock.ofDay / 60 % 60, 2, to: &output)
      case .second: Self.append(clock.ofDay % 60, 2, to: &output)
      case .fraction(let digits): Self.appendFraction(clock, digits, fractionDigits, to: &output)
      case .trimmedFraction(let digits):
        guard clock.fraction > 0 else { continue }
        output.append(UInt8(ascii: "."))
        Self.appendFraction(clock, digits, fractionDigits, to: &output)
        while output.last == UInt8(ascii: "0") { output.removeLast() }
      case .offset, .zoneName: output.append(contentsOf: zone(clock.days).utf8)
      case .optional(let inner):
        if !Self.isZero(inner, clock) { write(inner, clock, to: &output) }
      }
    }
  }

  /// Whether all values in an optional part are zero.
  private static func isZero(_ parts: [Part], _ clock: Clock) -> Bool {
    parts.allSatisfy { part in
      switch part {
      case .hour, .halfDayHour, .meridiem: clock.ofDay / 3600 == 0
      case .minute: clock.ofDay / 60 % 60 == 0
      case .second: clock.ofDay % 60 == 0
      case .fraction, .trimmedFraction: clock.fraction == 0
      default: true
      }
    }
  }

  private func zone(_ days: Int) -> String {
    let zone = format.zones.last { $0.since <= days } ?? format.zones.first
    return zone?.text ?? (parts.contains(.zoneName) ? "UTC" : "+00:00")
  }

  private func appendName(_ name: String, isFull: Bool, to output: inout [UInt8]) {
    let text = DatetimeNames.text(name, isFull: isFull, letterCase: format.nameCase)
    output.append(contentsOf: text.utf8)
  }

  private func appendMeridiem(_ clock: Clock, isDotted: Bool, to output: inout [UInt8]) {
    let letter: UInt8 = clock.ofDay < 43_200 ? 0x41 : 0x50
    let isLower = format.meridiemCase == .lower
    let second: UInt8 = format.meridiemCase == .upper ? 0x4d : 0x6d
    output.append(isLower ? letter | 0x20 : letter)
    if isDotted { output.append(UInt8(ascii: ".")) }
    output.append(second)
    if isDotted { output.append(UInt8(ascii: ".")) }
  }

  /// Appends the fraction with `digits` digits, of which a time holds at most six.
  private static func appendFraction(
    _ clock: Clock, _ digits: Int, _ held: Int, to output: inout [UInt8]
  ) {
    let known = min(held, maxDigits)
    let shown = min(digits, known)
    append(clock.fraction / power(known - shown), shown, to: &output)
    output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digits - shown))
  }

  /// Appends a number with at least `width` digits.
  private static func append(_ value: Int, _ width: Int, to output: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<max(width, 1) { divisor *= 10 }
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      output.append(UInt8(0x30 + abs(value) / divisor % 10))
      divisor /= 10
    }
  }
}
