// SPDX-License-Identifier: Apache-2.0

/// A part of a key between two separators.
enum IdentifierField: Sendable, Codable, Equatable {
  /// The same in every key.
  case literal(String)
  /// One of a few texts, each of which occurs in at least five keys, with their shares.
  case choice([String], shares: [Double])
  /// A running number that continues after the greatest one, with a minimum number of digits.
  case running(digits: Int, last: Int)
  /// Any whole number in a range, without leading zeros.
  case number(minimum: Int, maximum: Int)
  /// Characters, with one alphabet per position; the last alphabet also applies to all further
  /// positions.
  case characters(alphabets: [String], lengths: [Int], shares: [Double])

  private static let maxChoices = 1000
  private static let rowsPerChoice = 10
  private static let minRows = 5
  /// With at least this many keys, the observed characters of a position are its alphabet; with
  /// fewer, the alphabet is a class of characters.
  private static let certainRows = 200
  private static let classes = [
    "0123456789", "0123456789abcdef", "0123456789ABCDEF", "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789abcdefghijklmnopqrstuvwxyz",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
  ].map(Array.init)

  /// Learns the form of a field's texts; returns several fields if letters are always followed by
  /// digits.
  ///
  /// - Parameters:
  ///   - texts: one text per key, in row order.
  ///   - counts: whether a number may be a running number.
  static func learn(_ texts: [Substring], counts: Bool) -> [IdentifierField] {
    if texts.allSatisfy({ $0 == texts[0] }), texts.count > 1 {
      return [.literal(String(texts[0]))]
    }
    if counts, let running = running(texts) { return [running] }
    if let ends = texts.map(lettersBeforeDigits) as? [Substring.Index] {
      let letters = zip(texts, ends).map { $0[..<$1] }
      let digits = zip(texts, ends).map { $0[$1...] }
      return learn(letters, counts: false) + learn(digits, counts: counts)
    }
    var rows: [Substring: Int] = [:]
    for text in texts { rows[text, default: 0] += 1 }
    if rows.count <= maxChoices, rows.count * rowsPerChoice <= texts.count {
      let kept = rows.filter { $0.value >= minRows }.sorted { $0.key < $1.key }
      let sum = Double(kept.reduce(0) { $0 + $1.value })
      if !kept.isEmpty {
        return [.choice(kept.map { String($0.key) }, shares: kept.map { Double($0.value) / sum })]
      }
    }
    return [number(texts) ?? characters(texts)]
  }

  private static let maxInRange = 9999

  /// A range of small numbers of several lengths, such as the bytes of an IP address; nil for other
  /// texts.
  private static func number(_ texts: [Substring]) -> IdentifierField? {
    guard texts.count >= certainRows,
      texts.allSatisfy({ $0.utf8.count <= 4 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    let numbers = texts.compactMap { Int($0) }
    guard numbers.count == texts.count, zip(numbers, texts).allSatisfy({ String($0) == $1 }),
      Set(texts.map(\.utf8.count)).count > 1
    else { return nil }
    return .number(minimum: numbers.min()!, maximum: numbers.max()!)
  }

  /// A running number if the texts are numbers that ascend with the rows or fill an interval; nil
  /// otherwise.
  private static func running(_ texts: [Substring]) -> IdentifierField? {
    guard texts.count > 1 else { return nil }
    var numbers: [Int] = []
    for text in texts {
      guard text.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = Int(text)
      else { return nil }
      numbers.append(number)
    }
    let (minimum, maximum) = (numbers.min()!, numbers.max()!)
    let rises = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    let fills = maximum - minimum < numbers.count + numbers.count / 5 + 10
    guard rises || fills && Set(numbers).count == numbers.count else { return nil }
    let isPadded = texts.contains { $0.count > 1 && $0.first == "0" }
    return .running(digits: isPadded ? texts.map(\.count).min()! : 1, last: maximum)
  }

  /// The start of the digits in a text of letters followed only by digits.
  private static func lettersBeforeDigits(_ text: Substring) -> Substring.Index? {
    let digits = text.firstIndex { $0.isASCII && $0.isNumber } ?? text.endIndex
    guard digits > text.startIndex, digits < text.endIndex,
      text[..<digits].allSatisfy(\.isLetter),
      text[digits...].allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    return digits
  }

  private static func characters(_ texts: [Substring]) -> IdentifierField {
    var lengths: [Int: Int] = [:]
    for text in texts { lengths[text.count, default: 0] += 1 }
    let sorted = lengths.sorted { $0.key < $1.key }
    let hasOneLength = sorted.count == 1
    // Texts of several lengths have one alphabet for the first position and one for the others.
    var seen: [Set<Character>] = Array(
      repeating: [], count: hasOneLength ? sorted[0].key : 2)
    for text in texts {
      for (position, character) in text.enumerated() {
        seen[hasOneLength ? position : min(position, 1)].insert(character)
      }
    }
    let alphabets = seen.filter { !$0.isEmpty }.map { alphabet(of: $0, rows: texts.count) }
    return .characters(
      alphabets: alphabets.isEmpty ? ["0"] : alphabets, lengths: sorted.map(\.key),
      shares: sorted.map { Double($0.value) / Double(texts.count) })
  }

  /// The observed characters or, for few rows, the smallest class that contains them all.
  private static func alphabet(of seen: Set<Character>, rows: Int) -> String {
    let isKnown = rows >= certainRows || seen.count == 1 && rows >= 20
    if !isKnown, let own = classes.first(where: { seen.isSubset(of: $0) }) {
      // A first digit that is never 0 remains so.
      return String(own.filter { $0 != "0" || seen.contains("0") || seen.count < 5 })
    }
    return String(seen.sorted())
  }

  /// Whether the decoded field can produce keys.
  var isValid: Bool {
    switch self {
    case .literal: true
    case .choice(let texts, let shares): !texts.isEmpty && texts.count == shares.count
    case .number(let minimum, let maximum):
      0 <= minimum && minimum <= maximum && maximum <= Self.maxInRange
    case .running(let digits, let last):
      (1...18).contains(digits) && (-(1 << 60)...1 << 60).contains(last)
    case .characters(let alphabets, let lengths, let shares):
      !alphabets.isEmpty && alphabets.allSatisfy { !$0.isEmpty } && !lengths.isEmpty
        && lengths.count == shares.count && lengths.allSatisfy { (0...65_536).contains($0) }
    }
  }
}

extension IdentifierField {
  /// The possible lengths of a field of characters; empty for other fields.
  var lengths: [Int] { if case .characters(_, let lengths, _) = self { lengths } else { [] } }

  var isRunning: Bool { if case .running = self { true } else { false } }

  /// The same field as the first one of a number, which does not begin with 0.
  var ofNumber: IdentifierField {
    guard case .characters(var alphabets, let lengths, let shares) = self else { return self }
    let first = alphabets[0].filter { $0 != "0" }
    if !first.isEmpty { alphabets[0] = first }
    return .characters(alphabets: alphabets, lengths: lengths, shares: shares)
  }
}
