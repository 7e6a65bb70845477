import TabularGAN

/// Progress of a training run.
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

  private func line(_ metrics: TrainingMetrics, planLeft: Double?) -> String {
    let epoch = epochs.map { "\(metrics.epoch)/\($0)" } ?? "\(metrics.epoch)"
    var parts = ["\(prefix)epoch \(epoch)", "\(Int(metrics.progress * 100)) %"]
    if let rate = pace.perSecond { parts.append("\(NumberText.grouped(Int(rate))) rows/s") }
    if let left = Self.secondsLeft(metrics) {
      var text = "\(NumberText.duration(left)) left"
      if let planLeft { text += " (plan \(NumberText.duration(planLeft)))" }
      parts.append(text)
    }
    parts.append(
      "loss D \(NumberText.metric(metrics.discriminatorLoss))"
        + " G \(NumberText.metric(metrics.generatorLoss))")
    parts.append(
      "D(real) \(NumberText.metric(metrics.probabilityReal))"
        + " D(fake) \(NumberText.metric(metrics.probabilityFake))")
    return parts.joined(separator: " | ")
  }

  /// Time left of this run by its share done; nil at the very start.
  static func secondsLeft(_ metrics: TrainingMetrics) -> Double? {
    guard metrics.progress > 0 else { return nil }
    return metrics.seconds * (1 - metrics.progress) / metrics.progress
  }
}
