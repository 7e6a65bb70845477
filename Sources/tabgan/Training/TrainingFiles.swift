// SPDX-License-Identifier: Apache-2.0

import Foundation
import TabularGAN

/// What a training run leaves on disk, and where.
struct TrainingFiles {
  /// The model folder.
  let folder: String
  /// The loss history of the finished run.
  let history: String

  /// The state to resume from, while a run is not finished.
  var checkpoint: String { folder + "/" + ModelFiles.checkpoint }
  /// The history up to there, and a little further.
  var checkpointHistory: String { folder + "/" + ModelFiles.checkpointHistory }

  /// The checkpoint of an unfinished run, nil where there is none.
  func readCheckpoint() throws -> TrainingCheckpoint? {
    guard FileManager.default.fileExists(atPath: checkpoint) else { return nil }
    return try TrainingCheckpoint(contentsOf: checkpoint)
  }

  /// Makes the folder where it is missing.
  func prepare() throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(
        .cannotCreate, "\(folder): the folder cannot be made: \(error.localizedDescription)",
        hint: "choose a folder that you may write to")
    }
  }

  /// A history without the state it leads to is of no use.
  func discardHistoryWithoutCheckpoint() {
    if !FileManager.default.fileExists(atPath: checkpoint) { unlink(checkpointHistory) }
  }

  /// Removes the checkpoint once the model has been written.
  func discardCheckpoint() {
    unlink(checkpoint)
    unlink(checkpointHistory)
  }
}
