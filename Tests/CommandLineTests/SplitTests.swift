// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import tabgan

extension CommandLineTests {
  @Suite("Split", .timeLimit(.minutes(2)))
  struct SplitTests {
    private static let names = ["-o", "train.csv", "--holdout-output", "rest.csv"]

    private static func split(
      _ folder: TemporaryFolder, _ options: [String] = [], file: String = "t.csv"
    ) throws -> TabganProcess.Result {
      try TabganProcess.run(["split", file] + names + options, in: folder)
    }

    /// A file whose records must not be rewritten: line ends, quotes and spaces of all kinds.
    private static func awkward(rows: Int, end: String) -> (header: String, records: [String]) {
      let records = (0..<rows).map { row -> String in
        switch row % 5 {
        case 0: "\(row), two blanks ,\"quoted, with a comma\"" + end
        case 1: "\(row),\"a \"\"quote\"\" and\(end)a line\",x" + end
        case 2: "\(row),,ümläut" + end
        case 3: "0\(row),1.50,it's 5\" wide" + end
        default: "\(row),\"\",-" + end
        }
      }
      return ("\u{FEFF}id,text,more" + end, records)
    }

    @Test(
      "Every record is in one of the files, unchanged and in order",
      arguments: ["\n", "\r\n", "\r"])
    func bytes(end: String) throws {
      let folder = try TemporaryFolder()
      let (header, records) = Self.awkward(rows: 500, end: end)
      var last = records
      // The last line may lack a line end.
      last[499] = String(last[499].dropLast())
      try folder.write(header + last.joined(), to: "t.csv")
      let result = try Self.split(folder, ["--holdout", "0.3", "--json"])
      #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
      let (train, rest) = try (folder.text("train.csv"), folder.text("rest.csv"))
      for text in [train, rest] { #expect(text.hasPrefix(header), "\(text.prefix(40))") }
      // Both parts, merged in the order of the table, are the table.
      var (a, b) = (train.dropFirst(header.count), rest.dropFirst(header.count))
      var counts = [0, 0]
      for record in last {
        if b.hasPrefix(record), !a.hasPrefix(record) {
          b = b.dropFirst(record.count)
          counts[1] += 1
        } else {
          #expect(a.hasPrefix(record), "\(record)")
          a = a.dropFirst(record.count)
          counts[0] += 1
        }
      }
      #expect(a.isEmpty && b.isEmpty && counts == [350, 150], "\(counts)")
      let summary = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
      #expect(summary?["rows"] as? Int == 500, "\(result)")
      #expect((summary?["holdout"] as? [String: Any])?["rows"] as? Int == 150, "\(result)")
    }

    @Test("The rows are those that evaluate sets aside, and depend on the seed")
    func permutation() throws {
      let folder = try TemporaryFolder()
      let records = (0..<203).map { "\($0),x\n" }
      try folder.write("id,a\n" + records.joined(), to: "t.csv")
      for seed: UInt64 in [1, 7] {
        #expect(try Self.split(folder, ["--seed", "\(seed)"]).status == 0)
        let held = RowSubset(count: 203, seed: seed).last(203 / 5)
        #expect(try folder.text("rest.csv") == "id,a\n" + held.map { records[$0] }.joined())
      }
      #expect(try Self.split(folder, ["--holdout", "60"]).status == 0)
      let held = RowSubset(count: 203, seed: 1).last(60)
      #expect(try folder.text("rest.csv") == "id,a\n" + held.map { records[$0] }.joined())
    }

    @Test("Compressed tables are read, and names that end in .gz are compressed")
    func compressed() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        "id,a\n" + (0..<30_000).map { "\($0),some text of row \($0 * 7)\n" }.joined(), to: "t.csv")
      #expect(try Self.split(folder).status == 0)
      let packed = try TabganProcess.shell(
        "gzip -k t.csv && \"$TABGAN\" split t.csv.gz -o a.csv.gz --holdout-output b.csv.gz && "
          + "gzip -dc a.csv.gz | cmp - train.csv && gzip -dc b.csv.gz | cmp - rest.csv", in: folder)
      #expect(packed.status == 0, "\(packed)")
    }

    private static let faults: [(options: [String], status: Int32)] = [
      (["--holdout", "0"], 64), (["--holdout", "1.5"], 64), (["--holdout", "-3"], 64),
      (["--seed", "-1"], 64), (["--holdout", "5"], 65), (["--holdout", "0.01"], 65),
      (["-o", "t.csv"], 73), (["-o", "rest.csv"], 73), (["-o", "./sub/../t.csv"], 73),
      (["-o", "nowhere/a.csv"], 73),
    ]

    @Test("Invalid splits are rejected, and nothing is changed", arguments: faults)
    func refused(options: [String], status: Int32) throws {
      let folder = try TemporaryFolder()
      try folder.write("a\n1\n2\n3\n4\n5\n", to: "t.csv")
      var arguments = ["split", "t.csv"] + Self.names
      if options[0] == "-o" { arguments.removeSubrange(2..<4) }
      let result = try TabganProcess.run(arguments + options, in: folder)
      #expect(result.status == status, "\(result)")
      #expect(folder.content == ["t.csv"], "\(result)")
      #expect(try folder.text("t.csv") == "a\n1\n2\n3\n4\n5\n")
    }

    @Test("An unclosed quote is reported with its line")
    func brokenQuote() throws {
      let folder = try TemporaryFolder()
      try folder.write("a,b\n1,2\n3,\"4\n5,6\n", to: "t.csv")
      let result = try Self.split(folder)
      #expect(result.status == 65, "\(result)")
      BadInputTests.expectMessage(result, of: "t.csv:3", says: "quote")
      #expect(folder.content == ["t.csv"], "\(result)")
    }
  }
}
