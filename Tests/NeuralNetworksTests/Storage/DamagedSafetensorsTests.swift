// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import Testing

/// A file that must not be read, and the error that says why.
struct DamagedFile: CustomTestStringConvertible, Sendable {
  let name: String
  let bytes: [UInt8]
  let error: SafetensorsError

  var testDescription: String { name }

  /// A file with that header, its true length, and that many bytes of data.
  init(_ name: String, header: String, data: Int = 8, error: SafetensorsError) {
    self.init(name, header: Array(header.utf8), data: data, error: error)
  }

  init(
    _ name: String, header: [UInt8], length: UInt64? = nil, data: Int = 8,
    error: SafetensorsError
  ) {
    self.name = name
    let length = length ?? UInt64(header.count)
    bytes =
      (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + header
      + [UInt8](repeating: 0, count: data)
    self.error = error
  }

  /// A header with one tensor.
  private static func one(
    dtype: String = "F32", shape: String = "[2]", offsets: String = "[0,8]"
  ) -> String {
    "{\"a\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
  }

  private static func two(first: String, second: String) -> String {
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":\(first)},"
      + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":\(second)}}"
  }

  private static let notJSON =
    "the header is not valid JSON, or a size in it is not a whole number"

  static let all: [DamagedFile] = [
    DamagedFile(
      "header longer than the file", header: Array(one().utf8), length: 4096,
      error: .truncated(needed: 4104, available: UInt64(8 + one().utf8.count + 8))),
    DamagedFile(
      "header length beyond the limit", header: Array(one().utf8), length: 100_000_001,
      error: .headerTooLarge(100_000_001)),
    DamagedFile(
      "header length of all ones", header: Array(one().utf8), length: .max,
      error: .headerTooLarge(.max)),
    DamagedFile(
      "header length of zero", header: [],
      error: .malformedHeader(reason: "it does not begin with '{'")),
    DamagedFile(
      "header not UTF-8", header: Array("{\"".utf8) + [0xFF, 0xFE] + Array("\":1}".utf8),
      error: .headerNotUTF8),
    DamagedFile(
      "header not an object", header: "[1,2]   ",
      error: .malformedHeader(reason: "it does not begin with '{'")),
    DamagedFile(
      "header cut off", header: String(one().dropLast(5)),
      error: .malformedHeader(reason: notJSON)),
    DamagedFile(
      "entry of the wrong type", header: "{\"a\":7}",
      error: .malformedHeader(reason: "'a' has the wrong type")),
    DamagedFile(
      "entry without offsets", header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}",
      error: .malformedHeader(reason: "'a' has no 'data_offsets'")),
    DamagedFile(
      "three offsets", header: one(offsets: "[0,4,8]"),
      error: .malformedHeader(reason: "'a' has 3 data offsets, not 2")),
    DamagedFile(
      "fractional shape", header: one(shape: "[1.5]"),
      error: .malformedHeader(reason: notJSON)),
    DamagedFile(
      "metadata that is not text", header: "{\"__metadata__\":{\"a\":1}}", data: 0,
      error: .malformedHeader(reason: "'__metadata__.a' has the wrong type")),
    DamagedFile(
      "16-bit floats", header: one(dtype: "BF16", shape: "[4]"),
      error: .unsupportedDataType(tensor: "a", type: "BF16")),
    DamagedFile(
      "unknown data type", header: one(dtype: "X"),
      error: .unsupportedDataType(tensor: "a", type: "X")),
    DamagedFile(
      "negative extent", header: one(shape: "[-2]"),
      error: .invalidShape(tensor: "a", shape: [-2])),
    DamagedFile(
      "shape that overflows", header: one(shape: "[4611686018427387904,8]"),
      error: .invalidShape(tensor: "a", shape: [4_611_686_018_427_387_904, 8])),
    DamagedFile(
      "shape too large for its range", header: one(shape: "[3]"),
      error: .sizeMismatch(tensor: "a", shape: [3], bytes: 8)),
    DamagedFile(
      "data cut off", header: one(), data: 7, error: .truncated(needed: 8, available: 7)),
    DamagedFile("data left over", header: one(), data: 9, error: .trailingBytes(1)),
    DamagedFile(
      "overlap", header: two(first: "[0,8]", second: "[4,12]"), data: 16,
      error: .invalidOffsets(tensor: "b", expectedBegin: 8, begin: 4, end: 12)),
    DamagedFile(
      "same range twice", header: two(first: "[0,8]", second: "[0,8]"), data: 16,
      error: .invalidOffsets(tensor: "b", expectedBegin: 8, begin: 0, end: 8)),
    DamagedFile(
      "gap", header: two(first: "[0,8]", second: "[12,20]"), data: 20,
      error: .invalidOffsets(tensor: "b", expectedBegin: 8, begin: 12, end: 20)),
    DamagedFile(
      "data that does not begin at zero", header: one(offsets: "[4,12]"), data: 12,
      error: .invalidOffsets(tensor: "a", expectedBegin: 0, begin: 4, end: 12)),
    DamagedFile(
      "offsets in reverse", header: one(offsets: "[0,-8]"),
      error: .invalidOffsets(tensor: "a", expectedBegin: 0, begin: 0, end: -8)),
    DamagedFile(
      "offsets beyond any file", header: one(offsets: "[0,9223372036854775807]"),
      error: .truncated(needed: UInt64(Int.max), available: 8)),
  ]
}

@Suite("Damaged safetensors")
struct DamagedSafetensorsTests {
  @Test("are refused with what is wrong", arguments: DamagedFile.all)
  func damage(_ file: DamagedFile) {
    #expect(throws: file.error) { try Safetensors(decoding: file.bytes) }
    #expect(file.error.description.count > 20)
  }

  @Test("are refused wherever they are cut off")
  func truncation() throws {
    let whole = try Safetensors(
      tensors: ["a": Tensor(shape: [2, 2], values: [1, 2, 3, 4])], metadata: ["b": "c"]
    ).encoded()
    for count in 0..<whole.count {
      #expect(throws: SafetensorsError.self, "cut off after \(count) bytes") {
        try Safetensors(decoding: Array(whole[..<count]))
      }
    }
  }

  @Test("are refused or read, never trap, whatever bit of the header is flipped")
  func flippedBits() throws {
    let whole = try Safetensors(
      tensors: [
        "a": Tensor(shape: [2, 2], values: [1, 2, 3, 4]), "b": Tensor(shape: [1], values: [5]),
      ]
    ).encoded()
    for bit in 0..<(8 * (whole.count - 20)) {
      var damaged = whole
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      // Many flips only rename a tensor. The rest must be errors of this module's own.
      do { _ = try Safetensors(decoding: damaged) } catch { #expect(error.description != "") }
    }
  }

  @Test("are refused if they nest without end")
  func deepNesting() {
    let file = DamagedFile(
      "nested", header: "{\"a\":" + String(repeating: "[", count: 1_000_000),
      error: .headerNotUTF8)
    #expect(throws: SafetensorsError.self) { try Safetensors(decoding: file.bytes) }
  }
}
