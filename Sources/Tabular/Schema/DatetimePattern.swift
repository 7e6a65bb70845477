/// A ``DatetimeFormat`` taken apart for reading and writing.
struct DatetimePattern: Sendable {
  enum Part: Sendable, Equatable {
    case year, month, day, hour, minute, second
    /// Thousandths of a second.
    case millisecond
    case literal(UInt8)

    var width: Int {
      switch self {
      case .year: 4
      case .millisecond: 3
      case .literal: 1
      default: 2
      }
    }
  }

  let parts: [Part]
  let width: Int

  /// Nil where the pattern has a letter that means nothing.
  init?(_ format: DatetimeFormat) {
    var parts: [Part] = []
    var rest = Substring(format.pattern)
    let tokens: [(String, Part)] = [
      ("yyyy", .year), ("MM", .month), ("dd", .day), ("HH", .hour), ("mm", .minute),
      ("SSS", .millisecond), ("ss", .second),
    ]
    while let first = rest.utf8.first {
      if let (token, part) = tokens.first(where: { rest.hasPrefix($0.0) }) {
        parts.append(part)
        rest = rest.dropFirst(token.count)
      } else {
        let isLetter = (0x61...0x7a).contains(first | 0x20)
        if isLetter && first != 0x54 && first != 0x5a { return nil }
        guard first < 0x80 else { return nil }
        parts.append(.literal(first))
        rest = rest.dropFirst()
      }
    }
    guard parts.contains(.year), parts.contains(.month), parts.contains(.day) else { return nil }
    self.parts = parts
    width = parts.reduce(0) { $0 + $1.width }
  }

  /// Formats that are recognised without being declared, the likeliest first.
  static let known: [DatetimeFormat] = {
    let dates = [
      "yyyy-MM-dd", "yyyy/MM/dd", "MM/dd/yyyy", "dd/MM/yyyy", "dd.MM.yyyy", "MM-dd-yyyy",
    ]
    let times = [
      " HH:mm:ss", "THH:mm:ss", "", " HH:mm", "THH:mm", "THH:mm:ssZ", " HH:mm:ss.SSS",
      "THH:mm:ss.SSS", "THH:mm:ss.SSSZ",
    ]
    return times.flatMap { time in dates.map { DatetimeFormat(pattern: $0 + time) } }
  }()

  /// Seconds since 1970, nil where the text does not follow the pattern or is no time.
  func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard bytes.count == width else { return nil }
    var date = CivilDate(year: 0, month: 0, day: 0)
    var (hour, minute, second, thousandths) = (0, 0, 0, 0)
    var at = 0
    for part in parts {
      if case .literal(let byte) = part {
        guard bytes[at] == byte else { return nil }
        at += 1
        continue
      }
      var value = 0
      for i in at..<at + part.width {
        let digit = bytes[i] &- 0x30
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
      }
      at += part.width
      switch part {
      case .year: date.year = value
      case .month: date.month = value
      case .day: date.day = value
      case .hour: hour = value
      case .minute: minute = value
      case .second: second = value
      case .millisecond: thousandths = value
      case .literal: break
      }
    }
    guard date.exists, hour < 24, minute < 60, second < 60 else { return nil }
    return Double(date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second)
      + Double(thousandths) / 1000
  }

  /// The years 0 to 9999 in seconds since 1970.
  private static let writable = -62_167_219_200.0...253_402_300_799.0

  /// Appends the text of a time; one outside the years 0 to 9999 as the nearest of them.
  func write(_ time: Double, to output: inout [UInt8]) {
    let seconds = min(max(time, Self.writable.lowerBound), Self.writable.upperBound)
    let milliseconds = Int((seconds * 1000).rounded())
    let thousandths = milliseconds - Int((Double(milliseconds) / 1000).rounded(.down)) * 1000
    let whole =
      parts.contains(.millisecond)
      ? (milliseconds - thousandths) / 1000 : Int(seconds.rounded())
    let days = Int((Double(whole) / 86_400).rounded(.down))
    let ofDay = whole - days * 86_400
    let date = CivilDate(daysSince1970: days)
    for part in parts {
      switch part {
      case .year: Self.append(date.year, 4, to: &output)
      case .month: Self.append(date.month, 2, to: &output)
      case .day: Self.append(date.day, 2, to: &output)
      case .hour: Self.append(ofDay / 3600, 2, to: &output)
      case .minute: Self.append(ofDay / 60 % 60, 2, to: &output)
      case .second: Self.append(ofDay % 60, 2, to: &output)
      case .millisecond: Self.append(thousandths, 3, to: &output)
      case .literal(let byte): output.append(byte)
      }
    }
  }

  private static func append(_ value: Int, _ width: Int, to output: inout [UInt8]) {
    var divisor = width == 4 ? 1000 : width == 3 ? 100 : 10
    while divisor > 0 {
      output.append(UInt8(0x30 + abs(value) / divisor % 10))
      divisor /= 10
    }
  }
}
