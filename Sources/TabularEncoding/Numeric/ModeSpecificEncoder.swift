// SPDX-License-Identifier: Apache-2.0

import Tabular
import SeededRandom

/// CTGAN's encoding of a quantity (Xu et al., "Modeling Tabular Data using Conditional GAN", 2019,
/// section 4.2): a mixture of normals is fitted; a value becomes one of its modes, drawn by the
/// posterior, and its place in it, (value - mean) / (4 deviations), clipped to ±0.99.
///
/// A value more than 3.96 deviations from its mode comes back at that distance. A missing value
/// becomes the middle of the first mode and does not come back: see ``MixedEncoder``.
public struct ModeSpecificEncoder: ColumnEncoder, Equatable {
  /// The mixture whose components are the modes.
  public let mixture: GaussianMixture
  private let grid: NumericGrid

  /// Values to fit the mixture on: more change it less than its own iterations do.
  private static let fitLimit = 20_000
  private static let maxScalar = 0.99

  /// Fits values; NaN is left out. Beyond 20,000 rows the mixture is fitted on evenly spaced ones.
  ///
  /// - Throws: ``TabularError/encoding(_:)`` where there is no value, or an infinite one.
  public init(
    fitting values: [Double], format: NumberFormat? = nil, modes: Int = 10
  ) throws(TabularError) {
    var sample = try NumericEncoder.learnable(values)
    grid = NumericGrid(sample, format: format, rounded: sample, prefersGrid: true)
    if sample.count > Self.fitLimit {
      let step = Double(sample.count) / Double(Self.fitLimit)
      sample = (0..<Self.fitLimit).map { sample[Int(Double($0) * step)] }
    }
    mixture = GaussianMixture(fitting: sample, components: modes)
  }

  /// The place in the mode, a scalar in -1...1, and the mode, a softmax span.
  public var spans: [OutputSpan] {
    [
      OutputSpan(column: 0, offset: 0, width: 1, activation: .tanh),
      OutputSpan(column: 0, offset: 1, width: mixture.weights.count, activation: .softmax),
    ]
  }

  /// False: a missing value has to be encoded by a ``MixedEncoder``.
  public var representsMissing: Bool { false }

  /// The modes by number for the softmax span; empty for the scalar.
  public func categories(ofSpan span: Int) -> [EncodedCategory] {
    span == 1 ? mixture.weights.indices.map { .named("mode \($0)") } : []
  }

  /// A mode of each value, drawn by the posterior from `seed` and the row, and the place in it.
  /// O(rows x modes).
  public func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] {
    var scalars = [Float](repeating: 0, count: values.count)
    var codes = [UInt16](repeating: 0, count: values.count)
    var posterior = [Double](repeating: 0, count: mixture.weights.count)
    for (row, value) in values.enumerated() where !value.isNaN {
      mixture.posterior(value, into: &posterior)
      var random = RowRandom(seed: seed, row: row)
      var u = random.uniform()
      var mode = 0
      while mode + 1 < posterior.count && u >= posterior[mode] {
        u -= posterior[mode]
        mode += 1
      }
      // Halves: neither a difference nor a deviation of huge values may overflow.
      let distance = value * 0.5 - mixture.means[mode] * 0.5
      let position = distance / mixture.deviations[mode] * 0.5
      scalars[row] = Float(min(max(position, -Self.maxScalar), Self.maxScalar))
      codes[row] = UInt16(mode)
    }
    return [.scalar(scalars), .code(codes)]
  }

  /// See ``ColumnEncoder/inverse(_:)``.
  @inline(__always)
  public func inverse(_ row: UnsafePointer<Float>) -> Double { inverse(row, at: 0) }

  @inline(__always)
  func inverse(_ row: UnsafePointer<Float>, at position: @autoclosure () -> Double) -> Double {
    let mode = (row + 1).indexOfLargest(mixture.weights.count)
    return grid.snap(
      mixture.means[mode] + mixture.deviations[mode] * (4 * Double(row[0])), at: position())
  }

  /// Decodes all rows; `values` has room for one value per row.
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count {
      values[i] = inverse(rows.base + i * rows.stride, at: rows.position(i))
    }
  }
}
