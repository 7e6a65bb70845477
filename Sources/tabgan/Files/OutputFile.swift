import Foundation
import Tabular

/// What can be told of an output before anything is computed for it.
enum OutputFile {
  /// Throws where a file cannot be made under this name; "-" is standard output.
  static func check(_ path: String) throws(CommandFailure) {
    guard path != "-" else { return }
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
      hint: "nothing was changed under that name; check the free space (df) and try again", body)
  }

  /// Runs `body`; what goes wrong with its file is said with this status.
  private static func failing<Result>(
    _ status: ExitStatus, _ path: String, hint: String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch TabularError.file(_, let reason) {
      if path == "-" && reason == AtomicFile.closedPipe {
        // As every filter ends whose reader has had enough.
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
      }
      let (problem, ownHint) = CommandFailure.splitHint(reason)
      throw CommandFailure(
        status, "\(path == "-" ? "standard output" : path): \(problem)", hint: ownHint ?? hint)
    }
  }
}
