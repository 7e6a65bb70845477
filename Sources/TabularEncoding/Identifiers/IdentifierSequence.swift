// SPDX-License-Identifier: Apache-2.0

import Tabular
import SeededRandom

/// Makes the keys of an `id` column, in the form of the real ones.
///
/// Guarantees: a key depends only on the seed and its row number; keys are unique if the real ones
/// were; no key equals a learned one, although those are not stored. Numbers that ascend with the
/// rows or fill an interval continue after the greatest one. The shares of missing and of repeated
/// keys are those of the real data.
struct IdentifierSequence: Sendable, Codable, Equatable {
  private let isNumber: Bool
  private let patterns: [IdentifierPattern]
  /// The first number of running-number keys.
  private var first: Int
  private let missingShare: Double
  /// The share of the rows that repeat the key of another row.
  private let repeatedShare: Double
  /// Nil if keys are running numbers, or if a learned key is too unlikely to be generated.
  private let known: KnownKeys?
  /// The number of learned keys, and the number of attempts to find a new key.
  private let count: Int
  private let attempts: Int

  /// With this many possible keys per row, a learned one is practically never generated.
  private static let unlikely: UInt64 = 1 << 40
  private static let maxAttempts: UInt64 = 16
  private static let maxNumber = 9_007_199_254_740_992.0

  /// O(keys).
  init(_ column: Column) {
    let texts: [String]
    switch column.values {
    case .number(let values), .datetime(let values):
      isNumber = true
      texts = values.filter { !$0.isNaN && abs($0) < Self.maxNumber }.map { String(Int($0)) }
    case .text(let codes, let categories):
      isNumber = false
      texts = codes.lazy.filter { $0 >= 0 }.map { categories[Int($0)] }
    }
    missingShare = Double(column.missingCount) / Double(max(column.count, 1))
    let distinct = Set(texts)
    repeatedShare = texts.isEmpty ? 0 : 1 - Double(distinct.count) / Double(texts.count)
    patterns =
      texts.isEmpty
      ? [IdentifierPattern(share: 1, fields: [.running(digits: 1, last: 0)])]
      : IdentifierPattern.learn(texts, areNumbers: isNumber)
    first = (patterns.compactMap(\.last).max() ?? 0) + 1
    count = distinct.count
    let keys = patterns.lazy.map { IdentifierMaker($0, rows: distinct.count).capacity }.min()!
    let perKey = keys / UInt64(max(distinct.count, 1))
    let mayMeet = !patterns.contains(where: \.isSequential) && perKey < Self.unlikely
    known = mayMeet ? KnownKeys(distinct, salt: UInt64(distinct.count)) : nil
    attempts = mayMeet ? Int(min(max(perKey / 4, 1), Self.maxAttempts)) : 1
  }

  /// Whether keys have a running number.
  var isSequential: Bool { patterns.contains(where: \.isSequential) }

  /// The same keys, beginning at this number.
  func starting(at number: Int) -> IdentifierSequence {
    var copy = self
    copy.first = number
    return copy
  }

  /// A column of these keys without any.
  func missing(name: String, count: Int) -> Column {
    Column(
      name: name,
      values: isNumber
        ? .number([Double](repeating: .nan, count: count))
        : .text(codes: [Int32](repeating: -1, count: count), categories: []))
  }

  /// The keys of generated rows, determined by seed and row number. O(rows x length of a key).
  func column(name: String, rows: some Collection<Int>, seed: UInt64) -> Column {
    let makers = patterns.map { IdentifierMaker($0, rows: count) }
    let keys = rows.map { row -> String? in
      var random = RowRandom(seed: seed, row: row)
      if random.chance(missingShare) { return nil }
      // A row that repeats a key takes the key of an earlier row.
      if row > 0, random.chance(repeatedShare) {
        return key(row: random.index(below: row), seed: seed, makers)
      }
      return key(row: row, seed: seed, makers)
    }
    if isNumber {
      return Column(name: name, values: .number(keys.map { $0.flatMap(Double.init) ?? .nan }))
    }
    var categories: [String] = []
    var indices: [String: Int32] = [:]
    let codes = keys.map { key -> Int32 in
      guard let key else { return -1 }
      if let position = indices[key] { return position }
      indices[key] = Int32(categories.count)
      categories.append(key)
      return Int32(categories.count - 1)
    }
    return Column(name: name, values: .text(codes: codes, categories: categories))
  }

  private func key(row: Int, seed: UInt64, _ makers: [IdentifierMaker]) -> String {
    let seed = SplitMix64.hash(seed)
    var random = RowRandom(seed: seed, row: row)
    var u = random.uniform()
    var index = 0
    while index + 1 < patterns.count && u >= patterns[index].share {
      u -= patterns[index].share
      index += 1
    }
    let order = seed &+ UInt64(index)
    for attempt in 0..<attempts {
      guard
        let text = makers[index].key(
          number: UInt64(row) * UInt64(attempts) + UInt64(attempt), sequenceNumber: first + row,
          random: random, key: order)
      else { break }
      if known?.mayContain(text) != true { return text }
    }
    return makers[index].longerKey(row: row, random: random, key: order)
  }
}

extension IdentifierSequence {
  /// Decodes a sequence and rejects one that cannot make keys.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    isNumber = try container.decode(Bool.self, forKey: .isNumber)
    patterns = try container.decode([IdentifierPattern].self, forKey: .patterns)
    first = try container.decode(Int.self, forKey: .first)
    missingShare = try container.decode(Double.self, forKey: .missingShare)
    repeatedShare = try container.decode(Double.self, forKey: .repeatedShare)
    known = try container.decodeIfPresent(KnownKeys.self, forKey: .known)
    count = try container.decode(Int.self, forKey: .count)
    attempts = try container.decode(Int.self, forKey: .attempts)
    guard !patterns.isEmpty, patterns.allSatisfy({ $0.fields.allSatisfy(\.isValid) }),
      (-(1 << 60)...1 << 60).contains(first), (0...1).contains(missingShare),
      (0...1).contains(repeatedShare), count >= 0, (1...Int(Self.maxAttempts)).contains(attempts)
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .patterns, in: container,
        debugDescription: "keys need a form, a first number and shares of 0 to 1")
    }
  }
}
