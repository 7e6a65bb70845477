/// The place of a value between the least and the greatest one, 0...1: the poster's encoding. A
/// missing value is encoded as the middle and never generated.
struct MinMaxEncoder: ColumnEncoder {
  private let grid: NumericGrid

  init(_ values: [Double], format: NumberFormat?) {
    grid = NumericGrid(values, format: format)
  }

  var spans: [OutputSpan] { [OutputSpan(column: 0, offset: 0, width: 1, activation: .sigmoid)] }

  func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] {
    let width = grid.greatest - grid.least
    return [
      .scalar(
        values.map { value in
          value.isNaN || width == 0
            ? 0.5 : Float(min(max((value - grid.least) / width, 0), 1))
        })
    ]
  }

  func inverse(_ row: UnsafePointer<Float>) -> Double {
    grid.snap(grid.least + Double(row[0]) * (grid.greatest - grid.least))
  }
}
