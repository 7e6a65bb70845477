// SPDX-License-Identifier: Apache-2.0

/// A column with one value: it takes no place in the encoded row.
public struct ConstantEncoder: ColumnEncoder, Equatable {
  /// Nil where every value is missing.
  public let value: Double?

  /// Keeps the most frequent value, the least one of equals; NaN is left out. O(rows).
  public init(fitting values: [Double]) {
    var counts: [Double: Int] = [:]
    for value in values where !value.isNaN { counts[value + 0, default: 0] += 1 }
    value = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// No spans: the network does not see the column.
  public var spans: [OutputSpan] { [] }
  /// True: a column without any value is constant, too.
  public var representsMissing: Bool { true }

  /// Never called: there is no span.
  public func categories(ofSpan span: Int) -> [EncodedCategory] { [] }

  /// Nothing, whatever the values are.
  public func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] { [] }

  /// The one value of the column, NaN if it has none.
  public func inverse(_ row: UnsafePointer<Float>) -> Double { value ?? .nan }
}

extension ConstantEncoder {
  private enum CodingKeys: String, CodingKey { case value }

  /// Decodes an encoder; throws if it has a value that is not finite.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    value = try container.decodeIfPresent(Double.self, forKey: .value)
    if let value, !value.isFinite {
      throw DecodingError.invalid("'value' must be finite, not \(value)", in: decoder)
    }
  }
}
