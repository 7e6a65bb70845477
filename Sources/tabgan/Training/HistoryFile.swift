import TabularGAN

/// The loss history of a run as CSV: step,epoch,rows,seconds,d_loss,g_loss,d_real,d_fake.
///
/// Every step up to 10,000 has its row, then every 10th up to 100,000, then every 100th, and the last
/// one always, so that a long run leaves a file of a few megabytes. Rows are single steps, not means.
final class HistoryFile {
  private let file: AtomicTextFile
  private var waiting: TrainingMetrics?

  static let header = "step,epoch,rows,seconds,d_loss,g_loss,d_real,d_fake"

  init(_ path: String) throws {
    file = try AtomicTextFile(path)
    try file.write(Self.header + "\n")
  }

  func append(_ metrics: TrainingMetrics) throws {
    let every = metrics.step <= 10_000 ? 1 : metrics.step <= 100_000 ? 10 : 100
    if metrics.step % every == 0 {
      try write(metrics)
      waiting = nil
    } else {
      waiting = metrics
    }
  }

  func finish() throws {
    if let waiting { try write(waiting) }
    try file.finish()
  }

  private func write(_ m: TrainingMetrics) throws {
    let seconds = (m.seconds * 1000).rounded() / 1000
    try file.write(
      "\(m.step),\(m.epoch),\(m.rowsSeen),\(seconds),\(m.discriminatorLoss),\(m.generatorLoss),"
        + "\(m.probabilityReal),\(m.probabilityFake)\n")
  }
}
