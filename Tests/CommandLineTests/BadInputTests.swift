// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A file that is not a table, and what must be said of it.
struct BadFile: Sendable, CustomTestStringConvertible {
  var name: String
  var content: [UInt8]
  /// Something that the message must hold.
  var says: String

  init(_ name: String, _ text: String, says: String) {
    self.init(name, Array(text.utf8), says: says)
  }

  init(_ name: String, _ content: [UInt8], says: String) {
    self.name = name
    self.content = content
    self.says = says
  }

  var testDescription: String { name }

  private static let rows = (1...40).map { "\($0 % 3),\(Double($0) * 0.25),x\($0 % 2)\n" }.joined()

  static let all = [
    BadFile("an empty file", "", says: "empty"),
    BadFile("a header only", "a,b,c\n", says: "row"),
    BadFile("a row with too few fields", "a,b,c\n" + rows + "1,2\n" + rows, says: ":42"),
    BadFile("a row with too many fields", "a,b,c\n" + rows + "1,2,x,4\n" + rows, says: ":42"),
    BadFile("a last line that is cut", "a,b,c\n" + rows + "1,", says: ":42"),
    BadFile("two columns of one name", "a,b,a\n" + rows, says: "'a'"),
    BadFile("a quote that is never closed", "a,b,c\n" + rows + "1,\"2,x\n" + rows, says: ":42"),
    BadFile(
      "binary junk", (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 7) }, says: ""),
    BadFile("a broken gzip file", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 1, 2, 3], says: ""),
  ]
}

extension CommandLineTests {
  @Suite("Bad input", .timeLimit(.minutes(2)))
  struct BadInputTests {
    /// Every command that reads a table, given the same bad one.
    static let commands: [[String]] = [
      ["inspect", "bad.csv"],
      ["train", "bad.csv", "-o", "model"],
      ["evaluate", "--real", "bad.csv", "--holdout", "bad.csv", "--synthetic", "bad.csv"],
      ["experiment", "bad.csv", "-o", "results", "--sizes", "10"],
    ]

    @Test("A file that is no table is status 65, on one line, with a hint", arguments: BadFile.all)
    func badFile(file: BadFile) throws {
      for command in Self.commands {
        let folder = try TemporaryFolder()
        try folder.write(file.content, to: "bad.csv")
        let result = try TabganProcess.run(command, in: folder)
        #expect(result.status == 65, "\(file.name): \(result)")
        Self.expectMessage(result, of: "bad.csv", says: file.says)
        #expect(folder.content == ["bad.csv"], "\(file.name): \(result)")
      }
    }

    @Test("A missing file is status 66")
    func missingFile() throws {
      for command in Self.commands {
        let folder = try TemporaryFolder()
        let result = try TabganProcess.run(command, in: folder)
        #expect(result.status == 66, "\(result)")
        Self.expectMessage(result, of: "bad.csv", says: "no such file")
        #expect(folder.content.isEmpty, "\(result)")
      }
    }

    @Test("A folder in a file's place is status 66")
    func folderAsFile() throws {
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(["inspect", "."], in: folder)
      #expect(result.status == 66, "\(result)")
      Self.expectMessage(result, of: ".", says: "folder")
    }

    @Test(
      "A column that changes its type is told by its line",
      arguments: [
        // A single odd field is an error; repeated ones are missing values, with a note.
        (name: "one", odd: 401...401, status: Int32(65)),
        (name: "halfway", odd: 401...800, status: 0), (name: "late", odd: 601...800, status: 0),
      ])
    func changingColumn(name: String, odd: ClosedRange<Int>, status: Int32) throws {
      let folder = try TemporaryFolder()
      let rows = (1...800).map { row in
        "\(row % 9),\(odd.contains(row) ? "n/k \(row % 3)" : "\(Double(row) * 0.37)")\n"
      }
      try folder.write("k,amount\n" + rows.joined(), to: "t.csv")
      let result = try TabganProcess.run(["inspect", "t.csv"], in: folder)
      #expect(result.status == status, "\(name): \(result)")
      guard status != 0 else {
        #expect(result.errors.contains("column 'amount': 'n/k 0', 'n/k 1', 'n/k 2'"), "\(result)")
        return
      }
      Self.expectMessage(result, of: "t.csv:\(odd.lowerBound + 1)", says: "amount")
      // What the hint says helps.
      try folder.write(
        #"{"version": 1, "columns": [{"name": "amount", "kind": "categorical"}]}"#, to: "s.json")
      let declared = try TabganProcess.run(["inspect", "t.csv", "--schema", "s.json"], in: folder)
      #expect(declared.status == 0, "\(name): \(declared)")
    }

    @Test("A category that mixes numbers and text is one")
    func mixedCategory() throws {
      let folder = try TemporaryFolder()
      let rows = (1...800).map { row in "\(row),\(row % 7 == 6 ? "A" : "\(row % 7)")\n" }
      try folder.write("k,code\n" + rows.joined(), to: "t.csv")
      let result = try TabganProcess.run(["inspect", "t.csv"], in: folder)
      #expect(result.status == 0 && result.outputText.contains("categorical"), "\(result)")
    }

    @Test("A schema that names a missing column is status 65")
    func schemaOfAnotherFile() throws {
      let folder = try TemporaryFolder()
      let rows = (1...50).map { "\($0 % 4),\(Double($0) * 0.37)\n" }.joined()
      try folder.write("a,b\n" + rows, to: "ab.csv")
      try folder.write("a,c\n" + rows, to: "ac.csv")
      let schema = try TabganProcess.run(["inspect", "ab.csv", "--json"], in: folder)
      #expect(schema.status == 0, "\(schema)")
      try folder.write(schema.output, to: "schema.json")
      for command in [
        ["inspect", "ac.csv", "--schema", "schema.json"],
        ["train", "ac.csv", "-o", "model", "--schema", "schema.json"],
      ] {
        let result = try TabganProcess.run(command, in: folder)
        #expect(result.status == 65, "\(result)")
        Self.expectMessage(result, of: "", says: "'b'")
        #expect(!folder.exists("model"), "\(result)")
      }
    }

    @Test("A schema that is not JSON is status 65, a missing one 66")
    func badSchema() throws {
      let folder = try TemporaryFolder()
      try folder.write("a\n1\n2\n", to: "t.csv")
      try folder.write("{ nonsense", to: "schema.json")
      let damaged = try TabganProcess.run(
        ["inspect", "t.csv", "--schema", "schema.json"], in: folder)
      #expect(damaged.status == 65, "\(damaged)")
      Self.expectMessage(damaged, of: "schema.json", says: "")
      let missing = try TabganProcess.run(
        ["inspect", "t.csv", "--schema", "none.json"], in: folder)
      #expect(missing.status == 66, "\(missing)")
    }

    @Test("The real file whose last line is cut is told by its line", .enabled(if: cutFile != nil))
    func realCutFile() throws {
      let folder = try TemporaryFolder()
      let path = try #require(Self.cutFile)
      let result = try TabganProcess.run(["inspect", path], in: folder)
      #expect(result.status == 65, "\(result)")
      Self.expectMessage(result, of: "yellow_2016-03_truncated_last_line.csv:15243", says: "")
    }

    /// The shared data folder beside the repository, where it is present.
    static let cutFile: String? = {
      let path = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../shared/data/yellow_2016-03_truncated_last_line.csv")
        .standardized.path
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    /// Expects one line of "tabgan: FILE: what is wrong", then one of hint.
    static func expectMessage(
      _ result: TabganProcess.Result, of file: String, says: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let lines = result.errors.split(separator: "\n")
      #expect(lines.count == 2, "\(result)", sourceLocation: sourceLocation)
      #expect(
        lines.first?.hasPrefix("tabgan: ") == true
          && (file.isEmpty || lines.first?.contains(file) == true),
        "\(result)", sourceLocation: sourceLocation)
      #expect(
        lines.last?.hasPrefix("  hint: ") == true, "\(result)", sourceLocation: sourceLocation)
      if !says.isEmpty {
        #expect(
          result.errors.contains(says), "expected '\(says)': \(result)",
          sourceLocation: sourceLocation)
      }
      #expect(result.output.isEmpty, "\(result)", sourceLocation: sourceLocation)
    }
  }
}
