import Foundation

/// Replaces a file's contents in one step.
enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, forces it to the disk and renames it.
  static func write(_ bytes: [UInt8], to path: String) throws(SafetensorsError) {
    let url = URL(fileURLWithPath: path)
    let directory = url.deletingLastPathComponent().path
    let temporary = "\(directory)/.\(url.lastPathComponent).\(UUID().uuidString).tmp"

    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw failure(path) }
    do throws(SafetensorsError) {
      try writeAll(bytes, to: file, path: path)
      guard fsync(file) == 0 else { throw failure(path) }
    } catch {
      close(file)
      unlink(temporary)
      throw error
    }
    guard close(file) == 0, rename(temporary, path) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
    // The rename itself survives a power cut only once the directory is on the disk; a file
    // system that cannot sync directories still has the whole file, so failure is no error.
    let folder = open(directory, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private static func writeAll(
    _ bytes: [UInt8], to file: Int32, path: String
  ) throws(SafetensorsError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        #if canImport(Glibc)
          Glibc.write(file, buffer.baseAddress! + written, buffer.count - written)
        #else
          Darwin.write(file, buffer.baseAddress! + written, buffer.count - written)
        #endif
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      written += count
    }
  }

  private static func failure(_ path: String) -> SafetensorsError {
    .inputOutput(path: path, reason: String(cString: strerror(errno)))
  }
}
