/// Levels as a one-hot vector. The values are codes 0..<levels, or NaN for a missing one, which has
/// a level of its own.
struct CategoryEncoder: ColumnEncoder {
  /// The values of the levels (codes of texts, or numbers), ascending.
  let levels: [Double]
  let hasMissing: Bool

  /// Codes are 16 bits wide.
  static let levelLimit = 65_535

  /// - Throws: ``TabularError/encoding(_:)`` for more levels than fit.
  init(_ values: [Double], name: String) throws(TabularError) {
    var seen: Set<Double> = []
    for value in values where !value.isNaN { seen.insert(value) }
    levels = seen.sorted()
    hasMissing = values.contains(where: \.isNaN)
    guard levels.count < Self.levelLimit else {
      throw .encoding(
        "column '\(name)' has \(levels.count) levels, at most \(Self.levelLimit - 1) can be modelled (declare it an id, or a number)"
      )
    }
  }

  private var width: Int { levels.count + (hasMissing ? 1 : 0) }

  var spans: [OutputSpan] {
    [OutputSpan(column: 0, offset: 0, width: width, activation: .softmax, isCategory: true)]
  }

  func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] {
    let index = Dictionary(zip(levels, 0...), uniquingKeysWith: { first, _ in first })
    return [
      .code(
        values.map { value in
          // A level that was not fitted counts as missing, or else as the first.
          UInt16(index[value] ?? (hasMissing ? levels.count : 0))
        })
    ]
  }

  func inverse(_ row: UnsafePointer<Float>) -> Double {
    let level = row.indexOfLargest(width)
    return level < levels.count ? levels[level] : .nan
  }
}
