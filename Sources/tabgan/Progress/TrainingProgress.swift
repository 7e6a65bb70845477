// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularGAN
import TabularEncoding

/// Progress of a training run: epoch, rows per second, time left, the losses of discriminator and
/// generator, the discriminator's mean probability for real and for generated rows.
struct TrainingProgress {
  private let display: ProgressDisplay
  private let prefix: String
  /// Passes in all, where the budget is passes.
  private let epochs: Int?
  private var pace = Pace()

  /// `prefix` says which of several runs this is.
  init(_ display: ProgressDisplay, epochs: Int?, prefix: String = "") {
    self.display = display
    self.epochs = epochs
    self.prefix = prefix
    pace.note(0, at: 0)
  }

  /// Rows per second over the last seconds.
  var rowsPerSecond: Double? { pace.perSecond }

  /// `planLeft` is the time left of a plan of several runs.
  mutating func update(_ metrics: TrainingMetrics, planLeft: Double? = nil) {
    pace.note(metrics.rowsSeen, at: metrics.seconds)
    display.show { line(metrics, planLeft: planLeft) }
  }

  /// The progress of the work before the first step.
  static func text(of preparation: FittingProgress) -> String {
    let work =
      switch preparation.stage {
      case .relations: "looking for relations between columns"
      case .columns: "fitting the columns' encoders"
      case .features: "choosing derived features"
      }
    return "\(work): \(Int(100 * preparation.share)) %"
  }

  /// All that is known, or on a narrow terminal the same without the words that explain it.
  private func line(_ metrics: TrainingMetrics, planLeft: Double?) -> String {
    let epoch = epochs.map { "\(metrics.epoch)/\($0)" } ?? "\(metrics.epoch)"
    var parts = [epoch, "\(Int(metrics.progress * 100)) %"]
    if let rate = pace.perSecond { parts.append("\(NumberText.grouped(Int(rate))) rows/s") }
    if let left = Self.secondsLeft(metrics) {
      let plan = planLeft.map { " (plan \(NumberText.duration($0)))" } ?? ""
      parts.append("\(NumberText.duration(left)) left\(plan)")
    }
    let losses = [metrics.discriminatorLoss, metrics.generatorLoss].map(NumberText.metric)
    let probabilities = [metrics.probabilityReal, metrics.probabilityGenerated].map(
      NumberText.metric)
    let full =
      "\(prefix)epoch " + parts.joined(separator: " | ") + " | loss D \(losses[0]) G \(losses[1])"
      + " | D(real) \(probabilities[0]) D(generated) \(probabilities[1])"
    if full.count <= display.width { return full }
    return parts.joined(separator: " ")
      + " D \(losses[0]) G \(losses[1]) real \(probabilities[0]) generated \(probabilities[1])"
  }

  /// Time left of this run by its share done; nil at the very start.
  static func secondsLeft(_ metrics: TrainingMetrics) -> Double? {
    guard metrics.progress > 0 else { return nil }
    return metrics.seconds * (1 - metrics.progress) / metrics.progress
  }
}
