// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  /// The guard of `train` against copied rows.
  @Suite("Copying", .timeLimit(.minutes(2)))
  struct MemorizationTests {
    /// Trains on the shared trips with `--json`.
    private func train(_ options: [String]) throws -> (summary: [String: Any], errors: String) {
      let trips = try TrainedModel.shared.get().trips
      let result = try TabganProcess.run(
        ["train", trips, "-o", "m", "--epochs", "1", "--json"] + options, in: TemporaryFolder())
      #expect(result.status == 0, "\(result)")
      let summary = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
      return (try #require(summary, "\(result)"), result.errors)
    }

    private func rows(_ summary: [String: Any]) -> Int? {
      (summary["outline"] as? [String: Any])?["rows"] as? Int
    }

    @Test("A twentieth of the rows is not learned from, and one pass copies nothing")
    func watched() throws {
      let (summary, errors) = try train([])
      #expect(rows(summary) == 1900, "\(summary)")
      let memorization = try #require(summary["memorization"] as? [String: Any], "\(summary)")
      #expect(
        memorization["performed"] as? Bool == true && memorization["detected"] as? Bool == false)
      let measured = try #require(memorization["measured"] as? [String: Any], "\(summary)")
      #expect(measured["monitoringRows"] as? Int == 100 && measured["trainRows"] as? Int == 1900)
      #expect(errors.isEmpty, "\(errors)")
    }

    @Test("The number of monitoring rows can be set")
    func number() throws {
      let (summary, _) = try train(["--monitoring-rows", "500"])
      #expect(rows(summary) == 1500, "\(summary)")
    }

    @Test("Without monitoring rows all rows are learned, and the summary says that nobody watched")
    func unwatched() throws {
      let (summary, _) = try train(["--monitoring-rows", "0"])
      #expect(rows(summary) == 2000, "\(summary)")
      #expect(
        (summary["memorization"] as? [String: Any])?["performed"] as? Bool == false, "\(summary)")

      let folder = try TemporaryFolder()
      let trips = try TrainedModel.shared.get().trips
      for options in [["--monitoring-rows", "0"], []] {
        // 900 rows are too few to set a twentieth aside.
        _ = try TabganProcess.shell("head -n 901 '\(trips)' > few.csv", in: folder)
        let text = try TabganProcess.run(
          ["train", "few.csv", "-o", "m", "--epochs", "1"] + options, in: folder)
        #expect(text.status == 0, "\(text)")
        #expect(text.outputText.contains("memorization check: disabled"), "\(text)")
        #expect(!text.outputText.contains("set aside"), "\(text)")
      }
    }

    @Test("More monitoring rows than there are rows is status 65", arguments: ["2000", "3000"])
    func tooMany(count: String) throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(
        ["train", trips, "-o", "m", "--monitoring-rows", count, "--epochs", "1"], in: folder)
      #expect(result.status == 65, "\(result)")
      BadInputTests.expectMessage(result, of: "trips.csv", says: "2,000 rows")
      #expect(folder.content.isEmpty)
    }

    @Test("A wrong number is status 64", arguments: ["-1", "x", "1.5", ""])
    func wrong(count: String) throws {
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(
        ["train", "a.csv", "-o", "m", "--monitoring-rows", count], in: folder)
      #expect(result.status == 64 && result.errors.hasPrefix("Error: "), "\(result)")
      #expect(folder.content.isEmpty)
    }
  }
}
