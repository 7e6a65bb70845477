// SPDX-License-Identifier: Apache-2.0

import Tabular

/// A column of single values that stand out (point masses), a remainder, and missing values: a
/// one-hot vector tells which, and the remainder has a numeric encoder of its own.
///
/// Where the one-hot vector names a point mass or a missing value, the remainder's positions hold 0
/// and are not read.
public struct MixedEncoder: ColumnEncoder, Equatable {
  private let pointMasses: [Double]
  private let remainder: NumericEncoder?
  private let hasMissing: Bool
  /// Positions of the one-hot vector: point masses, remainder (where there is one), missing (if
  /// any).
  private let categoryCount: Int
  /// Point masses ascending, with their places.
  private let sortedPointMasses: [(value: Double, category: Int)]

  static let pointMassLimit = 60_000

  /// The category that says that the value is in the remainder, where there is one.
  var remainderCategory: Int? { remainder == nil ? nil : pointMasses.count }

  /// Fits a column, NaN where missing. O(rows log rows).
  ///
  /// - Parameters:
  ///   - pointMasses: values that become categories, in the order of the one-hot vector. A
  ///     remainder of one single value becomes a category too.
  ///   - format: how the values are written.
  ///   - configuration: which encoder the remainder gets.
  /// - Throws: ``TabularError/encoding(_:)`` where there is no value, or an infinite one.
  public init(
    fitting values: [Double], pointMasses: [Double], format: NumberFormat? = nil,
    configuration: EncodingConfiguration
  ) throws(TabularError) {
    let present = try NumericEncoder.learnable(values)
    var seen: Set<Double> = []
    var pointMasses = pointMasses.prefix(Self.pointMassLimit).map { $0 + 0 }
      .filter { !$0.isNaN && seen.insert($0).inserted }
    let rest = present.filter { !seen.contains($0) }
    var remainder: NumericEncoder?
    if let first = rest.first {
      if rest.allSatisfy({ $0 == first }) {
        pointMasses.append(first)
      } else {
        remainder = try NumericEncoder(
          fitting: rest, format: format, configuration: configuration)
      }
    }
    self.init(
      pointMasses: pointMasses, remainder: remainder, hasMissing: present.count < values.count)
  }

  private init(pointMasses: [Double], remainder: NumericEncoder?, hasMissing: Bool) {
    self.pointMasses = pointMasses
    self.remainder = remainder
    self.hasMissing = hasMissing
    categoryCount = pointMasses.count + (remainder == nil ? 0 : 1) + (hasMissing ? 1 : 0)
    sortedPointMasses = pointMasses.enumerated().map { ($1, $0) }.sorted { $0.value < $1.value }
  }

  /// Whether both encode all values alike.
  public static func == (a: MixedEncoder, b: MixedEncoder) -> Bool {
    a.pointMasses == b.pointMasses && a.remainder == b.remainder && a.hasMissing == b.hasMissing
  }

  /// A softmax span (point masses, remainder, missing), then the spans of the remainder's encoder.
  public var spans: [OutputSpan] {
    let first = OutputSpan(column: 0, offset: 0, width: categoryCount, activation: .softmax)
    let rest = remainder?.encoder.spans ?? []
    return [first]
      + rest.map { span in
        var span = span
        span.offset += categoryCount
        return span
      }
  }

  /// True if a value was missing when the encoder was fitted.
  public var representsMissing: Bool { hasMissing }

  /// The point masses, "other" for the remainder, and the missing value; then the remainder's own.
  public func categories(ofSpan span: Int) -> [EncodedCategory] {
    if span > 0 { return remainder?.encoder.categories(ofSpan: span - 1) ?? [] }
    return pointMasses.map { .value($0) } + (remainder == nil ? [] : [.named("other")])
      + (hasMissing ? [.missing] : [])
  }

  /// The category of each value, and the encoded remainder.
  ///
  /// - Throws: ``TabularError/encoding(_:)`` for a missing value if there was none when it was
  ///   fitted, or for an unknown value if there is no remainder.
  public func transform(
    _ values: [Double], seed: UInt64
  ) throws(TabularError) -> [EncodedTable.Block] {
    let missing = UInt16(categoryCount - 1)
    var rest = [Double](repeating: .nan, count: values.count)
    var codes = [UInt16](repeating: 0, count: values.count)
    for (row, value) in values.enumerated() {
      if value.isNaN {
        guard hasMissing else { throw .missingValue(row: row) }
        codes[row] = missing
        continue
      }
      let position = sortedPointMasses.partitionIndex { $0.value >= value }
      if position < sortedPointMasses.count && sortedPointMasses[position].value == value {
        codes[row] = UInt16(sortedPointMasses[position].category)
      } else if remainder != nil {
        codes[row] = UInt16(pointMasses.count)
        rest[row] = value
      } else {
        throw .unknownCategory("\(value)", row: row)
      }
    }
    return [.code(codes)] + (try remainder?.encoder.transform(rest, seed: seed) ?? [])
  }

  /// See ``ColumnEncoder/inverse(_:)``.
  @inline(__always)
  public func inverse(_ row: UnsafePointer<Float>) -> Double { inverse(row, at: 0) }

  /// Decodes all rows; `values` has room for one value per row.
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count {
      values[i] = inverse(rows.base + i * rows.stride, at: rows.position(i))
    }
  }

  @inline(__always)
  private func inverse(
    _ row: UnsafePointer<Float>, at position: @autoclosure () -> Double
  ) -> Double {
    let category = row.indexOfLargest(categoryCount)
    if category < pointMasses.count { return pointMasses[category] }
    if category == pointMasses.count, let remainder {
      return remainder.inverse(row + categoryCount, at: position())
    }
    return .nan
  }
}

extension MixedEncoder {
  private enum CodingKeys: String, CodingKey { case pointMasses, remainder, hasMissing }

  /// Decodes an encoder; one that could yield nothing is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let pointMasses = try container.decode([Double].self, forKey: .pointMasses)
    let remainder = try container.decodeIfPresent(NumericEncoder.self, forKey: .remainder)
    guard !(pointMasses.isEmpty && remainder == nil), pointMasses.count <= Self.pointMassLimit + 1,
      pointMasses.areFinite,
      Set(pointMasses).count == pointMasses.count
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .pointMasses, in: container,
        debugDescription:
          "there must be finite point masses, each once, or a remainder, and not too many point masses"
      )
    }
    self.init(
      pointMasses: pointMasses, remainder: remainder,
      hasMissing: try container.decode(Bool.self, forKey: .hasMissing))
  }

  /// Encodes what cannot be computed from the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(pointMasses, forKey: .pointMasses)
    try container.encodeIfPresent(remainder, forKey: .remainder)
    try container.encode(hasMissing, forKey: .hasMissing)
  }
}
