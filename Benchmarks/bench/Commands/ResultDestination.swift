import ArgumentParser
import Foundation

/// Where a command keeps what it measured.
struct ResultDestination: ParsableArguments {
  @Option(
    name: .customLong("json"),
    help: ArgumentHelp(
      """
      Also append the result to this file; `auto`: Benchmarks/results/PROCESSOR.json, or \
      PROCESSOR-2.json, ... where that holds results of a machine with other features or caches.
      """))
  var file: String?

  /// The file's path; an error before minutes are spent if nothing can be written there.
  func path() throws -> String? {
    guard let file else { return nil }
    let path =
      file == "auto" ? try Self.automatic(for: .current(), in: "Benchmarks/results") : file
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let manager = FileManager.default
    try? manager.createDirectory(at: folder, withIntermediateDirectories: true)
    guard manager.isWritableFile(atPath: folder.path) else {
      throw ValidationError("cannot write to the folder of \(path); choose another --json FILE")
    }
    if manager.fileExists(atPath: path) { _ = try ResultFile.read(path) }
    return path
  }

  /// The first file with the processor's name that has no results yet, or results of an equivalent
  /// machine.
  static func automatic(for machine: Machine, in folder: String) throws -> String {
    var number = 1
    while true {
      let path = "\(folder)/\(machine.fileStem)\(number == 1 ? "" : "-\(number)").json"
      guard FileManager.default.fileExists(atPath: path),
        let last = try ResultFile.read(path).runs.last,
        !machine.differences(from: last.machine).isEmpty
      else { return path }
      number += 1
    }
  }
}
