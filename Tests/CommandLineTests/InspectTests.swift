// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("Inspect", .timeLimit(.minutes(2)))
  struct InspectTests {
    private static let table =
      "id,when,amount,kind,flag,always\n"
      + (1...200).map { row in
        let amount = row % 5 == 0 ? "" : row % 2 == 0 ? "0.00" : "\(row).25"
        let day = row % 28 + 1
        return "r\(row),2016-02-\(day < 10 ? "0" : "")\(day) 10:00:00,\(amount),"
          + "k\(row % 3),\(row % 2 == 0 ? "Y" : "N"),7\n"
      }.joined()

    @Test("Every column has its line")
    func columns() throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.table, to: "t.csv")
      let result = try TabganProcess.run(["inspect", "t.csv"], in: folder)
      #expect(result.status == 0, "\(result)")
      #expect(
        result.errors == "note: column 'id': treated as an id (200 distinct values in 200 rows): "
          + "not learned, generated rows get new keys\n", "\(result)")
      for (name, kind) in [
        ("id", "id"), ("when", "datetime"), ("amount", "continuous"), ("kind", "categorical"),
        ("flag", "boolean"), ("always", "constant"),
      ] {
        let line = result.lines.first { $0.hasPrefix("\(name) ") }
        #expect(line?.contains(kind) == true, "\(name): \(result)")
      }
      #expect(result.outputText.contains("20.0 %"), "the missing share: \(result)")
    }

    @Test("The JSON is a schema that is accepted again")
    func json() throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.table, to: "t.csv")
      let first = try TabganProcess.run(["inspect", "t.csv", "--json"], in: folder)
      #expect(first.status == 0, "\(first)")
      let object = try JSONSerialization.jsonObject(with: first.output)
      #expect(object is [String: Any], "\(first)")
      try folder.write(first.output, to: "schema.json")
      let again = try TabganProcess.run(
        ["inspect", "t.csv", "--schema", "schema.json", "--json"], in: folder)
      #expect(again.status == 0, "\(again)")
      #expect(again.output == first.output, "\(again)")
    }

    @Test(
      "Notes are in the JSON and on standard error, at most 20, whatever --progress is")
    func notes() throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.table, to: "t.csv")
      let json = try TabganProcess.run(["inspect", "t.csv", "--json"], in: folder)
      #expect(json.errors.contains("column 'id'"), "\(json)")
      let root = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
      let notes = root?["notes"] as? [[String: String]]
      #expect(notes?.count == 1 && notes?.first?["column"] == "id", "\(json)")
      #expect(notes?.first?["topic"] == "id", "\(json)")

      let trained = try TabganProcess.run(
        [
          "train", "t.csv", "-o", "m", "--epochs", "1", "--progress", "none", "--json", "--set",
          "generator.hidden=[8]", "--set", "discriminator.hidden=[8]",
        ], in: folder)
      #expect(trained.status == 0 && trained.errors.contains("column 'id'"), "\(trained)")
      let summary = try JSONSerialization.jsonObject(with: trained.output) as? [String: Any]
      #expect((summary?["notes"] as? [[String: String]]) == notes, "\(trained)")

      let names = (0..<30).map { "k\($0)" }.joined(separator: ",")
      try folder.write(
        names + "\n"
          + (0..<150).map { row in (0..<30).map { "\(row + $0)" }.joined(separator: ",") + "\n" }
          .joined(), to: "wide.csv")
      let wide = try TabganProcess.run(["inspect", "wide.csv"], in: folder)
      let lines = wide.errors.split(separator: "\n")
      #expect(lines.count == 21 && lines.last?.contains("10 more") == true, "\(wide)")
    }

    @Test("A table of two rows is learned, with a note")
    func fewRows() throws {
      let folder = try TemporaryFolder()
      try folder.write("a,b\n1,x\n2,y\n", to: "t.csv")
      let result = try TabganProcess.run(
        ["train", "t.csv", "-o", "m", "--epochs", "1", "--progress", "none"], in: folder)
      #expect(result.status == 0 && result.errors.contains("only 2 rows"), "\(result)")
    }

    @Test("A compressed table is read as it is")
    func compressed() throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.table, to: "t.csv")
      let plain = try TabganProcess.run(["inspect", "t.csv", "--json"], in: folder)
      let packed = try TabganProcess.shell(
        "gzip -k t.csv && \"$TABGAN\" inspect t.csv.gz --json", in: folder)
      #expect(packed.status == 0, "\(packed)")
      #expect(packed.output == plain.output)
    }
  }
}
