// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("Experiment", .timeLimit(.minutes(2)))
  struct ExperimentTests {
    @Test("The utility target is checked before training, and is part of the plan")
    func target() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        "age,income,fraud\n"
          + (1...300).map { "\(20 + $0 * 37 % 61),\($0 * 611 % 1009).5,\($0 % 7 == 0 ? 1 : 0)\n" }
          .joined(), to: "t.csv")
      let command = [
        "experiment", "t.csv", "-o", "r/", "--sizes", "150", "--epochs", "1", "--generate", "200",
        "--set", "generator.hidden=[8]", "--set", "discriminator.hidden=[8]",
      ]
      let wrong = try TabganProcess.run(command + ["--target", "frud"], in: folder)
      #expect(wrong.status == 64 && wrong.errors.contains("fraud"), "\(wrong)")
      #expect(!folder.exists("r"), "\(folder.content)")
      let named = try TabganProcess.run(command + ["--target", "fraud"], in: folder)
      #expect(named.status == 0 && !named.errors.contains("utility"), "\(named)")
      #expect(!named.outputText.contains("//"), "\(named)")
      let quality =
        try JSONSerialization.jsonObject(
          with: folder.read("r/runs/150-scratch/quality.json")) as? [String: Any]
      #expect(
        (quality?["ml_utility"] as? [String: Any])?["target"] as? String == "fraud", "\(named)")
      #expect(try folder.text("r/index.html").contains("--target"))
      for change in [["--target", "age"], ["--target", "fraud", "--set", "batchSize=100"]] {
        let other = try TabganProcess.run(command + change, in: folder)
        #expect(other.status == 64 && other.errors.contains(change[change.count - 2]), "\(other)")
      }
      let unnamed = try TabganProcess.run(
        command.map { $0 == "r/" ? "r2" : $0 }, in: folder)
      #expect(unnamed.status == 0, "\(unnamed)")
      #expect(unnamed.errors.contains("name a column with --target"), "\(unnamed)")
    }

    private static let plan = [
      "--sizes", "200,400", "--preset", "poster", "--epochs", "1", "--generate", "200",
    ]
    private static let runs = ["200-scratch", "400-scratch", "400-warm"]

    @Test("It leaves a page with its figures, goes on where it stopped, and keeps to its plan")
    func resumable() throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      let command = ["experiment", trips, "-o", "results"] + Self.plan
      let first = try TabganProcess.run(command + ["--progress", "plain"], in: folder)
      #expect(first.status == 0, "\(first)")
      for run in Self.runs {
        for file in ["model/model.json", "history.csv", "training.json", "quality.json"] {
          #expect(folder.exists("results/runs/\(run)/\(file)"), "\(run)/\(file): \(first)")
        }
        #expect(first.errors.contains("\(run): trained"), "\(first)")
      }
      let page = try folder.text("results/index.html")
      let figures = try FileManager.default.contentsOfDirectory(atPath: folder("results/figures"))
      #expect(figures.count >= 5 && figures.allSatisfy { $0.hasSuffix(".svg") }, "\(figures)")
      #expect(page.contains("<svg") && page.contains("tabgan experiment"), "\(page.prefix(500))")

      // One run is taken up after its training, one from its beginning.
      let models = try Self.runs.map { try folder.read("results/runs/\($0)/model/model.json") }
      try FileManager.default.removeItem(atPath: folder("results/runs/400-scratch/quality.json"))
      try FileManager.default.removeItem(atPath: folder("results/runs/400-warm"))
      let second = try TabganProcess.run(command + ["--progress", "plain"], in: folder)
      #expect(second.status == 0, "\(second)")
      #expect(second.errors.contains("200-scratch: was finished"), "\(second)")
      #expect(second.errors.contains("400-scratch: was trained"), "\(second)")
      #expect(second.errors.contains("400-warm: trained"), "\(second)")
      for (run, model) in zip(Self.runs.prefix(2), models) {
        #expect(try folder.read("results/runs/\(run)/model/model.json") == model, "\(run)")
      }

      let other = try TabganProcess.run(command + ["--seed", "2"], in: folder)
      #expect(other.status == 64, "\(other)")
      #expect(other.errors.contains("another plan: --seed"), "\(other)")
    }

    @Test("More rows than there are is status 65, with the number there are")
    func tooLarge() throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(
        ["experiment", trips, "-o", "results", "--sizes", "200,1900"], in: folder)
      #expect(result.status == 65, "\(result)")
      BadInputTests.expectMessage(result, of: "trips.csv", says: "1600")
      #expect(folder.content.isEmpty)
    }

    @Test("A folder with other things in it is left alone")
    func foreignFolder() throws {
      let trips = try TrainedModel.shared.get().trips
      let folder = try TemporaryFolder()
      try folder.write("dear diary", to: "diary.txt")
      let result = try TabganProcess.run(["experiment", trips, "-o", "."] + Self.plan, in: folder)
      #expect(result.status == 73, "\(result)")
      #expect(folder.content == ["diary.txt"])
    }
  }
}
