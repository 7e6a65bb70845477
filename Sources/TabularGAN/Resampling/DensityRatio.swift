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
  let inputs: RatioInputs
  /// The prefix of the names of its tensors.
  package static let name = "ratio"

  init(
    configuration: ResamplingConfiguration, encoder: TableEncoder, derived: DerivedFeatures,
    slope: Float = 1, seed: UInt64,
    in context: ComputeContext
  ) throws {
    self.slope = slope
    inputs = RatioInputs(encoder: encoder, derived: derived, bins: configuration.bins)
    network = try MultilayerPerceptron(
      name: Self.name, inputs: inputs.width, hidden: configuration.hidden,
      dropout: configuration.dropout, seed: seed, in: context)
  }

  func calibrate(slope: Float) { self.slope = slope }

  /// The derived features of some of a table's rows. O(rows x features).
  func features(
    of rows: [Int], in table: EncodedTable, in context: ComputeContext
  ) throws -> [[Double]] {
    let block = try Matrix(rows: Self.block, columns: inputs.width)
    var features = [[Double]](repeating: [], count: inputs.featureCount)
    for first in stride(from: 0, to: rows.count, by: Self.block) {
      let members = rows[first..<min(first + Self.block, rows.count)]
      let part = block[rows: 0..<members.count]
      inputs.write(real: Array(members), of: table, into: part, in: context)
      for (number, values) in inputs.features(in: part).enumerated() { features[number] += values }
    }
    return features
  }

  private static let block = 8192
}
