// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Writes the missing values of a column with the markers of its schema.
///
/// If there are several markers, a hash of the row number selects one according to their shares, so
/// the same row is always written in the same way.
struct MissingWriter: Sendable {
  private let texts: [[UInt8]]
  /// The cumulative shares of all markers but the first, scaled by 2^32.
  private let bounds: [UInt64]
  private let key: UInt64

  init(_ schema: ColumnSchema, _ writer: FieldWriter) {
    texts = ([schema.missingText] + schema.otherMissingTexts.map(\.text)).map { text in
      var field: [UInt8] = []
      writer.append(text.utf8, quoted: writer.dialect.quoting == .all, to: &field)
      return field
    }
    var sum = 0.0
    bounds = schema.otherMissingTexts.map { other in
      sum = min(1, sum + other.share)
      return UInt64(sum * 0x1p32)
    }
    // Columns draw independently of each other.
    key = schema.name.utf8.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
  }

  func write(_ number: Int, to output: inout [UInt8]) {
    guard !bounds.isEmpty else { return output.append(contentsOf: texts[0]) }
    let position = UInt64(bitPattern: Int64(number)) &+ key
    let draw = SplitMix64.finalized(position &* SplitMix64.increment) >> 32
    let index = bounds.firstIndex { draw < $0 }
    output.append(contentsOf: texts[index.map { $0 + 1 } ?? 0])
  }
}
