// SPDX-License-Identifier: Apache-2.0

import AtomicFiles
import Foundation
import Tabular

/// Checks of an output before anything is computed for it.
enum OutputFile {
  /// Throws if the file cannot be created or would replace an input; "-" is standard output.
  ///
  /// - Parameters:
  ///   - inputs: files that the command reads.
  ///   - model: the model folder that the command reads; none of its possible files may be
  ///     replaced, not even a missing one.
  static func check(
    _ path: String, inputs: [String] = [], model: String? = nil
  ) throws(CommandFailure) {
    guard path != "-" else { return }
    let files = model.map { folder in ModelFiles.all.map { folder + "/" + $0 } } ?? []
    let own = FileIdentity(path)
    for input in inputs + files where own != nil && own == FileIdentity(input) {
      throw CommandFailure(
        .cannotCreate, "\(path): this output would replace an input, \(input)",
        hint: "nothing was changed; choose another name for the output")
    }
    let url = URL(fileURLWithPath: path)
    if let model, ModelFiles.all.contains(url.lastPathComponent),
      FileIdentity(url.deletingLastPathComponent().path) == FileIdentity(model)
    {
      throw CommandFailure(
        .cannotCreate, "\(path): a model's own file has this name",
        hint: "nothing was changed; choose another name for the output")
    }
    var isFolder: ObjCBool = false
    let manager = FileManager.default
    if manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw CommandFailure(
        .cannotCreate, "\(path): this is a folder", hint: "name a file, such as \(path)/out.csv")
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard manager.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw CommandFailure(
        .cannotCreate, "\(path): there is no folder \(folder)", hint: "make it: mkdir -p \(folder)")
    }
    if access(folder, W_OK) != 0 {
      throw CommandFailure(
        .cannotCreate, "\(path): \(folder): \(String(cString: strerror(errno)))",
        hint: "choose a folder that you may write to")
    }
  }

  /// Runs `body`, which opens `path` for writing.
  static func creating<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    // Standard output is there already; what fails is the writing of the first bytes.
    if path == "-" { return try writing(path, body) }
    return try failing(
      .cannotCreate, path, hint: "choose a folder that you may write to", body)
  }

  /// Runs `body`, which writes to `path`.
  static func writing<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    try failing(
      .inputOutput, path,
      hint: "nothing was changed under that name; " + CommandFailure.writingHint(path), body)
  }

  /// Runs `body`; what goes wrong with its file is said with this status.
  private static func failing<Result>(
    _ status: ExitStatus, _ path: String, hint: @autoclosure () -> String,
    _ body: () throws -> Result
  ) throws -> Result {
    let reason: String
    let ownHint: String?
    do {
      return try body()
    } catch TabularError.file(_, let problem, let hint) {
      (reason, ownHint) = (problem, hint)
    } catch let error as FileError {
      (reason, ownHint) = (error.reason, error.hint)
    }
    if path == "-" && reason == AtomicFile.closedPipe {
      // Like any filter whose reader has exited.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    throw CommandFailure(
      status, "\(path == "-" ? "standard output" : path): \(reason)", hint: ownHint ?? hint())
  }
}
