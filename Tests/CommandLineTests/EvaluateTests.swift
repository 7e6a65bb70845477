import Foundation
import Testing

extension CommandLineTests {
  @Suite("Evaluate", .timeLimit(.minutes(2)))
  struct EvaluateTests {
    @Test("A report in text, in JSON, and the same for any number of threads")
    func report() throws {
      let shared = try TrainedModel.shared.get()
      let folder = try TemporaryFolder()
      let generated = try TabganProcess.run(
        ["generate", shared.model, "-n", "500", "-o", "s.csv"], in: folder)
      #expect(generated.status == 0, "\(generated)")
      let arguments = [
        "evaluate", "--real", shared.trips, "--holdout", shared.holdout, "--synthetic", "s.csv",
      ]
      let text = try TabganProcess.run(
        arguments + ["--json", "q.json", "--threads", "1"], in: folder)
      #expect(text.status == 0 && text.errors.isEmpty, "\(text)")
      for word in ["shape", "trend", "detector", "copying", "floor"] {
        #expect(text.outputText.contains(word), "'\(word)' is missing: \(text)")
      }
      for options in [["--json"], ["--json", "-", "--threads", "3"]] {
        let json = try TabganProcess.run(arguments + options, in: folder)
        #expect(json.status == 0, "\(json)")
        #expect(try json.output == folder.read("q.json"), "\(options)")
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: json.output) }
      }
    }

    @Test("Places are told beside the real ones, and drawn")
    func places() throws {
      let shared = try TrainedModel.shared.get()
      let folder = try TemporaryFolder()
      let arguments = [
        "evaluate", "--real", shared.trips, "--holdout", shared.holdout, "--synthetic",
        shared.holdout, "--rows", "300",
      ]
      let result = try TabganProcess.run(arguments + ["--map", "map.svg"], in: folder)
      #expect(result.status == 0, "\(result)")
      for line in ["pickups, synthetic", "dropoffs, real holdout"] {
        #expect(result.outputText.contains(line), "'\(line)' is missing: \(result)")
      }
      let map = String(decoding: try folder.read("map.svg"), as: UTF8.self)
      #expect(map.contains("synthetic") && map.contains("</svg>"))

      try folder.write(
        "a,b\n" + (1...60).map { "\($0 * 37 % 101),\($0 % 7)\n" }.joined(), to: "t.csv")
      let without = try TabganProcess.run(
        ["evaluate", "--real", "t.csv", "--synthetic", "t.csv", "--map", "none.svg"], in: folder)
      #expect(without.status == 65, "\(without)")
      BadInputTests.expectMessage(without, of: "t.csv", says: "pickup_longitude")
    }

    @Test("Without a holdout it says what that hides")
    func withoutHoldout() throws {
      let shared = try TrainedModel.shared.get()
      let result = try TabganProcess.run(
        ["evaluate", "--real", shared.trips, "--synthetic", shared.holdout, "--rows", "300"],
        in: TemporaryFolder())
      #expect(result.status == 0, "\(result)")
      #expect(result.errors.contains("400 random rows of --real"), "\(result)")
    }

    @Test("A target that is not there is status 64, with those that are")
    func unknownTarget() throws {
      let shared = try TrainedModel.shared.get()
      let result = try TabganProcess.run(
        [
          "evaluate", "--real", shared.trips, "--synthetic", shared.holdout, "--target", "nonsense",
        ], in: TemporaryFolder())
      #expect(result.status == 64, "\(result)")
      BadInputTests.expectMessage(result, of: "nonsense", says: "fare_amount")
    }

    @Test("Tables with other columns are status 65")
    func otherColumns() throws {
      let shared = try TrainedModel.shared.get()
      let folder = try TemporaryFolder()
      try folder.write("a,b\n" + (1...50).map { "\($0),\($0 % 7)\n" }.joined(), to: "s.csv")
      let result = try TabganProcess.run(
        ["evaluate", "--real", shared.trips, "--holdout", shared.holdout, "--synthetic", "s.csv"],
        in: folder)
      #expect(result.status == 65, "\(result)")
      BadInputTests.expectMessage(result, of: "", says: "VendorID")
    }
  }
}
