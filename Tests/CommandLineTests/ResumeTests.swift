// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  /// A run that is ended and resumed, as often as may be, is the run that was never ended.
  @Suite("Resume", .timeLimit(.minutes(5)))
  struct ResumeTests {
    private static let files = [
      "generator.safetensors", "discriminator.safetensors", "ratio.safetensors",
    ]

    /// Some seconds of work, so that it can be ended in the middle of.
    private static func arguments(_ trips: String, _ model: String, _ more: [String]) -> [String] {
      ["train", trips, "-o", model, "--rows", "600", "--epochs", "12", "--batch-size", "100"] + more
    }

    private func weights(_ folder: TemporaryFolder, _ model: String) throws -> [Data] {
      try Self.files.map { try folder.read("\(model)/\($0)") }
    }

    /// Steps of a history: all of them once, in order.
    private func steps(_ folder: TemporaryFolder, _ model: String) throws -> [Int] {
      try folder.text("\(model)/history.csv").split(separator: "\n").dropFirst()
        .compactMap { $0.split(separator: ",").first.flatMap { Int($0) } }
    }

    /// Waits until the run has kept a state, or is over.
    private func waitForCheckpoint(
      _ running: TabganProcess.Running, _ folder: TemporaryFolder, after old: Date? = nil
    ) async throws {
      func date() -> Date? {
        try? FileManager.default.attributesOfItem(atPath: folder("model/checkpoint.safetensors"))[
          .modificationDate] as? Date
      }
      while running.process.isRunning, date() == nil || date() == old {
        try await Task.sleep(for: .milliseconds(2))
      }
    }

    @Test(
      "Asked to end, training keeps its state and goes on from it", arguments: [SIGINT, SIGTERM])
    func asked(signal: Int32) async throws {
      let folder = try TemporaryFolder()
      let trips = try TrainedModel.shared.get().trips
      let whole = try TabganProcess.run(Self.arguments(trips, "whole", []), in: folder)
      #expect(whole.status == 0, "\(whole)")

      let running = try TabganProcess.start(
        Self.arguments(trips, "model", ["--checkpoint-minutes", "0.0001"]), in: folder)
      try await waitForCheckpoint(running, folder)
      kill(running.process.processIdentifier, signal)
      let ended = try running.wait()
      #expect(ended.status == 128 + signal, "\(ended)")
      #expect(ended.errors.contains("--resume"), "\(ended)")
      #expect(!folder.exists("model/model.json"))

      // Without --resume nothing is thrown away.
      let refused = try TabganProcess.run(Self.arguments(trips, "model", []), in: folder)
      #expect(refused.status == 73 && refused.errors.contains("--resume"), "\(refused)")
      // Nor is the state of one run taken for another's.
      let foreign = try TabganProcess.run(
        Self.arguments(trips, "model", ["--resume", "--seed", "9"]), in: folder)
      #expect(foreign.status == 65 && foreign.errors.contains("another run"), "\(foreign)")

      let resumed = try TabganProcess.run(Self.arguments(trips, "model", ["--resume"]), in: folder)
      #expect(resumed.status == 0 && resumed.outputText.contains("resuming"), "\(resumed)")
      #expect(try weights(folder, "model") == weights(folder, "whole"))
      #expect(try steps(folder, "model") == steps(folder, "whole"))
      #expect(!folder.exists("model/checkpoint.safetensors"))
      #expect(!folder.exists("model/checkpoint-history.csv"))
    }

    @Test("Killed again and again, on any number of threads, training gives the same model")
    func killed() async throws {
      let folder = try TemporaryFolder()
      let trips = try TrainedModel.shared.get().trips
      let whole = try TabganProcess.run(Self.arguments(trips, "whole", []), in: folder)
      #expect(whole.status == 0, "\(whole)")
      var kills = 0
      // Every step keeps its state, so that most kills fall into the writing of one.
      for round in 0... {
        let running = try TabganProcess.start(
          Self.arguments(
            trips, "model",
            ["--resume", "--checkpoint-minutes", "0.0001", "--threads", "\(round % 3 + 1)"]),
          in: folder)
        if kills < 6 {
          try await waitForCheckpoint(running, folder)
          try await Task.sleep(for: .milliseconds(20 + 37 * kills % 100))
          kill(running.process.processIdentifier, SIGKILL)
          kills += 1
        }
        let result = try running.wait()
        if result.status == 0 { break }
        #expect(result.status == 128 + SIGKILL, "\(result)")
        try #require(round < 50, "it never comes to an end")
      }
      #expect(kills > 0)
      #expect(try weights(folder, "model") == weights(folder, "whole"), "\(kills) kills")
      #expect(try steps(folder, "model") == steps(folder, "whole"))
    }

    @Test("A damaged checkpoint is named, and --resume without one starts afresh")
    func damaged() throws {
      let folder = try TemporaryFolder()
      let trips = try TrainedModel.shared.get().trips
      let afresh = try TabganProcess.run(
        ["train", trips, "-o", "model", "--rows", "300", "--epochs", "1", "--resume"], in: folder)
      #expect(afresh.status == 0 && afresh.outputText.contains("nothing to resume"), "\(afresh)")
      try folder.write("not a checkpoint", to: "model/checkpoint.safetensors")
      let damaged = try TabganProcess.run(
        ["train", trips, "-o", "model", "--rows", "300", "--epochs", "1", "--resume"], in: folder)
      #expect(
        damaged.status == 65 && damaged.errors.contains("checkpoint.safetensors"), "\(damaged)")
      #expect(folder.exists("model/model.json"))
    }

    @Test("The interval must be positive", arguments: ["0", "-1", "nan", "x"])
    func interval(minutes: String) throws {
      let folder = try TemporaryFolder()
      let trips = try TrainedModel.shared.get().trips
      let result = try TabganProcess.run(
        ["train", trips, "-o", "model", "--checkpoint-minutes=\(minutes)"], in: folder)
      #expect(result.status == 64, "\(result)")
      #expect(folder.content.isEmpty)
    }
  }
}
