// SPDX-License-Identifier: Apache-2.0

import AtomicFiles
import Foundation

/// The contents of a safetensors file: named 32-bit float tensors and a text dictionary.
///
/// The layout is eight bytes of little-endian header length, a JSON header, and the tensors' raw
/// little-endian data, which must cover the rest of the file without gap or overlap.
public struct Safetensors: Sendable, Equatable {
  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// Free text beside the tensors, the header's `__metadata__`.
  public var metadata: [String: String]

  /// Gathers tensors and metadata to be written.
  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads and validates a whole file.
  ///
  /// - Throws: `SafetensorsError` if the file can't be read, is damaged, or holds a data type
  ///   other than `F32`.
  public init(contentsOf path: String) throws(SafetensorsError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .inputOutput(path: path, reason: Self.reason(of: error))
    }
    try self.init(decoding: [UInt8](data))
  }

  /// Writes the file so that, whatever happens, the path holds either the old contents or the
  /// whole of the new ones.
  ///
  /// - Throws: `SafetensorsError.inputOutput`, or `.reservedName` for a tensor that is named as the
  ///   format's own key.
  public func write(to path: String) throws(SafetensorsError) {
    let bytes = try encoded()
    do throws(FileError) {
      try AtomicFile.write(Data(bytes), to: path, followsLinks: false)
    } catch {
      throw .inputOutput(path: path, reason: error.reason)
    }
  }

  private static func reason(of error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let underlying, underlying.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(underlying.code)))
    }
    return error.localizedDescription
  }
}
