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
    // SplitMix64's finaliser (Steele et al., 2014).
    var z = (UInt64(bitPattern: Int64(number)) &+ key) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    let draw = (z ^ z >> 31) >> 32
    let place = bounds.firstIndex { draw < $0 }
    output.append(contentsOf: texts[place.map { $0 + 1 } ?? 0])
  }
}
