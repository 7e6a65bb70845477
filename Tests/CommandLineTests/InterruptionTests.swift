// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("Interruption", .timeLimit(.minutes(2)))
  struct InterruptionTests {
    /// Enough rows to be caught in the middle of.
    private static let many = "20000000"

    /// Waits until a file beginning with a dot has grown in the folder: the command is writing.
    private func waitForWriting(_ folder: TemporaryFolder, _ process: Process) async throws {
      while process.isRunning {
        let hidden = folder.content.filter { $0.hasPrefix(".") }
        let sizes = hidden.compactMap {
          try? FileManager.default.attributesOfItem(atPath: folder($0))[.size] as? Int
        }
        if sizes.contains(where: { $0 > 0 }) { return }
        try await Task.sleep(for: .milliseconds(5))
      }
    }

    @Test(
      "Stopped while it writes, a command leaves nothing behind",
      arguments: [SIGINT, SIGTERM, SIGHUP], ["generate", "simulate"])
    func stopped(signal: Int32, command: String) async throws {
      let folder = try TemporaryFolder()
      let running = try start(command, folder)
      try await waitForWriting(folder, running.process)
      kill(running.process.processIdentifier, signal)
      let result = try running.wait()
      #expect(result.status == 128 + signal, "\(result)")
      #expect(result.errors.contains("interrupted"), "\(result)")
      #expect(folder.content.isEmpty, "\(command), signal \(signal): \(folder.content)")
    }

    @Test(
      "Killed while it writes, the name holds what it held", arguments: ["generate", "simulate"])
    func killed(command: String) async throws {
      for before in [nil, "what stood there\n"] {
        let folder = try TemporaryFolder()
        if let before { try folder.write(before, to: "out.csv") }
        let running = try start(command, folder)
        try await waitForWriting(folder, running.process)
        kill(running.process.processIdentifier, SIGKILL)
        let result = try running.wait()
        #expect(result.status == 128 + SIGKILL, "\(result)")
        #expect(folder.exists("out.csv") == (before != nil), "\(result)")
        if let before { #expect(try folder.text("out.csv") == before, "\(result)") }
      }
    }

    @Test(
      "A reader that has enough ends the command silently", arguments: ["generate", "simulate"])
    func closedPipe(command: String) throws {
      let folder = try TemporaryFolder()
      let model = command == "generate" ? "'\(try TrainedModel.shared.get().model)'" : ""
      let result = try TabganProcess.shell(
        "\"$TABGAN\" \(command) \(model) -n \(Self.many) -o - | head -n 3; echo ${PIPESTATUS[0]}",
        in: folder)
      #expect(result.lines.count == 4, "\(result)")
      #expect(result.lines.last == "\(128 + SIGPIPE)", "\(result)")
      #expect(result.errors.isEmpty, "\(result)")
    }

    private func start(_ command: String, _ folder: TemporaryFolder) throws -> TabganProcess.Running
    {
      let model = command == "generate" ? [try TrainedModel.shared.get().model] : []
      return try TabganProcess.start(
        [command] + model + ["-n", Self.many, "-o", "out.csv"], in: folder)
    }
  }
}
