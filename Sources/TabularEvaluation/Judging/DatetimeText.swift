/// Points in time as text: year first ("2016-01-31 08:15:00", "2016/1/31T08:15Z") or month first
/// ("01/31/2016 08:15 PM"; day first where the first number cannot be a month).
enum DatetimeText {
  /// The seconds from 1970-01-01 that a 64-bit count of nanoseconds can hold; a time outside of
  /// them counts as missing.
  static let range = -9_223_372_036.0...9_223_372_036.0

  /// Whether `text` begins with a date and nothing but a time follows.
  static func looksLikeDate(_ text: String) -> Bool {
    var scanner = Scanner(text)
    scanner.skipBlanks()
    guard scanner.date() != nil else { return false }
    return scanner.isAtEndOrBlanks || scanner.peek == Scanner.blank || scanner.peek == Scanner.t
  }

  /// Seconds since 1970-01-01 00:00 UTC, or nil where `text` is not a time.
  static func parse(_ text: String) -> Double? {
    var scanner = Scanner(text)
    scanner.skipBlanks()
    guard let (year, month, day) = scanner.date(), (1...12).contains(month),
      (1...daysInMonth(year, month)).contains(day)
    else { return nil }
    var seconds = Double(daysSinceEpoch(year: year, month: month, day: day)) * 86_400
    if !scanner.isAtEndOrBlanks {
      guard scanner.take(Scanner.blank) || scanner.take(Scanner.t) else { return nil }
      scanner.skipBlanks()
      guard let time = scanner.time() else { return nil }
      seconds += time
    }
    return scanner.isAtEndOrBlanks ? seconds : nil
  }

  private static func daysInMonth(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// Days from 1970-01-01 in the Gregorian calendar (Hinnant, "chrono-compatible low-level date
  /// algorithms"): years begin in March, so that the leap day is the last.
  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private struct Scanner {
    static let blank = UInt8(ascii: " ")
    static let t = UInt8(ascii: "T")
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }
    var isAtEndOrBlanks: Bool { bytes[position...].allSatisfy { $0 == Self.blank } }

    mutating func skipBlanks() { while take(Self.blank) {} }

    mutating func take(_ byte: UInt8) -> Bool {
      guard peek == byte else { return false }
      position += 1
      return true
    }

    mutating func take(anyCase letter: Character) -> Bool {
      take(letter.asciiValue!) || take(letter.asciiValue! | 32)
    }

    /// A run of `digits` decimal digits.
    mutating func number(_ digits: ClosedRange<Int>) -> Int? {
      var value = 0
      let start = position
      while let byte = peek, (48...57).contains(byte), position - start < digits.upperBound {
        value = value * 10 + Int(byte - 48)
        position += 1
      }
      return position - start >= digits.lowerBound ? value : nil
    }

    mutating func date() -> (year: Int, month: Int, day: Int)? {
      let start = position
      if let year = number(4...4) {
        for separator in [UInt8(ascii: "-"), UInt8(ascii: "/")] where take(separator) {
          guard let month = number(1...2), take(separator), let day = number(1...2) else {
            return nil
          }
          return (year, month, day)
        }
        return nil
      }
      position = start
      guard let first = number(1...2), take(UInt8(ascii: "/")), let second = number(1...2),
        take(UInt8(ascii: "/")), let year = number(4...4)
      else { return nil }
      return first > 12 ? (year, second, first) : (year, first, second)
    }

    /// Seconds of the day, an offset from UTC taken off.
    mutating func time() -> Double? {
      guard var hour = number(1...2), hour < 24, take(UInt8(ascii: ":")),
        let minute = number(2...2), minute < 60
      else { return nil }
      var second = 0.0
      if take(UInt8(ascii: ":")) {
        guard let whole = number(2...2), whole < 60 else { return nil }
        second = Double(whole)
        if take(UInt8(ascii: ".")) {
          let start = position
          guard let fraction = number(1...9) else { return nil }
          let digits = position - start
          second += Double(fraction) / (0..<digits).reduce(1.0) { power, _ in power * 10 }
        }
      }
      skipBlanks()
      if take(anyCase: "P") {
        guard take(anyCase: "M"), (1...12).contains(hour) else { return nil }
        hour = hour % 12 + 12
      } else if take(anyCase: "A") {
        guard take(anyCase: "M"), (1...12).contains(hour) else { return nil }
        hour %= 12
      }
      guard let offset = zoneOffset() else { return nil }
      return Double(hour * 3600 + minute * 60) + second - offset
    }

    private mutating func zoneOffset() -> Double? {
      if peek == nil || take(UInt8(ascii: "Z")) { return 0 }
      let sign: Double
      if take(UInt8(ascii: "+")) {
        sign = 1
      } else if take(UInt8(ascii: "-")) {
        sign = -1
      } else {
        return isAtEndOrBlanks ? 0 : nil
      }
      guard let hours = number(2...2) else { return nil }
      _ = take(UInt8(ascii: ":"))
      return sign * Double(hours * 3600 + (number(2...2) ?? 0) * 60)
    }
  }
}
