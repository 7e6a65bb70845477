// SPDX-License-Identifier: Apache-2.0

import Foundation

extension CommandFailure {
  /// A hint after writing to `path` failed, based on the state of its folder.
  static func writingHint(_ path: String) -> String {
    if path == "-" { return "check where the output goes" }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if access(folder, F_OK) != 0 {
      return "the folder \(folder) no longer exists: it was removed or renamed meanwhile"
    }
    if access(folder, W_OK) != 0 {
      return
        "the folder \(folder) can no longer be written to (\(String(cString: strerror(errno))))"
    }
    return "check the free space (df) and try again"
  }
}
