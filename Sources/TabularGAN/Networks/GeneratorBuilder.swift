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
        name: "generator.output", inputs: width, outputs: outputs,
        initialization: configuration.initialization, precision: precision, seed: seed, in: context)
    )
    titles.append("Dense \(width) → \(outputs), activation by span")
    return (try Sequential(layers), titles)
  }

  private func hiddenBlock(_ index: Int, inputs: Int, units: Int) throws -> [any Layer] {
    let name = "generator.\(index)"
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
