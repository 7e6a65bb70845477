// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Temporary files of killed runs. They are hidden and named after the final file, with a special
/// suffix (`.NAME.<process>.<number>.part`; see `AtomicFile`).
package enum StaleFiles {
  /// Removes the temporary files of `names` in a folder. The caller must hold its lock.
  static func sweep(_ folder: String, names: some Collection<String>) {
    let content = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for file in content where isTemporary(file, of: names) { unlink(folder + "/" + file) }
  }

  package static func isTemporary(_ file: String, of names: some Collection<String>) -> Bool {
    names.contains { name in
      let prefix = "." + name + "."
      guard file.hasPrefix(prefix) else { return false }
      let rest = file.dropFirst(prefix.count).split(
        separator: ".", omittingEmptySubsequences: false)
      return rest.count == 3 && rest[2] == "part" && UInt32(rest[0]) != nil
        && UInt32(rest[1]) != nil
    }
  }
}
