// SPDX-License-Identifier: Apache-2.0

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
      for word in ["shape", "trend", "C2ST", "memorization", "holdout"] {
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
    func locations() throws {
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
      BadInputTests.expectMessage(result, of: "s.csv", says: "VendorID")
    }

    private static let people =
      "id,age,income,fraud\n"
      + (1...300).map { row in
        "p\(row),\(20 + row * 37 % 61),\(row * 611 % 1009).5,\(row % 7 == 0 ? 1 : 0)\n"
      }.joined()

    /// `people` with lines changed by `change`.
    private static func changed(_ change: (Substring) -> String) -> String {
      people.split(separator: "\n").map { change($0) + "\n" }.joined()
    }

    @Test("A column in only one of the files is reported with both file names")
    func columns() throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.people, to: "real.csv")
      try folder.write(
        Self.changed { String($0[..<$0.lastIndex(of: ",")!]) }, to: "syn.csv")
      for arguments in [
        ["--real", "real.csv", "--synthetic", "syn.csv"],
        ["--real", "real.csv", "--holdout", "syn.csv", "--synthetic", "real.csv"],
      ] {
        let result = try TabganProcess.run(["evaluate"] + arguments, in: folder)
        #expect(result.status == 65, "\(result)")
        BadInputTests.expectMessage(
          result, of: "syn.csv", says: "has no column 'fraud' that real.csv has")
        #expect(!result.errors.contains("schema"), "\(result)")
      }
      try folder.write(
        Self.changed { "\($0),\($0.hasPrefix("id") ? "extra" : "7")" }, to: "more.csv")
      let more = try TabganProcess.run(
        ["evaluate", "--real", "real.csv", "--synthetic", "more.csv"], in: folder)
      #expect(more.status == 0, "\(more)")
      #expect(
        more.errors.contains(
          "more.csv: column 'extra' is not compared: real.csv has no such column"),
        "\(more)")
      #expect(more.outputText.contains("extra (not in the train table)"), "\(more)")
    }

    @Test("Ids are listed as not compared; unmeasured utility mentions --target")
    func notCompared() throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.people, to: "real.csv")
      let arguments = ["evaluate", "--real", "real.csv", "--synthetic", "real.csv"]
      let text = try TabganProcess.run(arguments, in: folder)
      #expect(text.outputText.contains("not compared: id (an id or free text"), "\(text)")
      #expect(text.outputText.contains("ML utility: not measured"), "\(text)")
      #expect(text.outputText.contains("--target fraud"), "\(text)")
      let json = try TabganProcess.run(arguments + ["--json"], in: folder)
      let report = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
      #expect(
        report?["not_compared"] as? [[String: String]]
          == [["column": "id", "reason": "distinct_text"]], "\(json)")
      #expect(report?["ml_utility_omitted"] as? String == "no_target", "\(json)")
      let named = try TabganProcess.run(arguments + ["--target", "fraud", "--json"], in: folder)
      let utility = try JSONSerialization.jsonObject(with: named.output) as? [String: Any]
      #expect(
        (utility?["ml_utility"] as? [String: Any])?["target"] as? String == "fraud", "\(named)")
      #expect(utility?["ml_utility_omitted"] == nil, "\(named)")
    }

    @Test("Few rows are too few to tell", arguments: [1, 2, 20])
    func fewRows(count: Int) throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.people, to: "real.csv")
      let lines = Self.people.split(separator: "\n")
      try folder.write(
        lines.prefix(count + 1).map { $0 + "\n" }.joined(), to: "few.csv")
      let arguments = ["evaluate", "--real", "real.csv", "--synthetic", "few.csv"]
      let text = try TabganProcess.run(arguments, in: folder)
      #expect(text.outputText.hasPrefix("Verdict: too few rows to tell"), "\(text)")
      #expect(text.lines.allSatisfy { $0.count <= 120 }, "\(text)")
      let json = try TabganProcess.run(arguments + ["--json"], in: folder)
      let report = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
      #expect((report?["verdict"] as? [String: Any])?["answer"] as? String == "too_few_rows")
    }
  }
}
