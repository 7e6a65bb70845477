// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("Where", .timeLimit(.minutes(2)))
  struct WhereTests {
    private static let evening = ["--where", "payment_type = 2", "--where", "pickup_hour >= 17"]

    /// The lines of a table of trips that meet ``evening``, after its header.
    private func evenings(_ lines: [Substring]) throws -> [Substring] {
      let names = try #require(lines.first).split(separator: ",", omittingEmptySubsequences: false)
      let payment = try #require(names.firstIndex(of: "payment_type"))
      let pickup = try #require(names.firstIndex(of: "tpep_pickup_datetime"))
      return lines.dropFirst().filter {
        let fields = $0.split(separator: ",", omittingEmptySubsequences: false)
        let hour = Int(fields[pickup].split(separator: " ")[1].prefix(2)) ?? -1
        return fields[payment] == "2" && hour >= 17
      }
    }

    @Test("Rows meet all conditions, are the first that do, and the same for any threads")
    func generate() throws {
      let model = try TrainedModel.shared.get().model
      let folder = try TemporaryFolder()
      let all = try TabganProcess.run(["generate", model, "-n", "20000", "-o", "-"], in: folder)
      let expected = try evenings(all.lines).prefix(40)
      #expect(expected.count == 40, "\(expected.count) of 20,000 rows")
      for threads in ["1", "2", "3"] {
        let result = try TabganProcess.run(
          ["generate", model, "-n", "40", "-o", "out.csv", "--threads", threads, "--json"]
            + Self.evening, in: folder)
        #expect(result.status == 0, "\(result)")
        let lines = try folder.text("out.csv").split(separator: "\n")
        #expect(lines.first == all.lines.first)
        #expect(Array(lines.dropFirst()) == Array(expected), "\(threads) threads")
        let summary = try #require(
          try JSONSerialization.jsonObject(with: result.output) as? [String: Any], "\(result)")
        let draws = try #require(summary["draws"] as? Int)
        #expect(all.lines[draws] == expected.last, "\(result)")
        #expect(summary["accepted"] as? Int == 40 && summary["rows"] as? Int == 40, "\(result)")
        let rate = try #require(summary["rate"] as? Double)
        #expect(abs(rate * Double(draws) - 40) <= 1e-9, "\(result)")
        #expect(folder.content == ["out.csv"])
      }
      let progress = try TabganProcess.run(
        ["generate", model, "-n", "40", "-o", "-", "--progress", "plain"] + Self.evening,
        in: folder)
      #expect(progress.lines.count == 41, "\(progress)")
      #expect(progress.errors.contains("of the draws meet the conditions"), "\(progress)")
    }

    @Test("Without mass it is status 69, with the rate, and what stood there stands")
    func tooRare() throws {
      let model = try TrainedModel.shared.get().model
      let folder = try TemporaryFolder()
      try folder.write("before", to: "out.csv")
      func run(_ options: [String]) throws -> TabganProcess.Result {
        let result = try TabganProcess.run(
          ["generate", model, "-n", "50", "-o", "out.csv"] + options, in: folder)
        #expect(result.status == 69, "\(result)")
        #expect(try folder.text("out.csv") == "before")
        #expect(folder.content == ["out.csv"])
        return result
      }
      let none = try run(["--where", "fare_amount > 1e9"])
      BadInputTests.expectMessage(none, of: "0 of 65,536 rows", says: "0.0046 %")
      let few = try run(["--where", "payment_type = 2", "--max-draws", "60"])
      BadInputTests.expectMessage(few, of: "of 60 rows", says: "--max-draws 60")
      let category = try run(["--where", "payment_type = 77"])
      BadInputTests.expectMessage(category, of: "payment_type", says: "the model makes 1, 2")
    }

    @Test(
      "What is no condition is status 64 and makes nothing",
      arguments: [
        ("payment_typ = 2", "payment_type"), ("payment_type ! 2", "at character 14"),
        ("fare_amount = much", "a number"), ("store_and_fwd_flag > N", "no order"),
        ("tpep_hour = 3", "tpep_pickup_datetime.hour"),
      ])
    func refused(condition: String, says: String) throws {
      let shared = try TrainedModel.shared.get()
      for command in [
        ["generate", shared.model, "-n", "5", "-o", "out.csv"],
        ["evaluate", "--real", shared.trips, "--synthetic", shared.holdout],
      ] {
        let folder = try TemporaryFolder()
        let result = try TabganProcess.run(command + ["--where", condition], in: folder)
        #expect(result.status == 64, "\(result)")
        BadInputTests.expectMessage(result, of: "--where '\(condition)'", says: says)
        #expect(folder.content.isEmpty)
      }
    }

    @Test(
      "Limits that make no sense are wrong usage",
      arguments: [["--max-draws", "100"], ["--max-draws", "9", "--where", "fare_amount > 2"]])
    func limits(options: [String]) throws {
      let result = try TabganProcess.run(
        ["generate", "model", "-n", "10", "-o", "out.csv"] + options, in: TemporaryFolder())
      #expect(result.status == 64, "\(result)")
      #expect(result.errors.contains("--max-draws"), "\(result)")
    }

    @Test("Tables are evaluated as if they held nothing else")
    func evaluate() throws {
      let shared = try TrainedModel.shared.get()
      let folder = try TemporaryFolder()
      var filtered: [String] = []
      let tables = [("real", shared.trips), ("held", shared.holdout)]
      for (name, path) in tables {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let kept = try evenings(lines)
        #expect(kept.count > 50, "\(kept.count) rows of \(path)")
        filtered.append(
          try folder.write(
            ([lines[0]] + kept).joined(separator: "\n") + "\n", to: "\(name).csv"))
      }
      func report(_ real: String, _ holdout: String, _ options: [String]) throws -> Data {
        let result = try TabganProcess.run(
          [
            "evaluate", "--real", real, "--holdout", holdout, "--synthetic", holdout, "--json",
          ] + options, in: folder)
        #expect(result.status == 0, "\(result)")
        return result.output
      }
      let schema = try TabganProcess.run(["inspect", shared.trips, "--json"], in: folder)
      let path = try folder.write(schema.output, to: "schema.json")
      #expect(
        try report(shared.trips, shared.holdout, Self.evening + ["--schema", path])
          == report(filtered[0], filtered[1], ["--schema", path]))
      let none = try TabganProcess.run(
        ["evaluate", "--real", shared.trips, "--synthetic", shared.holdout]
          + ["--where", "fare_amount > 1e9"], in: folder)
      #expect(none.status == 65, "\(none)")
      BadInputTests.expectMessage(none, of: "meets the conditions", says: "fare_amount > 1e9")
    }
  }
}
