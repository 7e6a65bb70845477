import ArgumentParser
import Foundation

/// Where a command keeps what it measured.
struct ResultDestination: ParsableArguments {
  @Option(
    name: .customLong("json"),
    help: "Also append the result to this file; `auto`: Benchmarks/results/PROCESSOR.json.")
  var file: String?

  /// The file's path; an error before minutes are spent if nothing can be written there.
  func path() throws -> String? {
    guard let file else { return nil }
    let path = file == "auto" ? "Benchmarks/results/\(Machine.current().fileStem).json" : file
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let manager = FileManager.default
    try? manager.createDirectory(at: folder, withIntermediateDirectories: true)
    guard manager.isWritableFile(atPath: folder.path) else {
      throw ValidationError("cannot write to the folder of \(path); choose another --json FILE")
    }
    if manager.fileExists(atPath: path) { _ = try ResultFile.read(path) }
    return path
  }
}
