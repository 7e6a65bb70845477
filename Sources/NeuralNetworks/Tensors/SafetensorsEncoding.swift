// SPDX-License-Identifier: Apache-2.0

extension Safetensors {
  static let metadataKey = "__metadata__"
  static let maximumHeaderSize: UInt64 = 100_000_000

  /// The file's bytes.
  ///
  /// The same contents always give the same bytes: names are in order.
  ///
  /// - Throws: `SafetensorsError.reservedName` for a tensor that is named as the format's own key.
  public func encoded() throws(SafetensorsError) -> [UInt8] {
    guard tensors[Self.metadataKey] == nil else { throw .reservedName(Self.metadataKey) }
    let ordered = tensors.sorted { $0.key < $1.key }

    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      entries.append("\(Self.quoted(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in ordered {
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(Self.quoted(name)):"
          + "{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }

    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    guard header.count <= Self.maximumHeaderSize else {
      throw .headerTooLarge(UInt64(header.count))
    }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header)
    for (_, tensor) in ordered {
      #if _endian(little)
        tensor.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      #else
        for value in tensor.values {
          withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
      #endif
    }
    return bytes
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case let control where control.value < 0x20:
        let digits = String(control.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
