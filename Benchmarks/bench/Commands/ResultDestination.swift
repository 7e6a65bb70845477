// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Where a command keeps what it measured.
struct ResultDestination: ParsableArguments {
  @Option(
    name: .customLong("json"),
    help: ArgumentHelp(
      """
      Also append the result to this file; of a folder, to the file of this machine in it; `auto`: \
      in \(ResultLocation.automaticFolder), which git ignores.
      """, valueName: "file"))
  var argument: String?

  /// The file's path; an error before minutes are spent if the result cannot be kept there.
  func path() throws -> String? {
    guard let argument else { return nil }
    let machine = Machine.current()
    let path = ResultLocation.path(argument, machine: machine)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let manager = FileManager.default
    try? manager.createDirectory(at: folder, withIntermediateDirectories: true)
    guard manager.isWritableFile(atPath: folder.path) else {
      throw ValidationError("cannot write to the folder of \(path); choose another --json FILE")
    }
    _ = try ResultFile.read(path, toAppendRunsOf: machine)
    return path
  }

  /// Appends a run to the file that ``path()`` named, if there is one.
  static func keep(_ run: BenchResult, in path: String?) throws {
    guard let path else { return }
    try ResultFile.append(run, to: path)
    print("appended to \(path)")
  }
}
