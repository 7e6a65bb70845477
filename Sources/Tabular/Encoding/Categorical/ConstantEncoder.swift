/// A column with one value: it takes no place in the encoded row.
struct ConstantEncoder: ColumnEncoder {
  private let value: Double?

  init(_ values: [Double]) { value = values.first { !$0.isNaN } }

  var spans: [OutputSpan] { [] }

  func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] { [] }

  func inverse(_ row: UnsafePointer<Float>) -> Double { value ?? .nan }
}
