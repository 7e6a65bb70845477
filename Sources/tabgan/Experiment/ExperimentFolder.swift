// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The folder of an experiment: `plan.json`, `runs/<size>-<scratch|warm>/`, `figures/`,
/// `index.html`.
struct ExperimentFolder {
  let path: String
  private let lock: FolderLock

  var plan: String { path + "/plan.json" }
  var figures: String { path + "/figures" }
  var page: String { path + "/index.html" }

  func folder(_ run: ExperimentRun) -> String { "\(path)/runs/\(run.name)" }
  func model(_ run: ExperimentRun) -> String { folder(run) + "/model" }
  func history(_ run: ExperimentRun) -> String { folder(run) + "/history.csv" }
  /// Written after the model: training is not repeated.
  func training(_ run: ExperimentRun) -> String { folder(run) + "/training.json" }
  /// Written last: the run is finished.
  func quality(_ run: ExperimentRun) -> String { folder(run) + "/quality.json" }

  /// Creates the folder, or continues one with the same plan; locks it, and removes temporary files
  /// of killed runs.
  init(_ path: String, plan: ExperimentPlan) throws {
    let path = ModelFolder.withoutSlash(path)
    self.path = path
    let manager = FileManager.default
    let content = ((try? manager.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0 != FolderLock.name }
    if !content.isEmpty && !content.contains("plan.json") {
      throw CommandFailure(
        .cannotCreate, "\(path): the folder is not empty and holds no experiment",
        hint: "nothing was changed; choose a new folder with -o")
    }
    try Self.make(path)
    lock = try FolderLock(path)
    if let data = manager.contents(atPath: self.plan) {
      guard let found = try? JSONDecoder().decode(ExperimentPlan.self, from: data) else {
        throw CommandFailure(
          .data, "\(self.plan): this is not the plan of an experiment",
          hint: "choose a new folder with -o")
      }
      let differences = plan.differences(from: found)
      guard differences.isEmpty else {
        throw CommandFailure(
          .usage,
          "\(path): holds an experiment with another plan: \(differences.joined(separator: ", "))",
          hint: "repeat the command as it was to resume it, or choose a new folder with -o")
      }
    }
    for folder in [figures] + plan.runs.map(folder) { try Self.make(folder) }
    sweep(plan)
    try AtomicTextFile.write(try JSONText.of(plan), to: self.plan, followsLinks: false)
  }

  /// Releases the lock.
  func close() { lock.release() }

  private func sweep(_ plan: ExperimentPlan) {
    StaleFiles.sweep(path, names: ["plan.json", "index.html"])
    let drawn = (try? FileManager.default.contentsOfDirectory(atPath: figures)) ?? []
    StaleFiles.sweep(figures, names: drawn.filter { $0.hasSuffix(".svg") })
    for run in plan.runs {
      StaleFiles.sweep(folder(run), names: ["history.csv", "training.json", "quality.json"])
      StaleFiles.sweep(model(run), names: ModelFiles.all)
    }
  }

  private static func make(_ folder: String) throws(CommandFailure) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(
        .cannotCreate, "\(folder): the folder cannot be made: \(error.localizedDescription)",
        hint: "choose a folder with -o that you may write to")
    }
  }
}
