import Foundation

/// Reads a file in blocks, inflating it where it is gzip (told by its first bytes, not its name).
final class BlockReader {
  let path: String
  /// Bytes of the file as it lies on disk.
  let totalBytes: Int
  private(set) var bytesRead = 0
  private let descriptor: Int32
  private let inflater: GzipInflater?
  private var pending: [UInt8]
  private let blockSize = 1 << 22

  init(path: String) throws(TabularError) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .file(path: path, reason: "\(AtomicFile.systemReason()) (check the path)")
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw .file(path: path, reason: "is a folder (name a file)")
    }
    totalBytes = Int(status.st_size)
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .file(path: path, reason: "cannot be read: \(AtomicFile.systemReason())")
    }
    var head = [UInt8](repeating: 0, count: 2)
    let count = pread(descriptor, &head, 2, 0)
    inflater = count == 2 && head == [0x1f, 0x8b] ? GzipInflater() : nil
    pending = []
  }

  deinit { close(descriptor) }

  /// The next bytes; empty at the end.
  func next() throws(TabularError) -> [UInt8] {
    while true {
      var block = [UInt8](repeating: 0, count: inflater == nil ? blockSize : blockSize / 4)
      let count = read(descriptor, &block, block.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .file(path: path, reason: "cannot be read: \(AtomicFile.systemReason())")
      }
      bytesRead += count
      guard let inflater else {
        block.removeLast(block.count - count)
        return block
      }
      if count == 0 {
        if bytesRead > 0 && !inflater.isAtMemberEnd {
          throw .malformed(
            path: path, line: nil, problem: "the compressed file ends too early",
            hint: "it was cut off: copy or download it again")
        }
        return []
      }
      var output: [UInt8] = []
      let problem = block.withUnsafeBytes { bytes in
        inflater.inflate(UnsafeRawBufferPointer(rebasing: bytes[..<count]), into: &output)
      }
      if let problem {
        throw .malformed(
          path: path, line: nil, problem: problem, hint: "copy or download the file again")
      }
      if !output.isEmpty { return output }
    }
  }
}
