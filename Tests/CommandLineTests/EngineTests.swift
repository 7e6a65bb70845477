// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import tabgan

extension CommandLineTests {
  /// Whether the engine is installed where the command line looks for it.
  private static let hasEngine: Bool = {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
    return [environment["TABGAN_ENGINE"] ?? "", cache + "/tabgan/libduckdb.so"].contains {
      !$0.isEmpty && FileManager.default.fileExists(atPath: $0)
    }
  }()

  @Suite(
    "Tables by the engine", .timeLimit(.minutes(4)),
    .enabled(if: CommandLineTests.hasEngine, "no engine: make setup-engine"))
  struct EngineTests {
    private func simulate(_ rows: Int, seed: Int = 1, _ name: String, _ folder: TemporaryFolder)
      throws
    {
      let result = try TabganProcess.run(
        ["simulate", "-n", "\(rows)", "--seed", "\(seed)", "-o", name], in: folder)
      #expect(result.status == 0, "\(result)")
    }

    @Test("Simulated Parquet has the values of simulated CSV")
    func simulated() throws {
      let folder = try TemporaryFolder()
      try simulate(5000, "a.parquet", folder)
      try simulate(5000, "a.csv", folder)
      let fromParquet = try TabganProcess.run(
        ["split", "a.parquet", "-o", "p1.csv", "--holdout-output", "p2.csv"], in: folder)
      #expect(fromParquet.status == 0, "\(fromParquet)")
      let fromCSV = try TabganProcess.run(
        ["split", "a.csv", "-o", "c1.csv", "--holdout-output", "c2.csv"], in: folder)
      #expect(fromCSV.status == 0, "\(fromCSV)")
      let (a, b) = try (folder.text("p2.csv"), folder.text("c2.csv"))
      let (first, second) = (a.split(separator: "\n"), b.split(separator: "\n"))
      #expect(first.count == 1001 && second.count == 1001 && first[0] == second[0])
      for (x, y) in zip(first, second).dropFirst() {
        let (left, right) = (
          x.split(separator: ",", omittingEmptySubsequences: false),
          y.split(separator: ",", omittingEmptySubsequences: false)
        )
        for (l, r) in zip(left, right) { #expect(l == r || Double(l) == Double(r), "\(x)\n\(y)") }
      }
    }

    @Test("Train on Parquet files, generate Parquet, evaluate; a Parquet file has the same types")
    func pipeline() throws {
      let folder = try TemporaryFolder()
      try simulate(600, "a-1.parquet", folder)
      try simulate(600, seed: 2, "a-2.parquet", folder)
      let train = try TabganProcess.run(
        [
          "train", "a-*.parquet", "-o", "m", "--epochs", "1", "--query",
          "select * from input where fare_amount > 0",
        ], in: folder)
      #expect(train.status == 0 && train.outputText.contains("left out"), "\(train)")
      let generate = try TabganProcess.run(
        ["generate", "m", "-n", "500", "-o", "s.parquet"], in: folder)
      #expect(generate.status == 0, "\(generate)")
      for threads in ["1", "3"] {
        let again = try TabganProcess.run(
          ["generate", "m", "-n", "500", "-o", "s\(threads).parquet", "--threads", threads],
          in: folder)
        #expect(again.status == 0, "\(again)")
      }
      #expect(
        try folder.read("s1.parquet") == folder.read("s3.parquet"))
      let types = try ["a-1.parquet", "s.parquet"].map { name -> [String] in
        let result = try TabganProcess.run(["inspect", name, "--json"], in: folder)
        let object = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        return (object?["columns"] as? [[String: Any]] ?? []).map { "\($0["storedType"] ?? "")" }
      }
      #expect(types[0] == types[1] && types[0].contains("timestamp[us]"), "\(types)")
      let evaluate = try TabganProcess.run(
        [
          "evaluate", "--real", "a-1.parquet", "--holdout", "a-2.parquet", "--synthetic",
          "s.parquet", "--json",
        ], in: folder)
      #expect(evaluate.status == 0, "\(evaluate)")
    }

    @Test("What cannot be read or written is said, with a status")
    func errors() throws {
      let folder = try TemporaryFolder()
      try simulate(200, "a.parquet", folder)
      try folder.write("a,b\n1,2\n", to: "a.csv")
      try folder.write("PAR1 nothing", to: "bad.parquet")
      func fails(_ arguments: [String], _ status: Int32, _ text: String) throws {
        let result = try TabganProcess.run(arguments, in: folder)
        #expect(result.status == status && result.errors.contains(text), "\(result)")
      }
      try fails(["inspect", "bad.parquet"], 65, "bad.parquet")
      try fails(["inspect", "a.parquet", "--query", "selec"], 64, "syntax error")
      try fails(["inspect", "a.parquet", "--query", "select fare from input"], 64, "fare_amount")
      try fails(
        ["inspect", "a.parquet", "--query", "select * from input where false"], 65, "no rows")
      try fails(["inspect", "none-*.parquet"], 66, "no file matches")
      try fails(["inspect", "a.parquet", "a.csv"], 64, "different kinds")
      try fails(
        ["simulate", "-n", "5", "-o", "b.parquet", "--encoding", "latin-1"], 64, "for CSV")
      try fails(["simulate", "-n", "5", "-o", "nowhere/a.parquet"], 73, "nowhere")
      try fails(["inspect", "a.parquet", "--engine", "libc.so.6"], 69, "./libc.so.6")
    }
  }

  @Suite("Tables without an engine", .timeLimit(.minutes(2)))
  struct MissingEngineTests {
    @Test("The error says how to install it; CSV files need none")
    func missing() throws {
      let folder = try TemporaryFolder()
      try folder.write("a,b\n1,2\n", to: "a.csv")
      try folder.write("x", to: "a.parquet")
      let without = "HOME=/nowhere XDG_CACHE_HOME= TABGAN_ENGINE=/nowhere/lib.so $TABGAN"
      for line in [
        "inspect a.parquet", "simulate -n 5 -o b.parquet", "inspect a.csv --query 'select 1'",
      ] {
        let result = try TabganProcess.shell("\(without) \(line)", in: folder)
        #expect(result.status == 69 && result.errors.contains("make setup-engine"), "\(result)")
      }
      #expect(!folder.exists("b.parquet"))
      #expect(try TabganProcess.shell("\(without) inspect a.csv", in: folder).status == 0)
    }

    @Test("Several CSV files are one table, with the columns of the first")
    func severalFiles() throws {
      let folder = try TemporaryFolder()
      let rows = { (start: Int) in
        (start..<start + 60).map { "\($0 * 7 % 50 + 1).5,w\($0 % 3)\n" }.joined()
      }
      try folder.write("x,y\n" + rows(0), to: "a1.csv")
      try folder.write("y,x\n" + (0..<60).map { "w\($0 % 4),\($0).25\n" }.joined(), to: "a2.csv")
      let result = try TabganProcess.run(["inspect", "a*.csv", "--json"], in: folder)
      #expect(result.status == 0, "\(result)")
      #expect(result.outputText.contains("\"decimals\" : 2"), "\(result)")
      try folder.write("x,z\n1,2\n", to: "a3.csv")
      let other = try TabganProcess.run(["inspect", "a1.csv", "a3.csv"], in: folder)
      #expect(other.status == 65, "\(other)")
    }

    @Test("Where the library is looked for")
    func search() {
      #expect(EngineSearch.paths("x.so", [:]) == ["./x.so"])
      #expect(EngineSearch.paths(nil, ["TABGAN_ENGINE": "/a/b.so", "HOME": "/h"]) == ["/a/b.so"])
      #expect(
        EngineSearch.paths(nil, ["HOME": "/h"]).first == "/h/.cache/tabgan/libduckdb.so")
      #expect(
        EngineSearch.paths(nil, ["HOME": "/h", "XDG_CACHE_HOME": "/c"]).first
          == "/c/tabgan/libduckdb.so")
      #expect(EngineSearch.paths(nil, [:]) == ["libduckdb.so"])
    }
  }
}
