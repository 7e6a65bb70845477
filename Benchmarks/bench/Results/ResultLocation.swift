// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The file that an argument names: a path, a folder with a file for each machine, or `auto`.
enum ResultLocation {
  /// Ignored by git, so that measuring leaves a checkout unchanged.
  static let automaticFolder = "results/bench"

  static func path(_ argument: String, machine: Machine = .current()) -> String {
    if argument == "auto" { return "\(automaticFolder)/\(machine.key).json" }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
    guard argument.hasSuffix("/") || (exists && isFolder.boolValue) else { return argument }
    return (argument as NSString).appendingPathComponent("\(machine.key).json")
  }
}
