// SPDX-License-Identifier: Apache-2.0

/// M rows of a batch, N outputs, K inputs of a dense layer.
struct DenseShape {
  let rows: Int
  let outputs: Int
  let inputs: Int
  let onlyInFull: Bool

  /// Rows x inputs > outputs.
  var label: String { "\(rows)x\(inputs)>\(outputs)" }

  /// Inputs and outputs of layers: narrow ends, the widths of tabular networks, packs of ten rows.
  private static let layers = [
    (30, 256), (128, 256), (256, 256), (512, 512), (1024, 1024), (1500, 256), (256, 30),
  ]

  /// The shapes that a run without `--full` measures, as (rows, inputs, outputs).
  private static let representative = [
    (50, 1500, 256), (64, 128, 256), (500, 30, 256), (500, 256, 256), (500, 256, 30),
    (500, 512, 512), (2048, 256, 256),
  ]

  static let all: [DenseShape] = {
    let short = representative.map { rows, inputs, outputs in
      DenseShape(rows: rows, outputs: outputs, inputs: inputs, onlyInFull: false)
    }
    return short + grid.filter { shape in !short.contains { $0.label == shape.label } }
  }()

  /// All batch sizes by all layers.
  static let grid: [DenseShape] = [64, 500, 2048, 8192].flatMap { rows in
    layers.map { inputs, outputs in
      DenseShape(rows: rows, outputs: outputs, inputs: inputs, onlyInFull: true)
    }
  }
}
