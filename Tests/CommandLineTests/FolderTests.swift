// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  /// Output folders are locked, and inputs are never overwritten.
  @Suite("Folders", .timeLimit(.minutes(10)))
  struct FolderTests {
    private static let small = [
      // A run that does not end by itself.
      "--set", "overfittingLimit=null",
      "--rows", "600", "--batch-size", "100", "--set", "generator.hidden=[16]", "--set",
      "discriminator.hidden=[16]", "--threads", "1",
    ]

    /// Starts a training run of minutes and waits until it holds its lock.
    private func startLong(_ trips: String, _ folder: TemporaryFolder) async throws
      -> TabganProcess.Running
    {
      let running = try TabganProcess.start(
        ["train", trips, "-o", "model", "--minutes", "1"] + Self.small, in: folder)
      while running.process.isRunning, !folder.exists("model/checkpoint-history.csv") {
        try await Task.sleep(for: .milliseconds(5))
      }
      return running
    }

    @Test("A second training run in a folder is rejected and names the lock's holder")
    func locked() async throws {
      let folder = try TemporaryFolder()
      let trips = try TrainedModel.shared.get().trips
      let first = try await startLong(trips, folder)
      let second = try TabganProcess.run(
        ["train", trips, "-o", "model", "--resume"] + Self.small, in: folder)
      #expect(second.status == 73, "\(second)")
      #expect(
        second.errors.contains("process \(first.process.processIdentifier)"), "\(second)")
      kill(first.process.processIdentifier, SIGTERM)
      let ended = try first.wait()
      #expect(ended.status == 128 + SIGTERM && ended.errors.contains("--resume"), "\(ended)")
      // The lock is released when the process ends in any way.
      let resumed = try await startResumed(trips, folder)
      kill(resumed.process.processIdentifier, SIGKILL)
      _ = try resumed.wait()
      let again = try await startResumed(trips, folder)
      kill(again.process.processIdentifier, SIGINT)
      let last = try again.wait()
      #expect(last.status == 128 + SIGINT, "\(last)")
      #expect(folder.exists("model/checkpoint.safetensors"), "\(last)")
      #expect(!folder.exists("model/.lock"))
    }

    private func startResumed(_ trips: String, _ folder: TemporaryFolder) async throws
      -> TabganProcess.Running
    {
      let running = try TabganProcess.start(
        ["train", trips, "-o", "model", "--minutes", "1", "--resume"] + Self.small, in: folder)
      // The lock of a killed run may still be there.
      let own = "process \(running.process.processIdentifier)\n"
      while running.process.isRunning, (try? folder.text("model/.lock")) != own {
        try await Task.sleep(for: .milliseconds(5))
      }
      return running
    }

    @Test("Temporary files of killed runs are removed, and nothing else")
    func swept() throws {
      let folder = try TemporaryFolder()
      let shared = try TrainedModel.shared.get()
      try FileManager.default.copyItem(atPath: shared.model, toPath: folder("model"))
      let stale = [
        ".checkpoint.safetensors.4711.1.part",
        ".model.json.4711.3735928559.part", ".lock",
      ]
      for name in stale + [".mine"] { try folder.write("x", to: "model/" + name) }
      let result = try TabganProcess.run(
        ["train", shared.trips, "-o", "model", "--epochs", "1"] + Self.small, in: folder)
      #expect(result.status == 0, "\(result)")
      for name in stale { #expect(!folder.exists("model/" + name), "\(name)") }
      #expect(folder.exists("model/.mine"))
    }

    @Test("No output replaces an input under any name")
    func inputs() throws {
      let folder = try TemporaryFolder()
      let shared = try TrainedModel.shared.get()
      try FileManager.default.copyItem(atPath: shared.model, toPath: folder("model"))
      try FileManager.default.copyItem(atPath: shared.holdout, toPath: folder("real.csv"))
      try FileManager.default.createSymbolicLink(
        atPath: folder("soft.csv"), withDestinationPath: "model/generator.safetensors")
      try FileManager.default.linkItem(atPath: folder("model/model.json"), toPath: folder("hard"))
      try FileManager.default.createSymbolicLink(
        atPath: folder("other"), withDestinationPath: "model")
      let evaluate = ["evaluate", "--real", "real.csv", "--synthetic", "real.csv"]
      let commands =
        [
          "model/model.json", "model/generator.safetensors", "model/../model/schema.json", "hard",
          "soft.csv", "other/history.csv", "model/checkpoint.safetensors",
        ].map { ["generate", "model", "-n", "5", "-o", $0] }
        + [
          evaluate + ["--json", "real.csv"], evaluate + ["--map", "./real.csv"],
          ["train", "model/history.csv", "-o", "model"],
        ]
      let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      let model = try folder.read("model/model.json")
      for command in commands {
        let result = try TabganProcess.run(command, in: folder)
        // Rows are not written as JSON under any name.
        let isJSON = command[0] == "generate" && command.last?.hasSuffix(".json") == true
        #expect(result.status == (isJSON ? 64 : 73), "\(result)")
        #expect(isJSON || result.errors.contains("hint:"), "\(result)")
        #expect(try folder.read("model/model.json") == model, "\(result)")
      }
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
      let fine = try TabganProcess.run(
        ["generate", "model", "-n", "5", "-o", "model/rows.csv"], in: folder)
      #expect(fine.status == 0, "\(fine)")
    }

    @Test("Links in a model folder are replaced, not followed")
    func links() throws {
      let folder = try TemporaryFolder()
      let shared = try TrainedModel.shared.get()
      let names = [
        "schema.json", "model.json", "history.csv", "generator.safetensors",
        "discriminator.safetensors", "ratio.safetensors",
      ]
      try FileManager.default.createDirectory(
        atPath: folder("model"), withIntermediateDirectories: true)
      for name in names + ["checkpoint-history.csv"] {
        try folder.write("victim", to: "victim-" + name)
        try FileManager.default.createSymbolicLink(
          atPath: folder("model/" + name), withDestinationPath: "../victim-" + name)
      }
      let result = try TabganProcess.run(
        ["train", shared.trips, "-o", "model", "--epochs", "1"] + Self.small, in: folder)
      #expect(result.status == 0, "\(result)")
      for name in names {
        #expect(try folder.text("victim-" + name) == "victim", "\(name)")
        let type = try FileManager.default.attributesOfItem(atPath: folder("model/" + name))[.type]
        #expect(type as? FileAttributeType == .typeRegular, "\(name)")
      }
      // A lock file that is a link is rejected.
      try FileManager.default.createSymbolicLink(
        atPath: folder("model/.lock"), withDestinationPath: "../victim-lock")
      let refused = try TabganProcess.run(
        ["train", shared.trips, "-o", "model", "--epochs", "1"] + Self.small, in: folder)
      #expect(refused.status == 73 && !folder.exists("victim-lock"), "\(refused)")
    }

    @Test("A folder that vanishes during training is reported")
    func vanished() async throws {
      let folder = try TemporaryFolder()
      let trips = try TrainedModel.shared.get().trips
      let running = try await startLong(trips, folder)
      try FileManager.default.moveItem(atPath: folder("model"), toPath: folder("elsewhere"))
      kill(running.process.processIdentifier, SIGTERM)
      let result = try running.wait()
      #expect(result.status == 73 || result.status == 74, "\(result)")
      #expect(result.errors.contains("no longer exists"), "\(result)")
      #expect(!result.errors.contains("free space"), "\(result)")
    }

    @Test("Closed standard descriptors do not take the numbers of files")
    func descriptors() throws {
      let folder = try TemporaryFolder()
      let expected = try TabganProcess.run(["simulate", "-n", "50", "-o", "a.csv"], in: folder)
      #expect(expected.status == 0, "\(expected)")
      for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        _ = try TabganProcess.shell(
          "\"$TABGAN\" simulate -n 50 -o b.csv \(closed); \"$TABGAN\" simulate -n x -o c.csv \(closed)",
          in: folder)
        #expect(try folder.read("b.csv") == folder.read("a.csv"), "\(closed)")
      }
    }

    @Test("OpenMP's environment has no effect")
    func environment() throws {
      let folder = try TemporaryFolder()
      let shared = try TrainedModel.shared.get()
      let command = "\"$TABGAN\" generate '\(shared.model)' -n 300 --threads 2 -o"
      let plain = try TabganProcess.shell("\(command) plain.csv", in: folder)
      #expect(plain.status == 0, "\(plain)")
      for variables in [
        "OMP_NUM_THREADS=", "OMP_NUM_THREADS=999999999", "OMP_NUM_THREADS=-3,x", "OMP_STACKSIZE=1",
        "OMP_STACKSIZE=900T", "KMP_STACKSIZE=1 KMP_AFFINITY=nonsense", "OMP_THREAD_LIMIT=0",
        "KMP_LIBRARY=serial OMP_PLACES='{0:99999}' OMP_PROC_BIND=x",
        "KMP_SETTINGS=1 OMP_DISPLAY_ENV=1",
      ] {
        let result = try TabganProcess.shell("\(variables) \(command) out.csv", in: folder)
        #expect(result.status == 0 && result.errors.isEmpty, "\(variables): \(result)")
        #expect(try folder.read("out.csv") == folder.read("plain.csv"), "\(variables)")
      }
    }
  }
}
