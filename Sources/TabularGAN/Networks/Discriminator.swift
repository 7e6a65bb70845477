// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore

/// The discriminator (or critic): a perceptron that scores packs of rows.
final class Discriminator {
  let network: MultilayerPerceptron
  let layerTitles: [String]
  /// The prefix of the names of its tensors.
  package static let name = "discriminator"

  init(
    configuration: DiscriminatorConfiguration, inputs: Int, precision: Precision, seed: UInt64,
    in context: ComputeContext
  ) throws {
    network = try MultilayerPerceptron(
      name: Self.name, inputs: inputs, hidden: configuration.hidden,
      activation: configuration.activation.function, dropout: configuration.dropout,
      initialization: configuration.initialization, precision: precision, seed: seed, in: context)
    var titles: [String] = []
    var width = inputs
    for units in configuration.hidden {
      let dropout = configuration.dropout > 0 ? ", dropout \(configuration.dropout)" : ""
      titles.append("Dense \(width) → \(units), \(configuration.activation.title)\(dropout)")
      width = units
    }
    layerTitles = titles + ["Dense \(width) → 1"]
  }
}

extension Layer {
  /// Numbers that training changes.
  var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.rows * $1.value.columns } }
}
