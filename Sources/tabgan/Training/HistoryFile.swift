// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TabularGAN

/// The loss history of a run as CSV: step,epoch,rows,seconds,d_loss,g_loss,d_real,d_generated.
///
/// Every step up to 10,000 has its row, then every 10th up to 100,000, then every 100th, and the
/// last one always, so that a long run leaves a file of a few megabytes. Rows are single steps, not
/// means. During the run the rows have another name, so that an interrupted run continues with
/// the history it had, and the history of an older model stays until the
/// new one is there.
final class HistoryFile {
  private let path: String
  private let finalPath: String
  private let file: FileHandle
  private var buffer = ""
  private var waiting: TrainingMetrics?

  static let header = "step,epoch,rows,seconds,d_loss,g_loss,d_real,d_generated"

  /// Starts a history, or continues an existing one after step `lastStep`.
  ///
  /// - Parameter note: called if the existing history is damaged or lacks steps.
  init(_ files: TrainingFiles, after lastStep: Int?, note: (String) -> Void) throws {
    path = files.checkpointHistory
    finalPath = files.history
    var lines = [Self.header]
    if let lastStep {
      let found = HistoryReading(contentsOf: path, upTo: lastStep)
      if let problem = found.problem {
        note("\(path): \(problem); training continues, but the history lacks some steps")
      }
      lines += found.lines
    }
    let (path, text) = (path, lines.joined(separator: "\n") + "\n")
    file = try OutputFile.writing(finalPath) {
      try AtomicTextFile.write(text, to: path, followsLinks: false)
      guard let file = FileHandle(forWritingAtPath: path) else {
        throw TabularError.file(path: path, reason: String(cString: strerror(errno)))
      }
      return file
    }
    try file.seekToEnd()
  }

  /// Whether step `step` has its own line.
  static func keeps(_ step: Int) -> Bool {
    step % (step <= 10_000 ? 1 : step <= 100_000 ? 10 : 100) == 0
  }

  func append(_ metrics: TrainingMetrics) throws {
    if Self.keeps(metrics.step) {
      try write(metrics)
      waiting = nil
    } else {
      waiting = metrics
    }
  }

  /// Brings what there is to the disk, before a checkpoint that counts on it.
  func synchronize() throws {
    try writing {
      try file.write(contentsOf: Data(buffer.utf8))
      buffer = ""
      try file.synchronize()
    }
  }

  /// Writes the whole history under its final name.
  ///
  /// The file beside the checkpoint stays until the checkpoint goes: a run that is killed before
  /// the model is complete resumes with both.
  func finish() throws {
    if let waiting { try write(waiting) }
    waiting = nil
    try synchronize()
    var text = ""
    try writing { text = try String(contentsOfFile: path, encoding: .utf8) }
    try AtomicTextFile.write(text, to: finalPath, followsLinks: false)
  }

  private func writing(_ body: () throws -> Void) throws {
    try OutputFile.writing(finalPath) {
      do {
        try body()
      } catch {
        let posix = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        let reason = posix.map { String(cString: strerror(Int32($0.code))) }
        throw TabularError.file(path: path, reason: reason ?? error.localizedDescription)
      }
    }
  }

  private func write(_ m: TrainingMetrics) throws {
    let seconds = (m.seconds * 1000).rounded() / 1000
    buffer +=
      "\(m.step),\(m.epoch),\(m.rowsSeen),\(seconds),\(m.discriminatorLoss),\(m.generatorLoss),"
      + "\(m.probabilityReal),\(m.probabilityGenerated)\n"
    if buffer.utf8.count >= 1 << 16 { try synchronize() }
  }
}
