// SPDX-License-Identifier: Apache-2.0

import NumericCore
import TabularEncoding

/// What the classifier behind a ``DensityRatio`` reads of a row: its encoded form as it will be
/// decoded, its derived features, and the bins of its scalars.
struct RatioInputs: Sendable {
  private let batch: BatchAssembler
  private let bins: PiecewiseLinearEncoding
  private let encoder: TableEncoder

  init(encoder: TableEncoder, derived: DerivedFeatures, bins: Int) {
    self.encoder = encoder
    batch = BatchAssembler(
      rowWidth: encoder.width, conditionWidth: 0, rowsPerPack: 1,
      features: derived.map(in: encoder))
    self.bins = PiecewiseLinearEncoding(bins: bins, spans: encoder.spans)
  }

  /// Columns of all inputs.
  var width: Int { batch.packWidth + bins.width }
  /// The first columns: an encoded row.
  var rowWidth: Int { encoder.width }
  var featureCount: Int { batch.packWidth - encoder.width }

  /// Writes the table's `rows`. O(rows x width).
  func write(
    real rows: [Int], of table: EncodedTable, into inputs: Matrix, in context: ComputeContext
  ) {
    batch.writeReal(rows, of: table, into: inputs[columns: 0..<batch.packWidth], in: context)
    bins.write(into: inputs, from: batch.packWidth, in: context)
  }

  /// Makes generated rows, which stand in the first columns, what they will be once they are
  /// decoded, and writes what is derived from them behind them. O(rows x width).
  func complete(generated inputs: Matrix, in context: ComputeContext) {
    inputs.withUnsafeMutableBufferPointer { buffer in
      encoder.discretize(buffer, count: inputs.rows, stride: inputs.stride)
    }
    batch.deriveFeatures(in: inputs[columns: 0..<batch.packWidth], in: context)
    bins.write(into: inputs, from: batch.packWidth, in: context)
  }

  /// For each derived feature the value of each row.
  func features(in inputs: Matrix) -> [[Double]] {
    (encoder.width..<batch.packWidth).map { column in
      (0..<inputs.rows).map { Double(inputs[$0, column]) }
    }
  }
}
