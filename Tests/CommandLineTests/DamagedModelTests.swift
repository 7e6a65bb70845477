// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("Damaged models", .timeLimit(.minutes(2)))
  struct DamagedModelTests {
    /// A way to spoil a model folder, and what must be said of it.
    struct Damage: Sendable, CustomTestStringConvertible {
      var name: String
      var status: Int32
      var says: String
      var spoil: @Sendable (TemporaryFolder) throws -> Void

      var testDescription: String { name }
    }

    static let all = [
      Damage(name: "no folder", status: 66, says: "no model here") {
        try FileManager.default.removeItem(atPath: $0("model"))
      },
      Damage(name: "an empty folder", status: 66, says: "no model here") {
        try FileManager.default.removeItem(atPath: $0("model"))
        try FileManager.default.createDirectory(
          atPath: $0("model"), withIntermediateDirectories: false)
      },
      Damage(name: "a file in the folder's place", status: 66, says: "no model here") {
        try FileManager.default.removeItem(atPath: $0("model"))
        try $0.write("model", to: "model")
      },
      Damage(name: "weights cut in half", status: 65, says: "generator.safetensors") {
        let data = try $0.read("model/generator.safetensors")
        try $0.write(data.prefix(data.count / 2), to: "model/generator.safetensors")
      },
      Damage(name: "weights emptied", status: 65, says: "generator.safetensors") {
        try $0.write("", to: "model/generator.safetensors")
      },
      Damage(name: "weights missing", status: 65, says: "discriminator.safetensors") {
        try FileManager.default.removeItem(atPath: $0("model/discriminator.safetensors"))
      },
      Damage(name: "weights of something else", status: 65, says: "generator.safetensors") {
        try $0.write(Array(repeating: UInt8(0xFF), count: 4096), to: "model/generator.safetensors")
      },
      Damage(name: "a description that is no JSON", status: 65, says: "model.json") {
        let text = try $0.text("model/model.json")
        try $0.write(String(text.prefix(text.count / 2)), to: "model/model.json")
      },
      Damage(name: "a description of something else", status: 65, says: "model.json") {
        try $0.write("{\"formatVersion\": 6}", to: "model/model.json")
      },
      Damage(name: "a later version", status: 65, says: "update tabgan") {
        let text = try $0.text("model/model.json")
        let later = text.replacing(/"formatVersion"\s*:\s*\d+/, with: "\"formatVersion\":99")
        #expect(later != text)
        try $0.write(later, to: "model/model.json")
      },
      Damage(name: "a size larger than memory", status: 65, says: "generator.noiseWidth") {
        let text = try $0.text("model/model.json")
        let damaged = text.replacing(/"noiseWidth":\d+,/, with: "\"noiseWidth\":1000000000000,")
        #expect(damaged != text)
        try $0.write(damaged, to: "model/model.json")
      },
      Damage(name: "a step of zero", status: 65, says: "grid") {
        let text = try $0.text("model/model.json")
        let damaged = text.replacing(/"stride":\d+/, with: "\"stride\":0")
        #expect(damaged != text)
        try $0.write(damaged, to: "model/model.json")
      },
      Damage(name: "a flipped bit of the weights", status: 65, says: "weights") {
        var data = try $0.read("model/ratio.safetensors")
        data[data.count - 4] ^= 1
        try $0.write(data, to: "model/ratio.safetensors")
      },
      Damage(name: "an earlier version", status: 65, says: "train it again") {
        try $0.write("{\"formatVersion\": 1}", to: "model/model.json")
      },
    ]

    @Test("A model that cannot be used is told so, and nothing is written", arguments: all)
    func damaged(damage: Damage) throws {
      let folder = try TemporaryFolder()
      _ = try TrainedModel.shared.get().copy(into: folder)
      try damage.spoil(folder)
      let result = try TabganProcess.run(
        ["generate", "model", "-n", "10", "-o", "out.csv"], in: folder)
      #expect(result.status == damage.status, "\(result)")
      BadInputTests.expectMessage(result, of: "model", says: damage.says)
      #expect(folder.content.filter { $0 != "model" }.isEmpty, "\(folder.content)")
    }
  }
}
