import Foundation

/// What can be told of an input before it is read.
enum InputFile {
  /// Throws where `path` is not a file that can be read.
  static func check(_ path: String) throws(CommandFailure) {
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

  /// A fingerprint of the content (FNV-1a over 64-bit words), to tell whether it is still the same.
  static func fingerprint(_ path: String) throws(CommandFailure) -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      throw CommandFailure(.inputOutput, "\(path): \(error.localizedDescription)")
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    data.withUnsafeBytes { bytes in
      let words = bytes.count / 8
      for i in 0..<words {
        hash =
          (hash ^ bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)) &* 0x100_0000_01B3
        hash ^= hash >> 29
      }
      for byte in bytes[(8 * words)...] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash ^= UInt64(bytes.count)
    }
    return String(hash, radix: 16)
  }
}
