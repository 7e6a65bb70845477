// SPDX-License-Identifier: Apache-2.0

/// A training step of a GAN: its game, its width and its rows.
///
/// The generator is noise 128 -> H -> H -> 30 (ReLU, tanh at the end), the discriminator 30 -> H ->
/// H -> 1 (leaky ReLU 0.2); WGAN-GP scores packs of ten rows, 300 -> H -> H -> 1. A step is one
/// step of Adam of each, on the same generated rows.
struct StepCell: ComparedCell {
  enum Objective: String, Codable {
    /// Cross-entropy with the generator's non-saturating loss.
    case crossEntropy = "bce"
    /// The critic of CTGAN: WGAN-GP with penalty 10 on packs of ten rows.
    case wassersteinPenalty = "wgan-gp"
  }

  let objective: Objective
  /// The width of every hidden layer.
  let hidden: Int
  /// Rows of a batch.
  let batch: Int

  static let noiseWidth = 128
  static let rowWidth = 30
  static let leakySlope: Float = 0.2
  static let penaltyWeight: Float = 10
  static let learningRate: Float = 2e-4
  static let beta1: Float = 0.5

  var label: String { "\(objective.rawValue) \(hidden) x \(batch)" }
  var operationName: String { "training step" }
  var shape: String { label }
  var rowsPerPack: Int { objective == .wassersteinPenalty ? 10 : 1 }
  var packs: Int { batch / rowsPerPack }
  var packWidth: Int { Self.rowWidth * rowsPerPack }

  /// The dense products that the step cannot do without, each counted once as 2 M N K.
  ///
  /// With g and d the products of one row through the generator and of one pack through the
  /// discriminator, g₁ and d₁ those of their first layers: the generator takes g forward, g for its
  /// weights' gradients and g - g₁ back to the first layer's output. The discriminator's step takes
  /// d forward, d for the weights and d - d₁ back for real and for generated packs; the generator's
  /// step d forward and d back to the packs. A gradient penalty takes 4 d: forward, back to the
  /// interpolates, the tangent, the weights. Biases, activations, losses and Adam are not counted,
  /// nor what a side computes twice; what a side saves by algebra is.
  var floatingPointOperations: Double {
    let width = Double(hidden)
    let firstOfGenerator = 2 * Double(Self.noiseWidth) * width
    let generator = firstOfGenerator + 2 * width * width + 2 * width * Double(Self.rowWidth)
    let firstOfDiscriminator = 2 * Double(packWidth) * width
    let discriminator = firstOfDiscriminator + 2 * width * width + 2 * width
    let discriminatorStep = 2 * (3 * discriminator - firstOfDiscriminator)
    let penalty = objective == .wassersteinPenalty ? 4 * discriminator : 0
    return Double(batch) * (3 * generator - firstOfGenerator)
      + Double(packs) * (discriminatorStep + penalty + 2 * discriminator)
  }

  /// Every cell of the comparison.
  static let all: [StepCell] =
    [256, 512, 1024].flatMap { hidden in
      [64, 500, 2048, 8192].map {
        StepCell(objective: .crossEntropy, hidden: hidden, batch: $0)
      }
    }
    + [256, 512].flatMap { hidden in
      [60, 500, 2000, 8000].map {
        StepCell(objective: .wassersteinPenalty, hidden: hidden, batch: $0)
      }
    }

  /// Whether the cell waits for `--full`.
  var onlyInFull: Bool {
    switch (objective, hidden) {
    case (.crossEntropy, 256): batch > 2048
    case (.crossEntropy, 512), (.wassersteinPenalty, 256): batch != 500
    default: true
    }
  }
}
