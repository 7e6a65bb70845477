// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file that appears under its name only when it is complete.
///
/// Bytes go to a hidden file next to the target, which is flushed to disk and renamed by
/// ``commit()``. If anything fails before that (an error, a full disk, a killed process), the old
/// content remains. The name "-" is standard output, which is written directly.
package final class AtomicFile {
  package let path: String
  /// The hidden temporary file; nil for standard output, devices and pipes.
  package let temporaryPath: String?
  private let target: String
  private var descriptor: Int32

  /// Opens the temporary file.
  ///
  /// - Parameter followsLinks: whether the target of a symbolic link is replaced; otherwise the
  ///   link itself is, as in a folder that belongs to one program.
  /// - Throws: ``FileError`` if the folder is missing or not writable.
  package init(path: String, followsLinks: Bool = true) throws(FileError) {
    self.path = path
    if path == "-" {
      temporaryPath = nil
      target = path
      descriptor = 1
      return
    }
    var status = stat()
    let exists = (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0
    let type = status.st_mode & S_IFMT
    if exists && type == S_IFDIR {
      throw FileError(path: path, reason: "it is a folder", hint: "name a file")
    }
    if exists && type != S_IFREG && type != S_IFLNK {
      // A device or a pipe is written directly and not replaced.
      temporaryPath = nil
      target = path
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      if descriptor < 0 {
        throw FileError(path: path, reason: "cannot be written: \(FileError.systemReason())")
      }
      return
    }
    let link = URL(fileURLWithPath: path)
    let url = followsLinks ? link.resolvingSymlinksInPath() : link
    target = url.path
    let folder = url.deletingLastPathComponent().path
    let temporary =
      folder + "/." + url.lastPathComponent + ".\(getpid()).\(UInt32.random(in: 0 ... .max)).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 {
      throw FileError(
        path: path, reason: "cannot be written: \(FileError.systemReason())",
        hint: "check that \(folder) exists and is writable")
    }
    temporaryPath = temporary
    if exists && type == S_IFREG { fchmod(descriptor, status.st_mode & 0o7777) }
  }

  deinit { abandon() }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    guard descriptor >= 0 else { throw FileError(path: path, reason: "was already closed") }
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      let written = Self.write(base, rest.count, to: descriptor, isStream: temporaryPath == nil)
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { throw FileError(path: path, reason: Self.closedPipe) }
        let reason = FileError.systemReason()
        let hint =
          errno == ENOSPC ? "free some space; the existing file is unchanged" : nil
        abandon()
        throw FileError(path: path, reason: "cannot be written: \(reason)", hint: hint)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// The reason reported if the reader of a pipe has exited.
  package static let closedPipe = "its reader has closed the pipe (nothing reads the output)"

  /// As `write(2)`, but a pipe without a reader is an error and does not end the process.
  private static func write(
    _ base: UnsafeRawPointer, _ count: Int, to descriptor: Int32, isStream: Bool
  ) -> Int {
    guard isStream else { return systemWrite(descriptor, base, count) }
    var pipe = sigset_t()
    var former = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &former)
    let written = systemWrite(descriptor, base, count)
    let problem = errno
    if written < 0 && problem == EPIPE && !wasPending {
      var none = timespec()
      sigtimedwait(&pipe, nil, &none)
    }
    pthread_sigmask(SIG_SETMASK, &former, nil)
    errno = problem
    return written
  }

  /// Flushes the file and moves it to its path.
  package func commit() throws(FileError) {
    guard let temporaryPath else {
      closeStream()
      return
    }
    guard descriptor >= 0 else { throw FileError(path: path, reason: "was already closed") }
    let flushed = fsync(descriptor)
    let closed = close(descriptor)
    descriptor = -1
    guard flushed == 0, closed == 0, rename(temporaryPath, target) == 0 else {
      let reason = FileError.systemReason()
      unlink(temporaryPath)
      throw FileError(path: path, reason: "cannot be written: \(reason)")
    }
    flushFolder()
  }

  /// Makes the new name survive a power failure if the file system supports it.
  private func flushFolder() {
    let folder = open(
      URL(fileURLWithPath: target).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  /// Closes a device or a pipe; standard output stays open.
  private func closeStream() {
    if descriptor > 1 { close(descriptor) }
    descriptor = -1
  }

  /// Removes the temporary file; the old content of the path remains.
  package func abandon() {
    guard descriptor >= 0 else { return }
    guard let temporaryPath else { return closeStream() }
    close(descriptor)
    unlink(temporaryPath)
    descriptor = -1
  }

  /// Writes a complete file atomically.
  package static func write(
    _ data: Data, to path: String, followsLinks: Bool = true
  ) throws(FileError) {
    let file = try AtomicFile(path: path, followsLinks: followsLinks)
    let result = data.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try file.write(bytes) }
    }
    try result.get()
    try file.commit()
  }
}

#if canImport(Glibc)
  private let systemWrite = Glibc.write
#else
  private let systemWrite = Darwin.write
#endif
