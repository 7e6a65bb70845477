// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Ensures that only one process writes to a folder, with `flock` on the file `.lock` in it.
///
/// The system releases the lock when the process ends in any way; an existing file alone does not
/// lock the folder. The file is removed with the value. On a file system without locks, none is
/// taken.
final class FolderLock {
  private let path: String
  private var descriptor: Int32

  static let name = ".lock"

  /// Acquires the lock.
  ///
  /// - Throws: a failure with status 73 if another process holds it.
  init(_ folder: String) throws(CommandFailure) {
    // Set once the file is to be removed.
    Interruption.deferSignals()
    path = folder + "/" + Self.name
    descriptor = -1
    while true {
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else {
        throw CommandFailure(
          .cannotCreate, "\(path): \(String(cString: strerror(errno)))",
          hint: errno == ELOOP
            ? "this is a symbolic link, which is not followed: remove it"
            : "choose a folder that you may write to")
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
        let holder = Self.holder(descriptor)
        close(descriptor)
        descriptor = -1
        throw CommandFailure(
          .cannotCreate, "\(folder): another tabgan process is writing to this folder: \(holder)",
          hint: "wait for it, end it, or choose another folder with -o")
      }
      // The previous holder may have removed the file after it was opened here.
      if isCurrent { break }
      close(descriptor)
    }
    Interruption.removing(path)
    let text = "process \(getpid())\n"
    ftruncate(descriptor, 0)
    _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    try Interruption.exitOnSignal(message: nil)
  }

  deinit { release() }

  /// Removes the file, then releases the lock.
  func release() {
    guard descriptor >= 0 else { return }
    if isCurrent { unlink(path) }
    Interruption.keeping(path)
    close(descriptor)
    descriptor = -1
  }

  /// Whether the locked file is still the one at the path.
  private var isCurrent: Bool {
    var (own, found) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && lstat(path, &found) == 0
      && own.st_ino == found.st_ino && own.st_dev == found.st_dev
  }

  /// The process whose number is in the file.
  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(count, 0)).drop { !(0x30...0x39).contains($0) }
      .prefix { (0x30...0x39).contains($0) }
    return digits.isEmpty
      ? "an unknown process" : "process \(String(decoding: digits, as: UTF8.self))"
  }
}
