// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
  /// A folder that is removed after `body`.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("safetensors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private let example = Safetensors(
    tensors: [
      "scalar": Tensor(shape: [], values: [2.5]),
      "empty": Tensor(shape: [0, 3], values: []),
      "vector": Tensor(
        shape: [4], values: [1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]),
      "z\u{301}\"\\\n\u{1}/😀": Tensor(shape: [2, 1, 2], values: [1, 2, 3, 4]),
      "not finite": Tensor(shape: [2], values: [.infinity, -.infinity]),
    ],
    metadata: ["format": "pt", "with \"quotes\"": "a\tb\u{1F}\\", "Zürich": "😀", "empty": ""])

  @Test("come back from bytes and from a file as they were written")
  func roundTrip() throws {
    let bytes = try example.encoded()
    let decoded = try Safetensors(decoding: bytes)
    #expect(decoded == example)
    // Equality takes -0 for 0.
    #expect(decoded.tensors["vector"]?.values[1].sign == .minus)
    try withFolder { folder in
      let path = "\(folder)/model.safetensors"
      try example.write(to: path)
      #expect(try Safetensors(contentsOf: path) == example)
      let changed = Safetensors(tensors: ["a": Tensor(shape: [1], values: [1])])
      try changed.write(to: path)
      #expect(try Safetensors(contentsOf: path) == changed)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(files == ["model.safetensors"], "temporary files are left behind")
    }
  }

  @Test("keep a NaN's bits")
  func notANumber() throws {
    let file = Safetensors(
      tensors: ["a": Tensor(shape: [1], values: [Float(bitPattern: 0x7FC0_1234)])])
    let decoded = try Safetensors(decoding: try file.encoded())
    #expect(decoded.tensors["a"]?.values[0].bitPattern == 0x7FC0_1234)
  }

  @Test("of nothing at all are valid")
  func empty() throws {
    let nothing = Safetensors()
    #expect(try Safetensors(decoding: try nothing.encoded()) == nothing)
  }

  @Test("are the same bytes each time, with the data aligned to eight bytes")
  func layout() throws {
    let bytes = try example.encoded()
    #expect(try example.encoded() == bytes)
    let size = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(size % 8 == 0)
    #expect(bytes[8] == UInt8(ascii: "{"))
  }

  @Test("written by the reference implementation are read")
  func referenceFile() throws {
    let file = try Safetensors(contentsOf: Goldens.path("container"))
    #expect(file.metadata == ["note": "Ümläute, \"quotes\"\tand a tab"])
    #expect(
      file.tensors == [
        "scalar": Tensor(shape: [], values: [2.5]),
        "empty": Tensor(shape: [0, 3], values: []),
        "four dimensions": Tensor(shape: [2, 3, 1, 4], values: (0..<24).map(Float.init)),
        "Zürich \"quoted\"\n\\": Tensor(
          shape: [4], values: [1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]),
      ])
  }

  @Test("refuse the format's own key as a name")
  func reservedName() {
    let file = Safetensors(tensors: ["__metadata__": Tensor(shape: [], values: [1])])
    #expect(throws: SafetensorsError.reservedName("__metadata__")) { try file.encoded() }
  }

  @Test("say what is wrong with the path, and leave nothing behind")
  func paths() throws {
    try withFolder { folder in
      for path in ["\(folder)/missing.safetensors", folder] {
        #expect("\(path)") {
          try Safetensors(contentsOf: path)
        } throws: { error in
          guard case .inputOutput(path, _)? = error as? SafetensorsError else { return false }
          return true
        }
      }
      for path in ["\(folder)/missing/model.safetensors", folder] {
        #expect("\(path)") {
          try example.write(to: path)
        } throws: { error in
          guard case .inputOutput(path, _)? = error as? SafetensorsError else { return false }
          return true
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      let parent = (folder as NSString).deletingLastPathComponent
      let name = (folder as NSString).lastPathComponent
      let siblings = try FileManager.default.contentsOfDirectory(atPath: parent)
      #expect(!siblings.contains { $0.hasPrefix(".\(name)") })
    }
  }
}
