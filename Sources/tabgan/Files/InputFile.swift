// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tabular

/// Checks of an input before it is read.
enum InputFile {
  /// Throws if `path` is not a readable file; "-" is standard input.
  static func check(_ path: String) throws(CommandFailure) {
    if path == "-" { return }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandFailure(
        .missingInput, "\(path): no such file",
        hint: "check the path; it is taken from \(FileManager.default.currentDirectoryPath)")
    }
    if isFolder.boolValue {
      throw CommandFailure(
        .missingInput, "\(path): this is a folder, not a file", hint: "name one file in it")
    }
    if access(path, R_OK) != 0 {
      throw CommandFailure(
        .missingInput, "\(path): \(String(cString: strerror(errno)))",
        hint: "check the file's permissions")
    }
  }

  /// Throws if standard input is named for more than one table.
  static func checkStandardInput(_ paths: [String?]) throws(ValidationError) {
    guard paths.count(where: { $0 == "-" }) > 1 else { return }
    throw ValidationError("standard input (-) can be one table only; name files for the others")
  }

  /// Opens a table; the temporary copy of a pipe goes to TMPDIR.
  static func open(_ path: String) throws -> TableInput {
    try check(path)
    return try TableInput(
      path: path, temporaryFolder: ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp")
  }
}
