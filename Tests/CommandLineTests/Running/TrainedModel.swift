// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A small trained model that the tests share, made once: they copy it before they change it.
final class TrainedModel: Sendable {
  private let folder: TemporaryFolder
  /// Simulated trips that it was trained on, and some that it wasn't.
  let trips: String
  let holdout: String
  let model: String

  static let shared = Swift.Result { try TrainedModel() }
  private static let rows = 2000
  private static let root = TemporaryFolder.unusedPath("shared-\(getpid())")

  private init() throws {
    let folder = try TemporaryFolder(root: Self.root)
    // Nobody lets go of a static value.
    atexit { try? FileManager.default.removeItem(atPath: TrainedModel.root) }
    self.folder = folder
    trips = folder("trips.csv")
    holdout = folder("holdout.csv")
    model = folder("model")
    for arguments in [
      ["simulate", "-n", "\(Self.rows)", "--seed", "1", "-o", trips],
      ["simulate", "-n", "1000", "--seed", "2", "-o", holdout],
      ["train", trips, "-o", model, "--epochs", "1"],
    ] {
      let result = try TabganProcess.run(arguments, in: folder)
      guard result.status == 0 else { throw Failure(description: "\(result)") }
    }
  }

  /// Copies the model folder into `folder` and returns the copy's path.
  func copy(into folder: TemporaryFolder) throws -> String {
    try FileManager.default.copyItem(atPath: model, toPath: folder("model"))
    return folder("model")
  }

  private struct Failure: Error, CustomStringConvertible { var description: String }
}
