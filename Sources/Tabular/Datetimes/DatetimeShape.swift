// SPDX-License-Identifier: Apache-2.0

/// The ways to read a text as a time: its digits, names and punctuation, and the patterns they
/// allow.
enum DatetimeShape {
  /// A pattern that fits a text.
  struct Candidate {
    var format: DatetimeFormat
    /// Lower is stricter or more likely.
    var rank: Int

    var key: String {
      "\(format.pattern)|\(format.nameCase.rawValue)|\(format.meridiemCase.rawValue)"
    }
  }

  private enum Token: Equatable {
    case digits(count: Int)
    case word(String)
    case mark(UInt8)
  }

  /// Longer texts are not times.
  private static let longest = 48

  /// The text with its digits replaced by zeros and its words by their kinds.
  static func outline(_ field: [UInt8]) -> [UInt8] {
    guard field.count <= longest else { return [] }
    var outline: [UInt8] = []
    for token in tokens(field) ?? [] {
      switch token {
      case .digits(let count): outline += [UInt8](repeating: 0x30, count: count)
      case .mark(let byte): outline.append(byte)
      case .word(let word): outline += Array((word == "May" ? word : kind(of: word)).utf8)
      }
    }
    return outline
  }

  private static func kind(of word: String) -> String {
    // "May" is taken as a short name; other months show if names are full.
    if word.caseInsensitiveEquals("May") { return "MMM" }
    if DatetimeNames.months.contains(where: { $0.caseInsensitiveEquals(word) }) { return "MMMM" }
    if DatetimeNames.months.contains(where: { $0.prefix(3).caseInsensitiveEquals(word) }) {
      return "MMM"
    }
    if DatetimeNames.weekdays.contains(where: { $0.caseInsensitiveEquals(word) }) { return "EEEE" }
    if DatetimeNames.weekdays.contains(where: { $0.prefix(3).caseInsensitiveEquals(word) }) {
      return "EEE"
    }
    if word.caseInsensitiveEquals("am") || word.caseInsensitiveEquals("pm") { return "a" }
    return word
  }

  private static func tokens(_ field: [UInt8]) -> [Token]? {
    var tokens: [Token] = []
    var at = 0
    func run(_ isIn: (UInt8) -> Bool) -> Int {
      var end = at
      while end < field.count, isIn(field[end]) { end += 1 }
      return end
    }
    while at < field.count {
      let byte = field[at]
      if (0x30...0x39).contains(byte) {
        let end = run { (0x30...0x39).contains($0) }
        tokens.append(.digits(count: end - at))
        at = end
      } else if (0x61...0x7a).contains(byte | 0x20) {
        let end = run { (0x61...0x7a).contains($0 | 0x20) }
        tokens.append(.word(String(decoding: field[at..<end], as: UTF8.self)))
        at = end
      } else if (0x20..<0x7f).contains(byte) {
        tokens.append(.mark(byte))
        at += 1
      } else {
        return nil
      }
      if tokens.count > 24 { return nil }
    }
    return tokens
  }

  /// The letter cases of names and of AM or PM in a text; the given ones where it has none.
  static func cases(
    _ field: [UInt8], nameCase: DatetimeFormat.LetterCase, meridiemCase: DatetimeFormat.LetterCase
  ) -> (DatetimeFormat.LetterCase, DatetimeFormat.LetterCase) {
    var (nameCase, meridiemCase) = (nameCase, meridiemCase)
    for case .word(let word) in tokens(field) ?? [] {
      let kind = kind(of: word)
      if kind.hasPrefix("MMM") || kind.hasPrefix("EEE") {
        nameCase = letterCase(word)
      } else if kind == "a" || word.count == 1 && "apAP".contains(word) {
        meridiemCase = letterCase(word)
      }
    }
    return (nameCase, meridiemCase)
  }

  private static func letterCase(_ word: String) -> DatetimeFormat.LetterCase {
    word == word.uppercased() ? .upper : word == word.lowercased() ? .lower : .title
  }

  // MARK: Candidates

  /// The patterns that fit a text.
  static func candidates(_ field: [UInt8]) -> [Candidate] {
    guard (4...longest).contains(field.count), let tokens = tokens(field) else { return [] }
    let (nameCase, meridiemCase) = cases(field, nameCase: .title, meridiemCase: .upper)
    return patterns(tokens).map { pattern, rank in
      Candidate(
        format: DatetimeFormat(
          pattern: pattern, nameCase: nameCase, meridiemCase: meridiemCase),
        rank: rank)
    }.filter { DatetimePattern($0.format) != nil }
  }

  private static func patterns(_ tokens: [Token]) -> [(String, Int)] {
    if let compact = compactPatterns(tokens) { return compact }
    let clock = clockRange(tokens)
    let dateTokens = Array(tokens[..<(clock?.lowerBound ?? tokens.count)])
    let clockTokens = clock.map { Array(tokens[$0]) } ?? []
    let remainingTokens = clock.map { Array(tokens[$0.upperBound...]) } ?? []
    // The time may precede the date ("22:55 30/04/2016") or be inside it ("Sat Apr 30 22:55:56
    // 2016").
    let hasDateBehind = remainingTokens.contains {
      if case .digits = $0 { true } else { false }
    }
    let times = clock == nil ? [("", 0)] : clockPatterns(clockTokens)
    if dateTokens.isEmpty && remainingTokens.isEmpty { return times }
    var result: [(String, Int)] = []
    for (date, dateRank) in datePatterns(dateTokens + [.mark(0)] + remainingTokens) {
      let parts = date.split(separator: "\u{0}", maxSplits: 1, omittingEmptySubsequences: false)
      let (front, back) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      for (time, timeRank) in times {
        result.append((front + time + back, dateRank + timeRank))
        // A date whose time of day is omitted at midnight.
        if !time.isEmpty, !hasDateBehind, let joiner = front.last, " T".contains(joiner),
          timeRank == 0
        {
          result.append((String(front.dropLast()) + "[\(joiner)\(time)]" + back, dateRank + 40))
        }
      }
    }
    return result
  }

  /// "20160430", "20160430T225556", "20160430225556", "201604302255".
  private static func compactPatterns(_ tokens: [Token]) -> [(String, Int)]? {
    guard case .digits(let first)? = tokens.first, first >= 8 else { return nil }
    var rest = tokens.dropFirst()
    var time = ""
    switch first {
    case 8:
      if case .digits(let count)? = rest.dropFirst().first, count == 6 || count == 4 {
        let joiner: String
        switch rest.first {
        case .word("T"): joiner = "T"
        case .mark(let byte): joiner = literal(byte)
        default: return []
        }
        time = joiner + (count == 6 ? "HHmmss" : "HHmm")
        rest = rest.dropFirst(2)
      }
    case 12: time = "HHmm"
    case 14: time = "HHmmss"
    default: return []
    }
    if time.hasSuffix("ss"), rest.first == .mark(UInt8(ascii: ".")),
      case .digits(let count)? = rest.dropFirst().first, count <= 9
    {
      time += "." + String(repeating: "S", count: count)
      rest = rest.dropFirst(2)
    }
    guard let zone = zonePattern(Array(rest)) else { return [] }
    let orders = time.isEmpty ? ["yyyyMMdd", "ddMMyyyy", "MMddyyyy"] : ["yyyyMMdd"]
    return orders.enumerated().map { ($0.element + time + zone, $0.offset * 4) }
  }

  // MARK: Clocks

  /// The range of the hours, minutes and all that follows and is not part of a date.
  private static func clockRange(_ tokens: [Token]) -> Range<Int>? {
    func isDigits(_ index: Int, _ counts: ClosedRange<Int>) -> Bool {
      guard index < tokens.count, case .digits(let count) = tokens[index] else { return false }
      return counts.contains(count)
    }
    func isMark(_ index: Int, _ character: Character) -> Bool {
      index < tokens.count && tokens[index] == .mark(character.asciiValue!)
    }
    guard
      let start = tokens.indices.first(where: {
        isDigits($0, 1...2) && isMark($0 + 1, ":") && isDigits($0 + 2, 2...2)
          && !($0 > 1 && isMark($0 - 1, ":") && isDigits($0 - 2, 1...2))
      })
    else { return nil }
    var end = start + 3
    if isMark(end, ":") && isDigits(end + 1, 2...2) {
      end += 2
      if isMark(end, ".") || isMark(end, ","), isDigits(end + 1, 1...9) { end += 2 }
    }
    // AM and PM, with or without a preceding space.
    let word = isMark(end, " ") ? end + 1 : end
    if word < tokens.count, case .word(let text) = tokens[word] {
      if kind(of: text) == "a" {
        end = word + 1
      } else if text.count == 1, "apAP".contains(text), isMark(word + 1, "."),
        word + 2 < tokens.count, case .word(let second) = tokens[word + 2],
        second.caseInsensitiveEquals("m"), isMark(word + 3, ".")
      {
        end = word + 4
      }
    }
    let zone = isMark(end, " ") ? end + 1 : end
    if isMark(zone, "+") || isMark(zone, "-"),
      isDigits(zone + 1, 2...2) || isDigits(zone + 1, 4...4)
    {
      end = zone + 2
      if isMark(end, ":"), isDigits(end + 1, 2...2) { end += 2 }
    } else if zone < tokens.count, case .word(let text) = tokens[zone],
      text == text.uppercased(), (1...5).contains(text.count), text.count > 1 || text == "Z"
    {
      end = zone + 1
    }
    return start..<end
  }

  private static func clockPatterns(_ tokens: [Token]) -> [(String, Int)] {
    var rest = tokens[...]
    guard case .digits(let hourDigits)? = rest.popFirst() else { return [] }
    rest = rest.dropFirst(2)
    var hasSeconds = false
    var fraction: (mark: String, digits: Int)?
    if rest.first == .mark(UInt8(ascii: ":")) {
      hasSeconds = true
      rest = rest.dropFirst(2)
      if case .mark(let mark)? = rest.first, mark != UInt8(ascii: " "), mark != UInt8(ascii: "+"),
        mark != UInt8(ascii: "-"), case .digits(let count)? = rest.dropFirst().first
      {
        fraction = (literal(mark), count)
        rest = rest.dropFirst(2)
      }
    }
    var meridiem = ""
    let isSpaced = rest.first == .mark(UInt8(ascii: " "))
    if case .word(let word)? = isSpaced ? rest.dropFirst().first : rest.first {
      if kind(of: word) == "a" {
        meridiem = (isSpaced ? " " : "") + "a"
        rest = rest.dropFirst(isSpaced ? 2 : 1)
      } else if word.count == 1, "apAP".contains(word) {
        meridiem = (isSpaced ? " " : "") + "aa"
        rest = rest.dropFirst(isSpaced ? 5 : 4)
      }
    }
    guard let zone = zonePattern(Array(rest)) else { return [] }
    let hour = meridiem.isEmpty ? "H" : "h"
    let hours = hourDigits == 2 ? [(hour + hour, 0), (hour, 10)] : [(hour, 10)]
    var tails = [(hasSeconds ? ":mm:ss" : ":mm", 0)]
    if let fraction {
      let digits = String(repeating: "S", count: fraction.digits)
      tails = [(":mm:ss\(fraction.mark)\(digits)", 0)]
      if fraction.mark == "." {
        // Most programs write at most six digits, nearly all at most nine.
        let maximum = fraction.digits > 6 ? 9 : 6
        tails.append((":mm:ss.\(String(repeating: "F", count: maximum))", 22))
        tails.append((":mm[:ss.\(String(repeating: "F", count: maximum))]", 26))
      }
      tails.append((":mm:ss[\(fraction.mark)\(digits)]", 20))
    } else if hasSeconds {
      tails.append((":mm[:ss]", 20))
    }
    return hours.flatMap { hour in
      tails.map { (hour.0 + $0.0 + meridiem + zone, hour.1 + $0.1) }
    }
  }

  /// The pattern of a time zone, "" if there are no tokens; nil for anything else.
  private static func zonePattern(_ tokens: [Token]) -> String? {
    guard let first = tokens.first else { return "" }
    let isSpaced = first == .mark(UInt8(ascii: " "))
    let rest = isSpaced ? Array(tokens.dropFirst()) : tokens
    let blank = isSpaced ? " " : ""
    switch rest.first {
    case .mark(let mark)? where mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-"):
      return blank + "xxx"
    case .word(let word)? where rest.count == 1:
      // "Z" could be a literal, but other rows may have "+00:00" instead.
      return word == "Z" ? blank + "xxx" : word == word.uppercased() ? blank + "zzz" : nil
    default: return nil
    }
  }

  // MARK: Dates

  private enum Role {
    case year, shortYear, month, day, dayOfYear
  }

  /// The patterns for the tokens of a date. A mark of 0 stands for the time of day and is copied to
  /// the pattern.
  private static func datePatterns(_ tokens: [Token]) -> [(String, Int)] {
    let counts = tokens.compactMap { token -> Int? in
      if case .digits(let count) = token { count } else { nil }
    }
    let hasMonthName = tokens.contains { token in
      if case .word(let word) = token { kind(of: word).hasPrefix("MMM") } else { false }
    }
    var result: [(String, Int)] = []
    for (roles, rank) in roles(counts, hasMonthName: hasMonthName, tokens) {
      for isStrict in [true, false] {
        guard let pattern = datePattern(tokens, roles, isStrict: isStrict) else { continue }
        if result.contains(where: { $0.0 == pattern }) { continue }
        result.append((pattern, rank + (isStrict ? 0 : 10)))
      }
    }
    return result
  }

  /// The possible roles of the runs of digits, with their ranks.
  private static func roles(
    _ counts: [Int], hasMonthName: Bool, _ tokens: [Token]
  ) -> [([Role], Int)] {
    let areShort = counts.map { (1...2).contains($0) }
    if hasMonthName {
      switch counts.count {
      case 1:
        return counts[0] == 4
          ? [([.year], 0)] : counts[0] == 2 && endsInDigits(tokens) ? [([.shortYear], 2)] : []
      case 2 where areShort[0] && counts[1] == 4: return [([.day, .year], 0)]
      case 2 where counts[0] == 4 && areShort[1]: return [([.year, .day], 0)]
      case 2 where areShort[0] && counts[1] == 2: return [([.day, .shortYear], 1)]
      default: return []
      }
    }
    switch counts.count {
    case 2 where counts[0] == 4 && counts[1] == 2: return [([.year, .month], 0)]
    case 2 where counts[0] == 4 && counts[1] == 3: return [([.year, .dayOfYear], 0)]
    case 2 where areShort[0] && counts[1] == 4: return [([.month, .year], 0)]
    case 3 where counts[0] == 4 && areShort[1] && areShort[2]: return [([.year, .month, .day], 0)]
    case 3 where counts[2] == 4 && areShort[0] && areShort[1]:
      return dayAndMonth(tokens, .year, 0)
    case 3 where counts[2] == 2 && areShort[0] && areShort[1]:
      return dayAndMonth(tokens, .shortYear, 1)
        + (counts[0] == 2 ? [([.shortYear, .month, .day], 3)] : [])
    default: return []
    }
  }

  private static func endsInDigits(_ tokens: [Token]) -> Bool {
    if case .digits? = tokens.last(where: { $0 != .mark(0) }) { true } else { false }
  }

  /// Prefers month first with slashes, as in the United States, and day first with other
  /// separators.
  private static func dayAndMonth(
    _ tokens: [Token], _ year: Role, _ rank: Int
  ) -> [([Role], Int)] {
    let hasSlash = tokens.contains(.mark(UInt8(ascii: "/")))
    return [
      ([.month, .day, year], rank + (hasSlash ? 0 : 1)),
      ([.day, .month, year], rank + (hasSlash ? 1 : 0)),
    ]
  }

  private static func datePattern(
    _ tokens: [Token], _ roles: [Role], isStrict: Bool
  ) -> String? {
    var pattern = ""
    var next = 0
    for token in tokens {
      switch token {
      case .mark(let byte): pattern += byte == 0 ? "\u{0}" : literal(byte)
      case .digits(let count):
        let isPadded = isStrict && count == 2
        switch roles[next] {
        case .year: pattern += "yyyy"
        case .shortYear: pattern += "yy"
        case .month: pattern += isPadded ? "MM" : "M"
        case .day: pattern += isPadded ? "dd" : "d"
        case .dayOfYear: pattern += "DDD"
        }
        next += 1
      case .word(let word):
        switch kind(of: word) {
        case let kind where ["MMM", "MMMM", "EEE", "EEEE"].contains(kind): pattern += kind
        case "T": pattern += "T"
        default: return nil
        }
      }
    }
    return pattern
  }

  /// A punctuation mark as written in a pattern.
  private static func literal(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "]"): "'\(Character(Unicode.Scalar(byte)))'"
    case UInt8(ascii: "'"): "''"
    default: String(Character(Unicode.Scalar(byte)))
    }
  }
}

extension StringProtocol {
  /// Whether two ASCII words are equal regardless of letter case.
  fileprivate func caseInsensitiveEquals(_ other: some StringProtocol) -> Bool {
    utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
  }
}
