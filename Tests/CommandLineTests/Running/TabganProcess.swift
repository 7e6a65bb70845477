// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The built command line, run as a process of its own.
enum TabganProcess {
  /// What a run left.
  struct Result: CustomStringConvertible {
    var command: String
    /// The exit status, or 128 and the number of the signal that ended it.
    var status: Int32
    var output: Data
    var errors: String

    var outputText: String { String(decoding: output, as: UTF8.self) }
    var lines: [Substring] { outputText.split(separator: "\n") }

    var description: String {
      "\(command)\nstatus \(status)\nstandard output: \(outputText.prefix(2000))\n"
        + "standard error: \(errors.prefix(2000))"
    }
  }

  /// The binary stands beside the test bundle.
  static let binary: String = {
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("tabgan").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../.build/release/tabgan").standardized.path
  }()

  /// Runs `tabgan` with `arguments` to its end.
  static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Result {
    let running = try start(arguments, in: folder)
    return try running.wait()
  }

  /// Starts `tabgan` and returns at once.
  static func start(_ arguments: [String], in folder: TemporaryFolder) throws -> Running {
    try Running(executable: binary, arguments: arguments, folder: folder)
  }

  /// Runs a line of shell in which `$TABGAN` is the command.
  static func shell(_ line: String, in folder: TemporaryFolder) throws -> Result {
    try Running(executable: "/bin/bash", arguments: ["-c", line], folder: folder).wait()
  }

  /// A process that may still run.
  ///
  /// Its output goes to files, so that it can never fill a pipe.
  final class Running {
    let process = Process()
    private let command: String
    private let output: String
    private let errors: String

    fileprivate init(executable: String, arguments: [String], folder: TemporaryFolder) throws {
      command = ([executable] + arguments).joined(separator: " ")
      let name = UUID().uuidString
      output = folder.outside("\(name).stdout")
      errors = folder.outside("\(name).stderr")
      for path in [output, errors] { try Data().write(to: URL(fileURLWithPath: path)) }
      process.executableURL = URL(fileURLWithPath: executable)
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      process.environment = ProcessInfo.processInfo.environment
        .merging(["TABGAN": TabganProcess.binary]) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle(forWritingAtPath: output)
      process.standardError = FileHandle(forWritingAtPath: errors)
      try process.run()
    }

    func wait() throws -> Result {
      process.waitUntilExit()
      let status = process.terminationStatus
      return Result(
        command: command,
        status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
        output: try Data(contentsOf: URL(fileURLWithPath: output)),
        errors: String(
          decoding: try Data(contentsOf: URL(fileURLWithPath: errors)), as: UTF8.self))
    }
  }
}
