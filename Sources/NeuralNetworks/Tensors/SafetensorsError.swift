// SPDX-License-Identifier: Apache-2.0

/// Why a safetensors file could not be read or written.
public enum SafetensorsError: Error, Equatable, Sendable {
  /// The file could not be opened, read or written; `reason` is the operating system's.
  case inputOutput(path: String, reason: String)
  /// The file ends before its header or its data does.
  case truncated(needed: UInt64, available: UInt64)
  /// The header claims more than the format's limit of 100,000,000 bytes.
  case headerTooLarge(UInt64)
  /// The header is not valid UTF-8.
  case headerNotUTF8
  /// The header is not the JSON object that the format asks for.
  case malformedHeader(reason: String)
  /// A tensor has a data type other than `F32`.
  case unsupportedDataType(tensor: String, type: String)
  /// A tensor's shape has a negative extent or more elements than can be addressed.
  case invalidShape(tensor: String, shape: [Int])
  /// A tensor's byte range does not fit its shape.
  case sizeMismatch(tensor: String, shape: [Int], bytes: Int)
  /// The tensors' byte ranges overlap or leave a gap before this tensor.
  case invalidOffsets(tensor: String, expectedBegin: Int, begin: Int, end: Int)
  /// Bytes that belong to no tensor follow the last one.
  case trailingBytes(Int)
  /// The name is reserved by the format.
  case reservedName(String)
}

extension SafetensorsError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    let remedy = "The file is damaged or was not written completely: restore or write it again."
    switch self {
    case .inputOutput(let path, let reason):
      return "Cannot access the safetensors file '\(path)': \(reason)."
    case .truncated(let needed, let available):
      return "The safetensors file ends early: \(needed) bytes are needed, it has \(available). "
        + remedy
    case .headerTooLarge(let size):
      return "The safetensors header claims \(size) bytes, more than the format allows. "
        + "This is not a safetensors file, or it is damaged."
    case .headerNotUTF8:
      return "The safetensors header is not valid UTF-8. " + remedy
    case .malformedHeader(let reason):
      return "The safetensors header is malformed: \(reason). " + remedy
    case .unsupportedDataType(let tensor, let type):
      return "Tensor '\(tensor)' has data type '\(type)'; only F32 can be read. "
        + "Convert it to 32-bit floats before saving."
    case .invalidShape(let tensor, let shape):
      return "Tensor '\(tensor)' has the impossible shape \(shape). " + remedy
    case .sizeMismatch(let tensor, let shape, let bytes):
      return "Tensor '\(tensor)' of shape \(shape) does not fit its \(bytes) bytes. " + remedy
    case .invalidOffsets(let tensor, let expectedBegin, let begin, let end):
      return "Tensor '\(tensor)' occupies bytes \(begin) to \(end) where it must begin at "
        + "\(expectedBegin): ranges overlap or leave a gap. " + remedy
    case .trailingBytes(let count):
      return "The safetensors file has \(count) bytes after its last tensor. " + remedy
    case .reservedName(let name):
      return "The name '\(name)' is reserved by the safetensors format: rename the tensor."
    }
  }
}
