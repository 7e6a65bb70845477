/// Levels as a one-hot vector; a missing value has a level of its own.
///
/// Every level is kept, however rare, up to 65,534 of them (codes are 16 bits wide): a rare level
/// that is merged cannot be generated.
public struct CategoryEncoder: ColumnEncoder, Equatable {
  /// The values of the levels (numbers, or places in a list of texts), ascending.
  public let levels: [Double]
  public let hasMissing: Bool

  /// The most levels, a missing value's included.
  public static let levelLimit = 65_535

  /// Fits a column, NaN where missing. O(rows log levels).
  ///
  /// - Throws: ``TabularError/encoding(_:)`` for more levels than fit, or none.
  public init(fitting values: [Double]) throws(TabularError) {
    var seen: Set<Double> = []
    var hasMissing = false
    for value in values {
      if value.isNaN { hasMissing = true } else { seen.insert(value + 0) }
    }
    guard seen.count < Self.levelLimit else {
      throw .encoding(
        "has \(seen.count) levels, at most \(Self.levelLimit - 1) can be modelled (declare it an id, or a quantity)"
      )
    }
    guard !seen.isEmpty else { throw .encoding("there is no value to learn from") }
    levels = seen.sorted()
    self.hasMissing = hasMissing
  }

  private var width: Int { levels.count + (hasMissing ? 1 : 0) }

  public var spans: [OutputSpan] {
    [OutputSpan(column: 0, offset: 0, width: width, activation: .softmax, isCategory: true)]
  }

  public var representsMissing: Bool { hasMissing }

  public func levels(ofSpan span: Int) -> [EncodedLevel] {
    levels.map { .value($0) } + (hasMissing ? [.missing] : [])
  }

  public func transform(
    _ values: [Double], seed: UInt64
  ) throws(TabularError) -> [EncodedTable.Block] {
    var codes = [UInt16](repeating: 0, count: values.count)
    for (row, value) in values.enumerated() {
      if value.isNaN {
        guard hasMissing else { throw .missingValue(row: row) }
        codes[row] = UInt16(levels.count)
        continue
      }
      let level = levels.partitionIndex { $0 >= value }
      guard level < levels.count, levels[level] == value else {
        throw .unknownLevel("\(value)", row: row)
      }
      codes[row] = UInt16(level)
    }
    return [.code(codes)]
  }

  @inline(__always)
  public func inverse(_ row: UnsafePointer<Float>) -> Double {
    let level = row.indexOfLargest(width)
    return level < levels.count ? levels[level] : .nan
  }
}

extension CategoryEncoder {
  private enum CodingKeys: String, CodingKey { case levels, hasMissing }

  /// Decodes an encoder; what could not have been fitted is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    levels = try container.decode([Double].self, forKey: .levels)
    hasMissing = try container.decode(Bool.self, forKey: .hasMissing)
    guard !levels.isEmpty, levels.count < Self.levelLimit,
      zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .levels, in: container, debugDescription: "levels must be ascending, and some")
    }
  }
}

extension TabularError {
  /// A missing value in a column that had none. Rows are counted from 1 in messages.
  static func missingValue(row: Int) -> TabularError {
    .encoding(
      "has a missing value in row \(row + 1), but had none when the encoder was fitted (fill it in, or fit again)"
    )
  }

  /// A level that the encoder was not fitted on.
  static func unknownLevel(_ text: String, row: Int) -> TabularError {
    .encoding(
      "holds '\(text)' in row \(row + 1), which was not there when the encoder was fitted (fit again on rows that have it)"
    )
  }

  /// This error, said of a column.
  func ofColumn(_ name: String) -> TabularError {
    guard case .encoding(let text) = self else { return self }
    return .encoding("column '\(name)': \(text)")
  }
}
