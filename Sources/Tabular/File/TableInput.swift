import AtomicFiles
import Foundation

/// The bytes of a table, from a file, a pipe or memory, which can be read more than once.
///
/// Bytes from a pipe are buffered while they are read: up to 64 MiB in memory, more in an unlinked
/// temporary file. Its disk space is released when the value is deallocated or the process ends.
public final class TableInput {
  /// The name of the input in messages.
  public let name: String
  /// The size in bytes; nil for a pipe.
  public let byteCount: Int?

  private enum Storage {
    case memory([UInt8])
    case file(Int32)
    case pipe(KeptPipe)
  }
  private let storage: Storage

  /// Opens a file or a pipe; "-" is standard input.
  ///
  /// - Parameter temporaryFolder: the folder for the temporary copy of a long pipe.
  /// - Throws: ``TabularError/file(path:reason:)`` if the file cannot be opened or is a folder.
  public init(path: String, temporaryFolder: String = "/tmp") throws(TabularError) {
    name = path == "-" ? "standard input" : path
    let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .file(
        path: name,
        reason: errno == ENOENT
          ? "\(FileError.systemReason()) (check the path)"
          : "cannot be read: \(FileError.systemReason())")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = FileError.systemReason()
      close(descriptor)
      throw .file(path: name, reason: "cannot be read: \(reason)")
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw .file(path: name, reason: "is a folder (name a file)")
    }
    // A file on standard input may have been read partially; it is then treated as a pipe.
    if status.st_mode & S_IFMT == S_IFREG, lseek(descriptor, 0, SEEK_CUR) == 0 {
      byteCount = Int(status.st_size)
      storage = .file(descriptor)
    } else {
      byteCount = nil
      storage = .pipe(KeptPipe(descriptor, name: name, folder: temporaryFolder))
    }
  }

  /// Uses bytes in memory; `name` names them in messages.
  public init(_ bytes: [UInt8], name: String) {
    self.name = name
    byteCount = bytes.count
    storage = .memory(bytes)
  }

  deinit { if case .file(let descriptor) = storage { close(descriptor) } }

  /// Returns at most `count` bytes from `offset` on; empty only at the end.
  func bytes(at offset: Int, upTo count: Int) throws(TabularError) -> [UInt8] {
    switch storage {
    case .memory(let bytes): return Array(bytes[min(offset, bytes.count)...].prefix(count))
    case .file(let descriptor):
      // A small file does not need a large block.
      let rest = max((byteCount ?? 0) - offset, 1 << 12)
      return try Self.read(min(count, rest), name: name) {
        pread(descriptor, $0, $1, off_t(offset))
      }
    case .pipe(let pipe): return try pipe.bytes(at: offset, upTo: count)
    }
  }

  /// A hash of the content: FNV-1a over 64-bit words and the remaining bytes. O(bytes).
  public func fingerprint() throws(TabularError) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var rest: [UInt8] = []
    var offset = 0
    while true {
      let block = try bytes(at: offset, upTo: 1 << 22)
      if block.isEmpty { break }
      offset += block.count
      rest += block
      let words = rest.count / 8
      rest.withUnsafeBytes { bytes in
        for i in 0..<words {
          let word = bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)
          hash = (hash ^ word) &* 0x100_0000_01B3
          hash ^= hash >> 29
        }
      }
      rest.removeFirst(8 * words)
    }
    for byte in rest { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ UInt64(offset)
  }

  /// Reads up to `count` bytes with `call`, which is retried when interrupted.
  fileprivate static func read(
    _ count: Int, name: String, _ call: (UnsafeMutableRawPointer, Int) -> Int
  ) throws(TabularError) -> [UInt8] {
    var problem: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      guard let base = buffer.baseAddress else { return }
      while true {
        let got = call(base, count)
        if got >= 0 {
          used = got
          return
        }
        if errno != EINTR {
          problem = errno
          return
        }
      }
    }
    guard problem == 0 else {
      throw .file(path: name, reason: "cannot be read: \(String(cString: strerror(problem)))")
    }
    return bytes
  }
}

/// A pipe whose bytes are buffered while they are read.
private final class KeptPipe {
  private let descriptor: Int32
  private let name: String
  private let folder: String
  private var memory: [UInt8] = []
  /// The file that holds all bytes once they exceed the limit for memory; -1 before.
  private var file: Int32 = -1
  private var kept = 0
  private static let maxInMemory = 1 << 26

  init(_ descriptor: Int32, name: String, folder: String) {
    self.descriptor = descriptor
    self.name = name
    self.folder = folder
  }

  deinit {
    close(descriptor)
    if file >= 0 { close(file) }
  }

  func bytes(at offset: Int, upTo count: Int) throws(TabularError) -> [UInt8] {
    if offset < kept {
      let count = min(count, kept - offset)
      if file < 0 { return Array(memory[offset..<offset + count]) }
      return try TableInput.read(count, name: name) { [file] in pread(file, $0, $1, off_t(offset)) }
    }
    let bytes = try TableInput.read(count, name: name) { [descriptor] in read(descriptor, $0, $1) }
    try keep(bytes)
    return bytes
  }

  private func keep(_ bytes: [UInt8]) throws(TabularError) {
    kept += bytes.count
    if file < 0 {
      memory += bytes
      guard kept > Self.maxInMemory else { return }
      var template = Array((folder + "/tabgan-input-XXXXXX").utf8CString)
      file = mkstemp(&template)
      guard file >= 0 else { throw unkept() }
      unlink(template)
      _ = fcntl(file, F_SETFD, FD_CLOEXEC)
      try write(memory)
      memory = []
    } else {
      try write(bytes)
    }
  }

  private func write(_ bytes: [UInt8]) throws(TabularError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress! + written, $0.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw unkept() }
      written += count
    }
  }

  private func unkept() -> TabularError {
    .file(
      path: name,
      reason: "data from a pipe cannot be stored in \(folder): "
        + "\(FileError.systemReason()) (set TMPDIR to a folder with more room, or name a file)")
  }
}
