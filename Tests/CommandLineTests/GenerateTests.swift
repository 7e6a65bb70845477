// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("Generate", .timeLimit(.minutes(2)))
  struct GenerateTests {
    @Test("Rows have the columns of the table, whatever the number", arguments: [1, 2, 500, 8193])
    func rows(count: Int) throws {
      let shared = try TrainedModel.shared.get()
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(
        ["generate", shared.model, "-n", "\(count)", "-o", "out.csv"], in: folder)
      #expect(result.status == 0, "\(result)")
      let lines = try folder.text("out.csv").split(separator: "\n")
      #expect(lines.count == count + 1, "\(result)")
      let trips = try String(contentsOfFile: shared.trips, encoding: .utf8)
      #expect(lines.first == trips.split(separator: "\n").first)
      #expect(folder.content == ["out.csv"])
    }

    @Test("The bytes follow the seed and nothing else")
    func deterministic() throws {
      let model = try TrainedModel.shared.get().model
      let folder = try TemporaryFolder()
      func bytes(_ options: [String]) throws -> Data {
        let result = try TabganProcess.run(["generate", model, "-o", "-"] + options, in: folder)
        #expect(result.status == 0, "\(result)")
        return result.output
      }
      let one = try bytes(["-n", "3000", "--threads", "1"])
      for threads in [2, 3] {
        #expect(try bytes(["-n", "3000", "--threads", "\(threads)"]) == one, "\(threads) threads")
      }
      #expect(try bytes(["-n", "3000", "--seed", "2"]) != one)
      // A longer table begins with the shorter one.
      let longer = try bytes(["-n", "9000"])
      #expect(longer.prefix(one.count) == one)
    }

    @Test("To a file, to standard output and compressed it is the same table")
    func outputs() throws {
      let model = try TrainedModel.shared.get().model
      let folder = try TemporaryFolder()
      let streamed = try TabganProcess.run(["generate", model, "-n", "300", "-o", "-"], in: folder)
      #expect(streamed.status == 0 && streamed.errors.isEmpty, "\(streamed)")
      for name in ["out.csv", "out.csv.gz"] {
        let result = try TabganProcess.run(
          ["generate", model, "-n", "300", "-o", name], in: folder)
        #expect(result.status == 0, "\(result)")
      }
      #expect(try folder.read("out.csv") == streamed.output)
      let unpacked = try TabganProcess.shell("gzip -dc out.csv.gz", in: folder)
      #expect(unpacked.output == streamed.output, "\(unpacked.errors)")
    }

    @Test("The summary is JSON where it is asked for")
    func json() throws {
      let model = try TrainedModel.shared.get().model
      let folder = try TemporaryFolder()
      let toFile = try TabganProcess.run(
        ["generate", model, "-n", "10", "-o", "out.csv", "--json"], in: folder)
      let summary = try #require(
        try JSONSerialization.jsonObject(with: toFile.output) as? [String: Any], "\(toFile)")
      #expect(summary["rows"] as? Int == 10, "\(toFile)")
      // Beside a table on standard output it goes to standard error.
      let streamed = try TabganProcess.run(
        ["generate", model, "-n", "10", "-o", "-", "--json"], in: folder)
      #expect(streamed.lines.count == 11, "\(streamed)")
      #expect(throws: Never.self, "\(streamed)") {
        try JSONSerialization.jsonObject(with: Data(streamed.errors.utf8))
      }
    }

    @Test("Progress is shown where it is asked for, on standard error")
    func progress() throws {
      let model = try TrainedModel.shared.get().model
      let result = try TabganProcess.run(
        ["generate", model, "-n", "100", "-o", "-", "--progress", "plain"], in: TemporaryFolder())
      #expect(result.lines.count == 101, "\(result)")
      #expect(result.errors.contains("100 rows"), "\(result)")
    }

    @Test(
      "An output that cannot be made is status 73 and told before anything is done",
      arguments: ["missing/out.csv", "folder", "/dev/null/out.csv"])
    func unwritable(path: String) throws {
      let model = try TrainedModel.shared.get().model
      let folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: folder("folder"), withIntermediateDirectories: false)
      for command in [["generate", model], ["simulate"]] {
        let result = try TabganProcess.run(command + ["-n", "10", "-o", path], in: folder)
        #expect(result.status == 73, "\(result)")
        BadInputTests.expectMessage(result, of: path, says: "")
        #expect(folder.content == ["folder"], "\(result)")
      }
    }

    @Test(
      "A full disk is status 74", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDisk() throws {
      let model = try TrainedModel.shared.get().model
      for command in ["generate '\(model)'", "simulate"] {
        let result = try TabganProcess.shell(
          "\"$TABGAN\" \(command) -n 1000 -o - > /dev/full", in: TemporaryFolder())
        #expect(result.status == 74, "\(result)")
        BadInputTests.expectMessage(result, of: "standard output", says: "space")
      }
    }
  }
}
