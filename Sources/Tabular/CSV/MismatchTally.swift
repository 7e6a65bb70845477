// SPDX-License-Identifier: Apache-2.0

/// Counts the fields of a column that do not fit its type.
struct MismatchTally: Sendable {
  /// A field's text, with its count and first position.
  struct Mismatch: Sendable {
    var text: [UInt8]
    var count: Int
    var record: Int
    var line: Int
  }

  /// Limit on the number of distinct texts.
  private static let maxTexts = 64
  private static let longestText = 120

  private(set) var count = 0
  /// The distinct texts, in order of first appearance.
  private(set) var texts: [Mismatch] = []
  private var positions: [[UInt8]: Int] = [:]
  /// Whether there were more distinct texts than the limit; the counts are then incomplete.
  private(set) var isOverflowing = false

  var first: Mismatch? { texts.first }

  mutating func note(_ field: UnsafeBufferPointer<UInt8>, record: Int, line: Int) {
    add(Mismatch(text: Array(field.prefix(Self.longestText)), count: 1, record: record, line: line))
  }

  /// Adds the tally of the following rows, whose records and lines have been moved down already.
  mutating func add(_ other: MismatchTally) {
    isOverflowing = isOverflowing || other.isOverflowing
    for mismatch in other.texts { add(mismatch) }
    count += other.count - other.texts.reduce(0) { $0 + $1.count }
  }

  mutating func moveDown(records: Int, lines: Int) {
    for i in texts.indices {
      texts[i].record += records
      texts[i].line += lines
    }
  }

  private mutating func add(_ mismatch: Mismatch) {
    count += mismatch.count
    if let index = positions[mismatch.text] {
      texts[index].count += mismatch.count
    } else if texts.count < Self.maxTexts {
      positions[mismatch.text] = texts.count
      texts.append(mismatch)
    } else {
      isOverflowing = true
    }
  }
}
