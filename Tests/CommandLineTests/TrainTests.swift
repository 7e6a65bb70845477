// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("Train", .timeLimit(.minutes(2)))
  struct TrainTests {
    @Test("The folder holds the model, the schema and the history")
    func folder() throws {
      let shared = try TrainedModel.shared.get()
      let content = try FileManager.default.contentsOfDirectory(atPath: shared.model).sorted()
      #expect(
        content == [
          "discriminator.safetensors", "generator.safetensors", "history.csv", "model.json",
          "ratio.safetensors", "schema.json",
        ])
      let history = try String(contentsOfFile: shared.model + "/history.csv", encoding: .utf8)
        .split(separator: "\n")
      #expect(history.first == "step,epoch,rows,seconds,d_loss,g_loss,d_real,d_generated")
      #expect(history.count > 1)
      for (i, line) in history.dropFirst().enumerated() {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields.count == 8 && fields[0] == "\(i + 1)", "\(line)")
        #expect(fields.allSatisfy { Double($0)?.isFinite == true }, "\(line)")
      }
    }

    @Test("The model follows the seed and not the threads")
    func deterministic() throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      func weights(_ options: [String], _ name: String) throws -> Data {
        let result = try TabganProcess.run(
          ["train", trips, "-o", name, "--rows", "600", "--epochs", "1"] + options, in: folder)
        #expect(result.status == 0, "\(result)")
        return try folder.read("\(name)/generator.safetensors")
      }
      let one = try weights(["--threads", "1"], "one")
      for threads in [2, 3] {
        #expect(
          try weights(["--threads", "\(threads)"], "m\(threads)") == one, "\(threads) threads")
      }
      #expect(try weights(["--seed", "9"], "other") != one)
    }

    @Test("Every preset trains and generates", arguments: ["ctgan", "poster", "default"])
    func presets(preset: String) throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      let trained = try TabganProcess.run(
        [
          "train", trips, "-o", "m", "--preset", preset, "--rows", "600", "--epochs", "1", "--json",
        ],
        in: folder)
      #expect(trained.status == 0, "\(trained)")
      let summary = try #require(
        try JSONSerialization.jsonObject(with: trained.output) as? [String: Any], "\(trained)")
      #expect(summary["preset"] as? String == preset)
      #expect((summary["outline"] as? [String: Any])?["rows"] as? Int == 600)
      let generated = try TabganProcess.run(["generate", "m", "-n", "20", "-o", "-"], in: folder)
      #expect(generated.status == 0 && generated.lines.count == 21, "\(generated)")
    }

    @Test("Time bounds a run too")
    func minutes() throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(
        ["train", trips, "-o", "m", "--minutes", "0.01"], in: folder)
      #expect(result.status == 0, "\(result)")
      #expect(folder.exists("m/model.json"))
    }

    @Test("Taxi cleaning leaves rows out and says so")
    func cleaning() throws {
      let trips = try TrainedModel.shared.get().trips
      let result = try TabganProcess.run(
        ["train", trips, "-o", "m", "--clean", "taxi", "--epochs", "1"], in: TemporaryFolder())
      #expect(result.status == 0, "\(result)")
      #expect(result.outputText.contains("left out"), "\(result)")
    }

    @Test("A folder with other things in it is left alone")
    func foreignFolder() throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: folder("m"), withIntermediateDirectories: false)
      try folder.write("dear diary", to: "m/diary.txt")
      let result = try TabganProcess.run(["train", trips, "-o", "m", "--epochs", "1"], in: folder)
      #expect(result.status == 73, "\(result)")
      #expect(result.errors.contains("m: the folder is not empty and holds no model"), "\(result)")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder("m")) == ["diary.txt"])
    }

    @Test("An output that cannot be a folder is status 73", arguments: ["file", "/dev/null/m"])
    func unwritable(path: String) throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      try folder.write("x", to: "file")
      let result = try TabganProcess.run(["train", trips, "-o", path, "--epochs", "1"], in: folder)
      #expect(result.status == 73, "\(result)")
      #expect(folder.content == ["file"])
    }

    @Test("A model is replaced by a new one")
    func replaced() throws {
      let shared = try TrainedModel.shared.get()
      let folder = try TemporaryFolder()
      let model = try shared.copy(into: folder)
      let before = try folder.read("model/model.json")
      let result = try TabganProcess.run(
        ["train", shared.trips, "-o", model, "--epochs", "1", "--seed", "5"], in: folder)
      #expect(result.status == 0, "\(result)")
      #expect(try folder.read("model/model.json") != before)
      let generated = try TabganProcess.run(["generate", model, "-n", "3", "-o", "-"], in: folder)
      #expect(generated.status == 0, "\(generated)")
    }

    @Test("More rows than there are is status 65")
    func tooManyRows() throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(
        ["train", trips, "-o", "m", "--rows", "2001", "--epochs", "1"], in: folder)
      #expect(result.status == 65, "\(result)")
      BadInputTests.expectMessage(result, of: "trips.csv", says: "2,000 rows")
      #expect(folder.content.isEmpty)
    }
  }
}
