/// CTGAN's encoding of a quantity (Xu et al., 2019, section 4.2): a mixture of normals is fitted; a
/// value becomes one of its modes, drawn by the posterior, and its place in it,
/// (value - mean) / (4 deviations), clipped to ±0.99.
struct ModeSpecificEncoder: ColumnEncoder {
  private let mixture: GaussianMixture
  private let grid: NumericGrid

  /// Values to fit the mixture on: more change it less than its own iterations do.
  private static let fitLimit = 20_000

  /// Fits values that are present.
  init(_ values: [Double], format: NumberFormat?, modes: Int) {
    grid = NumericGrid(values, format: format)
    var sample = values
    if values.count > Self.fitLimit {
      let step = Double(values.count) / Double(Self.fitLimit)
      sample = (0..<Self.fitLimit).map { values[Int(Double($0) * step)] }
    }
    mixture = GaussianMixture(sample, components: modes)
  }

  var spans: [OutputSpan] {
    [
      OutputSpan(column: 0, offset: 0, width: 1, activation: .tanh),
      OutputSpan(column: 0, offset: 1, width: mixture.weights.count, activation: .softmax),
    ]
  }

  func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] {
    var scalars = [Float](repeating: 0, count: values.count)
    var codes = [UInt16](repeating: 0, count: values.count)
    var posterior = [Double](repeating: 0, count: mixture.weights.count)
    for (row, value) in values.enumerated() where !value.isNaN {
      var random = RowRandom(seed: seed, row: row)
      var u = random.uniform() * mixture.posterior(value, into: &posterior)
      var mode = 0
      while mode + 1 < posterior.count && u >= posterior[mode] {
        u -= posterior[mode]
        mode += 1
      }
      let place = (value - mixture.means[mode]) / (4 * mixture.deviations[mode])
      scalars[row] = Float(min(max(place, -0.99), 0.99))
      codes[row] = UInt16(mode)
    }
    return [.scalar(scalars), .code(codes)]
  }

  func inverse(_ row: UnsafePointer<Float>) -> Double {
    let mode = (row + 1).indexOfLargest(mixture.weights.count)
    return grid.snap(mixture.means[mode] + 4 * mixture.deviations[mode] * Double(row[0]))
  }
}
