// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore

/// Puts a generator's layers together as its configuration asks.
struct GeneratorBuilder {
  let configuration: GeneratorConfiguration
  let precision: Precision
  let seed: UInt64
  let context: ComputeContext

  func build(inputs: Int, outputs: Int) throws -> (network: Sequential, titles: [String]) {
    var layers: [any Layer] = []
    var titles: [String] = []
    var width = inputs
    for (index, units) in configuration.hidden.enumerated() {
      let block = try hiddenBlock(index, inputs: width, units: units)
      var title = "Dense \(width) → \(units)"
      switch configuration.normalization {
      case .none: break
      case .batch: title += ", batch norm"
      case .layer: title += ", layer norm"
      }
      title += ", \(configuration.activation.title)"
      switch configuration.architecture {
      case .plain:
        layers += block
        width = units
      case .residual:
        layers.append(try ResidualConcatenation(block))
        width += units
        title += ", beside its input"
      }
      titles.append(title)
    }
    layers.append(
      try Dense(
        name: Self.outputName, inputs: width, outputs: outputs,
        initialization: configuration.initialization, precision: precision, seed: seed, in: context)
    )
    titles.append("Dense \(width) → \(outputs), activation by span")
    return (try Sequential(layers), titles)
  }

  /// The tensors of the network that ``build(inputs:outputs:)`` creates, without creating it.
  static func tensorShapes(
    of configuration: GeneratorConfiguration, inputs: Int, outputs: Int
  ) -> [TensorShape] {
    var shapes: [TensorShape] = []
    var width = inputs
    for (index, units) in configuration.hidden.enumerated() {
      let name = blockName(index)
      shapes += Dense.tensorShapes(name: "\(name).dense", inputs: width, outputs: units)
      switch configuration.normalization {
      case .none: break
      case .batch: shapes += BatchNorm.tensorShapes(name: "\(name).norm", features: units)
      case .layer: shapes += LayerNorm.tensorShapes(name: "\(name).norm", features: units)
      }
      width = units + (configuration.architecture == .residual ? width : 0)
    }
    return shapes + Dense.tensorShapes(name: outputName, inputs: width, outputs: outputs)
  }

  private static let outputName = "generator.output"
  private static func blockName(_ index: Int) -> String { "generator.\(index)" }

  private func hiddenBlock(_ index: Int, inputs: Int, units: Int) throws -> [any Layer] {
    let name = Self.blockName(index)
    let activation = configuration.activation.function
    let normalized = configuration.normalization != .none
    let dense = try Dense(
      name: "\(name).dense", inputs: inputs, outputs: units,
      activation: normalized ? .identity : activation,
      initialization: configuration.initialization, precision: precision, seed: seed, in: context)
    switch configuration.normalization {
    case .none:
      return [dense]
    case .batch:
      return [dense, try BatchNorm(name: "\(name).norm", features: units, activation: activation)]
    case .layer:
      return [dense, try LayerNorm(name: "\(name).norm", features: units, activation: activation)]
    }
  }
}
