// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The identity of the file at a path: its device and inode numbers.
struct FileIdentity: Hashable {
  private let device: UInt
  private let number: UInt

  /// Nil if there is no file. Links are followed.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
  }
}
