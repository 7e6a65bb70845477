// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Makes many keys of one form.
///
/// The characters of a key are the digits of a number, so that different numbers make different
/// keys. The number of a row comes from a permutation of all numbers. Lengths are drawn at random,
/// and so are choices if the characters alone make enough keys.
struct IdentifierMaker {
  private let pattern: IdentifierPattern
  /// The options of each position of each field; a choice or a number has one position.
  private let options: [[[String]]]
  /// Whether choices are digits of the number too, because there would not be enough keys
  /// otherwise.
  private var numbersChoices = false
  /// The field that receives the extra number of longer keys.
  private let extraField: Int?

  /// Limit on the numbering of keys; positions beyond it are drawn at random.
  private static let maxNumbered: UInt64 = 1 << 56

  /// Number of times to draw lengths before the greatest lengths are used.
  private static let maxDraws = 8

  /// - Parameter rows: the number of learned keys; there should be more possible keys.
  init(_ pattern: IdentifierPattern, rows: Int) {
    self.pattern = pattern
    options = pattern.fields.map { field in
      switch field {
      case .literal, .running: []
      case .choice(let texts, _): [texts]
      case .number(let minimum, let maximum): [(minimum...maximum).map(String.init)]
      case .characters(let alphabets, _, _): alphabets.map { $0.map(String.init) }
      }
    }
    extraField =
      pattern.fields.lastIndex { if case .characters = $0 { true } else { false } }
      ?? pattern.fields.firstIndex {
        switch $0 {
        case .choice, .number: true
        default: false
        }
      }
    let longest = pattern.fields.map { $0.lengths.max() ?? 0 }
    for numbersChoices in [false, true] {
      self.numbersChoices = numbersChoices
      capacity = numbered(longest)
      if capacity / 4 >= UInt64(max(rows, 1)) { break }
    }
  }

  /// The number of possible keys of the greatest lengths, at most 2^56.
  private(set) var capacity: UInt64 = 0

  private static func times(_ count: UInt64, _ size: Int) -> UInt64? {
    count <= maxNumbered / UInt64(size) ? count * UInt64(size) : nil
  }

  /// Calls `body` for each position of keys with the given lengths, with its options and whether it
  /// is a digit of the key's number.
  private func forEachPosition(
    _ lengths: [Int], _ body: (_ field: Int, _ options: [String], _ isNumbered: Bool) -> Void
  ) {
    var count: UInt64 = 1
    for (field, options) in options.enumerated() where !options.isEmpty {
      if case .choice = pattern.fields[field], !numbersChoices { continue }
      let hasOne = pattern.fields[field].lengths.isEmpty
      for position in 0..<(hasOne ? 1 : lengths[field]) {
        let own = options[min(position, options.count - 1)]
        let next = Self.times(count, own.count)
        count = next ?? count
        body(field, own, next != nil)
      }
    }
  }

  private func numbered(_ lengths: [Int]) -> UInt64 {
    var count: UInt64 = 1
    forEachPosition(lengths) { _, options, isNumbered in
      if isNumbered { count *= UInt64(options.count) }
    }
    return count
  }

  /// The key with a given number. Different numbers make different keys.
  ///
  /// - Parameters:
  ///   - sequenceNumber: the value of a running-number field.
  ///   - key: determines the order of the keys.
  /// - Returns: nil if there are not that many keys.
  func key(number: UInt64, sequenceNumber: Int, random: RowRandom, key: UInt64) -> String? {
    var random = random
    for draw in 0...Self.maxDraws {
      let lengths = pattern.fields.map { field -> Int in
        guard case .characters(_, let lengths, let shares) = field else { return 0 }
        return draw < Self.maxDraws ? lengths[Self.draw(shares, &random)] : lengths.max()!
      }
      let count = numbered(lengths)
      guard number < count || pattern.isSequential else { continue }
      return text(
        lengths, KeyedPermutation(count: count, key: key)(number % count),
        sequenceNumber: sequenceNumber,
        extra: nil, &random)
    }
    return nil
  }

  /// A key longer than all learned ones, different for each row.
  func longerKey(row: Int, random: RowRandom, key: UInt64) -> String {
    var random = random
    let lengths = pattern.fields.map { $0.lengths.max() ?? 0 }
    let count = numbered(lengths)
    return text(
      lengths, KeyedPermutation(count: count, key: key)(UInt64(row) % count), sequenceNumber: 0,
      extra: UInt64(row) / count + 1, &random)
  }

  private func text(
    _ lengths: [Int], _ number: UInt64, sequenceNumber: Int, extra: UInt64?,
    _ random: inout RowRandom
  ) -> String {
    var texts = pattern.fields.map { field -> String in
      switch field {
      case .literal(let literal): return literal
      case .running(let digits, _):
        let own = String(sequenceNumber)
        return String(repeating: "0", count: max(0, digits - own.utf8.count)) + own
      case .number: return ""
      case .choice(let choices, let shares):
        return numbersChoices ? "" : choices[Self.draw(shares, &random)]
      case .characters: return ""
      }
    }
    var left = number
    forEachPosition(lengths) { field, options, isNumbered in
      if isNumbered {
        texts[field] += options[Int(left % UInt64(options.count))]
        left /= UInt64(options.count)
      } else {
        texts[field] += options[random.index(below: options.count)]
      }
    }
    if let extra {
      if let extraField {
        texts[extraField] += String(extra)
      } else {
        texts.append(String(extra))
      }
    }
    return texts.joined()
  }

  private static func draw(_ shares: [Double], _ random: inout RowRandom) -> Int {
    var u = random.uniform()
    for (index, share) in shares.enumerated() {
      u -= share
      if u < 0 { return index }
    }
    return shares.count - 1
  }
}
