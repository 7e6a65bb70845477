// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Safetensors {
  /// Decodes a file that is already in memory.
  ///
  /// - Throws: `SafetensorsError` if anything about it is not as the format demands.
  public init(decoding bytes: [UInt8]) throws(SafetensorsError) {
    guard bytes.count >= 8 else { throw .truncated(needed: 8, available: UInt64(bytes.count)) }
    let headerSize = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))
    }
    // Checked before anything is allocated: a damaged length may claim any amount.
    guard headerSize <= Self.maximumHeaderSize else { throw .headerTooLarge(headerSize) }
    let dataStart = 8 + Int(headerSize)
    guard dataStart <= bytes.count else {
      throw .truncated(needed: UInt64(dataStart), available: UInt64(bytes.count))
    }

    let contents = try Self.parseHeader(Array(bytes[8..<dataStart]))
    try Self.validate(contents.entries, dataSize: bytes.count - dataStart)
    var tensors: [String: Tensor] = [:]
    tensors.reserveCapacity(contents.entries.count)
    for (name, entry) in contents.entries {
      let range = dataStart + entry.begin..<dataStart + entry.end
      tensors[name] = Tensor(shape: entry.shape, values: Self.floats(in: bytes, range: range))
    }
    self.init(tensors: tensors, metadata: contents.metadata)
  }

  private struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]
    var begin: Int { offsets[0] }
    var end: Int { offsets[1] }

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private struct Header: Decodable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for name in container.allKeys {
        if name.stringValue == Safetensors.metadataKey {
          metadata = try container.decode([String: String].self, forKey: name)
        } else {
          entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
        }
      }
    }
  }

  private static func parseHeader(
    _ bytes: [UInt8]
  ) throws(SafetensorsError) -> Header {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .headerNotUTF8 }
    guard bytes.first == UInt8(ascii: "{") else {
      throw .malformedHeader(reason: "it does not begin with '{'")
    }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw .malformedHeader(reason: reason(of: error))
    } catch {
      throw .malformedHeader(reason: error.localizedDescription)
    }
    for (name, entry) in header.entries where entry.offsets.count != 2 {
      throw .malformedHeader(reason: "'\(name)' has \(entry.offsets.count) data offsets, not 2")
    }
    return header
  }

  private static func reason(of error: DecodingError) -> String {
    func location(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "the header" : "'\(path)'"
    }
    switch error {
    case .typeMismatch(_, let context): return "\(location(context)) has the wrong type"
    case .valueNotFound(_, let context): return "\(location(context)) has no value"
    case .keyNotFound(let key, let context):
      return "\(location(context)) has no '\(key.stringValue)'"
    case .dataCorrupted(let context):
      return "\(location(context)) is not valid JSON, or a size in it is not a whole number"
    @unknown default: return "it is not valid JSON"
    }
  }

  private static func validate(
    _ entries: [String: Entry], dataSize: Int
  ) throws(SafetensorsError) {
    // In order of place, then the empty before the full: each must begin where the last one ended.
    let ordered = entries.sorted {
      ($0.value.begin, $0.value.end, $0.key) < ($1.value.begin, $1.value.end, $1.key)
    }
    var position = 0
    for (name, entry) in ordered {
      guard entry.dtype == "F32" else {
        throw .unsupportedDataType(tensor: name, type: entry.dtype)
      }
      guard let size = byteCount(of: entry.shape) else {
        throw .invalidShape(tensor: name, shape: entry.shape)
      }
      guard entry.begin == position, entry.end >= entry.begin else {
        throw .invalidOffsets(
          tensor: name, expectedBegin: position, begin: entry.begin, end: entry.end)
      }
      guard entry.end <= dataSize else {
        throw .truncated(needed: UInt64(entry.end), available: UInt64(dataSize))
      }
      guard entry.end - entry.begin == size else {
        throw .sizeMismatch(
          tensor: name, shape: entry.shape, bytes: entry.end - entry.begin)
      }
      position = entry.end
    }
    guard position == dataSize else { throw .trailingBytes(dataSize - position) }
  }

  private static func byteCount(of shape: [Int]) -> Int? {
    var count = 4
    for extent in shape {
      guard extent >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  private static func floats(in bytes: [UInt8], range: Range<Int>) -> [Float] {
    let count = range.count / 4
    return bytes.withUnsafeBytes { source in
      [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        for index in 0..<count {
          let offset = range.lowerBound + 4 * index
          let bits = source.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
          buffer.initializeElement(at: index, to: Float(bitPattern: UInt32(littleEndian: bits)))
        }
        initialized = count
      }
    }
  }
}
