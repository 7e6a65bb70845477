// SPDX-License-Identifier: Apache-2.0

import Foundation
import TabularGAN

/// The folder that a model is written to, including the files that the command line adds. It is
/// locked until it is closed.
final class ModelFolder {
  let path: String
  /// Whether it was made here, and so is taken away again where training comes to nothing.
  private let isNew: Bool
  private let lock: FolderLock

  var files: TrainingFiles {
    TrainingFiles(folder: path, history: path + "/" + ModelFiles.history)
  }

  /// Creates the folder if it is missing, locks it, and removes temporary files of killed runs.
  ///
  /// Throws if the path is a file, if the folder holds anything other than a model, or if another
  /// process writes to it.
  init(preparing path: String) throws(CommandFailure) {
    let path = Self.withoutSlash(path)
    self.path = path
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    isNew = !manager.fileExists(atPath: path, isDirectory: &isFolder)
    if isNew {
      do {
        try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
      } catch {
        throw CommandFailure(
          .cannotCreate, "\(path): the folder cannot be made: \(Self.reason(error))",
          hint: "choose a folder that you may write to")
      }
      do {
        lock = try FolderLock(path)
      } catch {
        rmdir(path)
        throw error
      }
      // After the lock, because paths are removed at exit in this order.
      Interruption.removing(path)
      return
    }
    guard isFolder.boolValue else {
      throw CommandFailure(
        .cannotCreate, "\(path): is a file; a model is a folder", hint: "choose another name")
    }
    let content = ((try? manager.contentsOfDirectory(atPath: path)) ?? [])
      .filter { !$0.hasPrefix(".") }
    let isRemnant =
      content.contains { $0.hasSuffix(ModelFiles.history) }
      && ModelFiles.remnants.isSuperset(of: content)
    if !content.isEmpty && !content.contains(TabularSynthesizer.descriptionFile) && !isRemnant {
      throw CommandFailure(
        .cannotCreate, "\(path): the folder is not empty and holds no model",
        hint: "nothing was changed; choose a new folder, or empty this one yourself")
    }
    if access(path, W_OK) != 0 {
      throw CommandFailure(
        .cannotCreate, "\(path): \(String(cString: strerror(errno)))",
        hint: "choose a folder that you may write to")
    }
    lock = try FolderLock(path)
    StaleFiles.sweep(path, names: ModelFiles.all)
  }

  /// The folder's path without trailing slashes, so that paths of its files look normal.
  static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
    return path
  }

  /// Throws if a file of the model would replace one of the inputs.
  func check(inputs: [String]) throws(CommandFailure) {
    for name in ModelFiles.all.sorted() {
      try OutputFile.check(path + "/" + name, inputs: inputs)
    }
  }

  /// Releases the lock; removes the folder if it was created here and is still empty.
  func close() {
    lock.release()
    if isNew {
      rmdir(path)
      Interruption.keeping(path)
    }
  }

  private static func reason(_ error: any Error) -> String {
    let posix = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return posix.map { String(cString: strerror(Int32($0.code))) } ?? error.localizedDescription
  }
}
