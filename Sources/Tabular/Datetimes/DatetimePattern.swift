// SPDX-License-Identifier: Apache-2.0

/// A ``DatetimeFormat`` compiled for reading and writing.
struct DatetimePattern: Sendable {
  enum Part: Sendable, Equatable {
    case year
    /// Two digits.
    case shortYear
    case month(isPadded: Bool)
    case monthName(isFull: Bool)
    case day(isPadded: Bool)
    case dayOfYear
    case weekday(isFull: Bool)
    /// The hour of the 24-hour clock.
    case hour(isPadded: Bool)
    /// The hour of the 12-hour clock.
    case halfDayHour(isPadded: Bool)
    case meridiem(isDotted: Bool)
    case minute, second
    /// The fraction of a second with that many digits.
    case fraction(digits: Int)
    /// The fraction with its decimal point, without trailing zeros.
    case trimmedFraction(digits: Int)
    /// An offset from UTC, or the name of a time zone.
    case offset, zoneName
    case literal(UInt8)
    /// Omitted if all of it is 0.
    case optional([Part])
  }

  let format: DatetimeFormat
  let parts: [Part]
  /// Whether it has a date; otherwise it is a time of day.
  let hasDate: Bool
  /// Whether it has a day: "2016-04" has none.
  let hasDay: Bool
  /// Whether it has a time zone.
  let hasZone: Bool
  /// The greatest number of digits of the fraction of a second.
  let fractionDigits: Int

  /// Nil if the pattern has an unknown letter, or describes neither a date nor a time of day.
  init?(_ format: DatetimeFormat) {
    var rest = Array(format.pattern.utf8)[...]
    guard let parts = Self.compile(&rest, isInside: false) else { return nil }
    let flat = Self.flattened(parts)
    let hasYear = flat.contains(.year) || flat.contains(.shortYear)
    let hasMonth = flat.contains {
      switch $0 {
      case .month, .monthName, .dayOfYear: true
      default: false
      }
    }
    let hasDay = flat.contains {
      switch $0 {
      case .day, .dayOfYear: true
      default: false
      }
    }
    let hasHour = flat.contains {
      switch $0 {
      case .hour, .halfDayHour: true
      default: false
      }
    }
    let isDate = hasYear && hasMonth
    let isTimeOfDay = !hasYear && !hasMonth && !hasDay && hasHour && flat.contains(.minute)
    guard isDate || isTimeOfDay, hasDay || !hasHour || isTimeOfDay else { return nil }
    self.format = format
    self.parts = parts
    hasDate = isDate
    self.hasDay = hasDay
    hasZone = flat.contains(.offset) || flat.contains(.zoneName)
    fractionDigits = flat.reduce(0) { maximum, part in
      switch part {
      case .fraction(let digits), .trimmedFraction(let digits): max(maximum, digits)
      default: maximum
      }
    }
  }

  /// The resolution of the pattern in seconds.
  var resolution: Double {
    if fractionDigits > 0 { return (0..<fractionDigits).reduce(1.0) { unit, _ in unit / 10 } }
    let flat = Self.flattened(parts)
    if flat.contains(.second) { return 1 }
    if flat.contains(.minute) { return 60 }
    return hasHour ? 3600 : 86_400
  }

  /// What the times are.
  var content: DatetimeFormat.Content { !hasDate ? .timeOfDay : hasHour ? .dateAndTime : .date }

  private var hasHour: Bool {
    Self.flattened(parts).contains { part in
      switch part {
      case .hour, .halfDayHour: true
      default: false
      }
    }
  }

  /// Whether the month precedes the day, if both are numbers and the year comes last; otherwise
  /// nil.
  var isMonthFirst: Bool? {
    var order: [Character] = []
    for part in Self.flattened(parts) {
      switch part {
      case .year, .shortYear: order.append("y")
      case .month: order.append("M")
      case .day: order.append("d")
      default: break
      }
    }
    return order == ["M", "d", "y"] ? true : order == ["d", "M", "y"] ? false : nil
  }

  /// All parts, with optional parts expanded in place.
  static func flattened(_ parts: [Part]) -> [Part] {
    parts.flatMap { part in
      if case .optional(let inner) = part { flattened(inner) } else { [part] }
    }
  }

  // MARK: Compiling

  private static let symbols: [(text: [UInt8], part: Part)] =
    ([
      ("yyyy", .year), ("yy", .shortYear),
      ("MMMM", .monthName(isFull: true)), ("MMM", .monthName(isFull: false)),
      ("MM", .month(isPadded: true)), ("M", .month(isPadded: false)),
      ("DDD", .dayOfYear), ("dd", .day(isPadded: true)), ("d", .day(isPadded: false)),
      ("EEEE", .weekday(isFull: true)), ("EEE", .weekday(isFull: false)),
      ("HH", .hour(isPadded: true)), ("H", .hour(isPadded: false)),
      ("hh", .halfDayHour(isPadded: true)), ("h", .halfDayHour(isPadded: false)),
      ("aa", .meridiem(isDotted: true)), ("a", .meridiem(isDotted: false)),
      ("mm", .minute), ("ss", .second), ("xxx", .offset), ("zzz", .zoneName),
    ] as [(String, Part)]).map { (Array($0.0.utf8), $0.1) }

  private static func compile(_ rest: inout ArraySlice<UInt8>, isInside: Bool) -> [Part]? {
    var parts: [Part] = []
    while let first = rest.first {
      if first == UInt8(ascii: "]") {
        guard isInside else { return nil }
        rest.removeFirst()
        return parts
      }
      if first == UInt8(ascii: "[") {
        rest.removeFirst()
        guard !isInside, let inner = compile(&rest, isInside: true), !inner.isEmpty else {
          return nil
        }
        parts.append(.optional(inner))
      } else if first == UInt8(ascii: "'") {
        rest.removeFirst()
        guard let end = rest.firstIndex(of: UInt8(ascii: "'")) else { return nil }
        // Two quotes stand for one.
        parts += end == rest.startIndex ? [.literal(first)] : rest[..<end].map(Part.literal)
        rest = rest[(end + 1)...]
      } else if rest.starts(with: ".F".utf8) {
        rest.removeFirst()
        guard let digits = count(of: UInt8(ascii: "F"), in: &rest) else { return nil }
        parts.append(.trimmedFraction(digits: digits))
      } else if first == UInt8(ascii: "S") {
        guard let digits = count(of: first, in: &rest) else { return nil }
        parts.append(.fraction(digits: digits))
      } else if let symbol = symbols.first(where: { rest.starts(with: $0.text) }) {
        parts.append(symbol.part)
        rest.removeFirst(symbol.text.count)
        // "MMMMM" and "aaa" mean other things elsewhere.
        if let last = symbol.text.last, rest.first == last { return nil }
      } else {
        let isLetter = (0x61...0x7a).contains(first | 0x20)
        if isLetter && first != UInt8(ascii: "T") && first != UInt8(ascii: "Z") { return nil }
        parts.append(.literal(first))
        rest.removeFirst()
      }
    }
    return isInside ? nil : parts
  }

  /// Consumes repetitions of the letter and returns their number; nil if there are more than nine.
  private static func count(of letter: UInt8, in rest: inout ArraySlice<UInt8>) -> Int? {
    let digits = rest.prefix { $0 == letter }.count
    rest.removeFirst(digits)
    return (1...9).contains(digits) ? digits : nil
  }
}
