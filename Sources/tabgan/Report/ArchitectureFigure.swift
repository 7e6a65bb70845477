// SPDX-License-Identifier: Apache-2.0

import Charts
import TabularGAN
import Tabular

/// Figure 1: the networks as they were trained.
enum ArchitectureFigure {
  static func svg(_ training: TrainingSummary) -> String {
    let outline = training.outline
    var noise = ["noise", "\(outline.noiseWidth) normal numbers"]
    if outline.conditionWidth > 0 {
      noise += ["and a condition", "\(outline.conditionWidth) categories"]
    }
    return NetworkDiagram(
      "The networks as trained",
      subtitle:
        "preset \(training.preset.rawValue), on \(NumberText.grouped(outline.rows)) rows, "
        + "batches of \(NumberText.grouped(outline.batchSize))",
      noise: noise,
      generator: .init(
        "Generator", note: "\(NumberText.grouped(outline.generatorParameters)) parameters",
        layers: outline.generatorLayers.map(layer)),
      generatedRows: ["generated row", "\(outline.encodedWidth) numbers"],
      realRows: ["real row", "\(outline.encodedWidth) numbers"],
      discriminator: .init(
        "Discriminator",
        note: "\(NumberText.grouped(outline.discriminatorParameters)) parameters",
        layers: outline.discriminatorLayers.map(layer))
    ).svg()
  }

  /// The box of a title such as "Dense 128 → 256, batch norm, ReLU".
  static func layer(_ title: String) -> NetworkDiagram.Layer {
    var parts = title.split(separator: ",").map { $0.drop { $0 == " " } }
    let first = parts.isEmpty ? "" : parts.removeFirst()
    let numbers = first.split { !$0.isNumber }
    return NetworkDiagram.Layer(
      String(first.prefix { !$0.isNumber }).split(separator: " ").joined(separator: " "),
      units: numbers.last.flatMap { Int($0) } ?? 0, details: parts.map(String.init))
  }
}
