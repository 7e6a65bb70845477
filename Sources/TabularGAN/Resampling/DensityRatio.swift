// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Tabular
import TabularEncoding

/// How much likelier an encoded row is among real rows than among the generator's, estimated by
/// telling the two apart (probabilistic classification, Sugiyama et al., "Density Ratio Estimation
/// in Machine Learning", 2012): the logit of a classifier is the logarithm of the ratio.
///
/// It is trained once the generator is finished, on rows as they will be decoded, and calibrated on
/// rows it has not seen (as Turner et al., "Metropolis-Hastings GANs", 2019). The discriminator
/// itself is no estimate: its penalties flatten it.
final class DensityRatio {
  let network: MultilayerPerceptron
  /// What logits are multiplied by, so that they are the held-out rows' log-odds.
  private(set) var slope: Float
  private let batch: BatchAssembler
  private let bins: PiecewiseLinearEncoding
  private let encoder: TableEncoder
  /// The prefix of the names of its tensors.
  package static let name = "ratio"

  init(
    configuration: ResamplingConfiguration, encoder: TableEncoder, derived: DerivedFeatures,
    slope: Float = 1, seed: UInt64,
    in context: ComputeContext
  ) throws {
    self.slope = slope
    self.encoder = encoder
    batch = Self.layout(of: encoder, derived)
    bins = PiecewiseLinearEncoding(bins: configuration.bins, spans: encoder.spans)
    network = try MultilayerPerceptron(
      name: Self.name, inputs: batch.packWidth + bins.width, hidden: configuration.hidden,
      dropout: configuration.dropout, seed: seed, in: context)
  }

  private static func layout(of encoder: TableEncoder, _ derived: DerivedFeatures) -> BatchAssembler
  {
    BatchAssembler(
      rowWidth: encoder.width, conditionWidth: 0, rowsPerPack: 1,
      features: derived.map(in: encoder))
  }

  /// The number of input columns of a classifier that does not exist yet.
  static func inputWidth(
    of encoder: TableEncoder, derived: DerivedFeatures, bins: Int
  ) -> Int {
    layout(of: encoder, derived).packWidth
      + PiecewiseLinearEncoding(bins: bins, spans: encoder.spans).width
  }

  func calibrate(slope: Float) { self.slope = slope }

  /// Columns of the classifier's inputs.
  var inputWidth: Int { batch.packWidth + bins.width }

  /// The table's `rows` as the classifier reads them.
  func write(
    real rows: [Int], of table: EncodedTable, into inputs: Matrix, in context: ComputeContext
  ) {
    batch.writeReal(rows, of: table, into: inputs[columns: 0..<batch.packWidth], in: context)
    bins.write(into: inputs, from: batch.packWidth, in: context)
  }

  /// Makes generated rows what they will be once they are decoded.
  func discretize(_ generated: Matrix) {
    generated.withUnsafeMutableBufferPointer { buffer in
      encoder.discretize(buffer, count: generated.rows, stride: generated.stride)
    }
  }

  /// Generated rows, discretized, as the classifier reads them: with their derived features.
  func write(discretized generated: Matrix, into inputs: Matrix, in context: ComputeContext) {
    batch.writeGenerated(generated, into: inputs[columns: 0..<batch.packWidth], in: context)
    bins.write(into: inputs, from: batch.packWidth, in: context)
  }

  /// The logarithm of the ratio, up to a constant, for each of the generator's rows, discretized
  /// before, and their derived features. O(rows x weights).
  func weigh(
    _ generated: Matrix, in context: ComputeContext
  ) throws -> (logarithms: [Float], features: [[Double]]) {
    let inputs = try Matrix(rows: generated.rows, columns: inputWidth)
    write(discretized: generated, into: inputs, in: context)
    let logits = try network.forward(inputs, mode: .inference, in: context)
    return ((0..<logits.rows).map { slope * logits[$0, 0] }, features(in: inputs))
  }

  /// The derived features of some of a table's rows. O(rows x features).
  func features(
    of rows: [Int], in table: EncodedTable, in context: ComputeContext
  ) throws -> [[Double]] {
    let inputs = try Matrix(rows: Self.block, columns: batch.packWidth)
    var features = [[Double]](repeating: [], count: batch.packWidth - encoder.width)
    for first in stride(from: 0, to: rows.count, by: Self.block) {
      let members = rows[first..<min(first + Self.block, rows.count)]
      let part = inputs[rows: 0..<members.count]
      batch.writeReal(Array(members), of: table, into: part, in: context)
      for (number, values) in self.features(in: part).enumerated() { features[number] += values }
    }
    return features
  }

  private static let block = 8192

  private func features(in inputs: Matrix) -> [[Double]] {
    (encoder.width..<batch.packWidth).map { column in
      (0..<inputs.rows).map { Double(inputs[$0, column]) }
    }
  }
}
