// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing

@Suite("CSV headers")
struct CSVHeaderTests {
  @Test("Spaces around names do not affect look-ups, and are written again")
  func spaces() throws {
    let text = "Trip_type ,\tb\n1,x\n2,y\n"
    let (table, schema) = try TemporaryFile.read(text)
    #expect(table.columnNames == ["Trip_type", "b"])
    #expect(try TemporaryFile.text(table, schema: schema) == Array(text.utf8))
    for name in ["Trip_type", "Trip_type ", " Trip_type"] {
      let condition = try RowCondition("'\(name)' = 2", schema: schema)
      #expect(try table.rows(where: [condition]) == [1], "'\(name)'")
      let declared = Schema(columns: [ColumnSchema(name: name, kind: .categorical)])
      let other = try TemporaryFile.read(text, options: CSVOptions(schema: declared))
      #expect(other.schema["Trip_type"]?.kind == .categorical, "'\(name)'")
      #expect(try TemporaryFile.text(other.table, schema: other.schema) == Array(text.utf8))
    }
  }

  @Test(
    "Empty and repeated names are reported, with what to do",
    arguments: [
      ("a,,b\n1,2,3\n", "FILE:1: column 2 has no name", ["a", "column_2", "b"]),
      ("a,a,b\n1,2,3\n", "FILE:1: two columns are named 'a'", ["a", "a_2", "b"]),
      ("a,a , a\n1,2,3\n", "FILE:1: two columns are named 'a'", ["a", "a_2", "a_3"]),
      ("a,a,a_2\n1,2,3\n", "FILE:1: two columns are named 'a'", ["a", "a_3", "a_2"]),
      (",column_1\n1,2\n", "FILE:1: column 1 has no name", ["column_1_2", "column_1"]),
    ])
  func oddNames(text: String, problem: String, names: [String]) throws {
    let told = try TemporaryFile.problem(Array(text.utf8))
    #expect(told.hasPrefix(problem) && told.contains("--rename-columns"), "\(told)")
    let content = try CSVReader.read(
      TableInput(Array(text.utf8), name: "t"), options: CSVOptions(renamesColumns: true))
    #expect(content.table.columnNames == names, "\(text)")
    #expect(content.notes.contains { $0.text.contains("'\(names.first { !text.contains($0) }!)'") })
    let written = try TemporaryFile.text(content.table, schema: content.schema)
    #expect(written == Array(text.utf8), "\(text)")
  }

  @Test(
    "Only a header that looks like a row is noted",
    arguments: [
      ("41,Rome,11.94\n51,Lima,7.98\n54,Rome,36.07\n", true),
      ("5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n6.3,3.3,Iris-virginica\n", true),
      ("2024-01-02,a\n2024-01-03,b\n2024-01-04,a\n", true),
      ("x,Rome\ny,Rome\nx,Oslo\ny,Rome\n", true),
      ("age,city,amount\n51,Lima,7.98\n54,Rome,36.07\n", false),
      ("country,1990,1991,1992\nChad,1,2,3\nPeru,2,3,4\n", false),
      ("a,b\nx,y\nz,w\n", false),
      ("a,2\n1,2\n3,4\n", false),
    ])
  func headerThatIsNone(text: String, isNoted: Bool) throws {
    let bytes = Array(text.utf8)
    let content = try CSVReader.read(TableInput(bytes, name: "t"))
    #expect(content.notes.contains { $0.text.contains("--no-header") } == isNoted, "\(text)")
    let rows = text.split(separator: "\n").count
    let all = try CSVReader.read(
      TableInput(bytes, name: "t"), options: CSVOptions(hasHeader: false))
    #expect(all.table.rowCount == rows && content.table.rowCount == rows - 1, "\(text)")
    #expect(all.table.columnNames.first == "column_1")
    #expect(try TemporaryFile.text(all.table, schema: all.schema) == bytes, "\(text)")
  }

  @Test("Empty fields without a name are dropped and noted", arguments: [1, 3])
  func extra(threads: Int) throws {
    let rows = (0..<20_000).map { "\($0),x\($0 % 3)" }
    for (header, ending) in [("a,b", ",,"), ("a,b,,", ",,"), ("a,b,", "")] {
      let text = header + "\n" + rows.map { $0 + ending + "\n" }.joined()
      let content = try CSVReader.read(
        TableInput(Array(text.utf8), name: "t"), options: CSVOptions(threads: threads))
      #expect(content.table.columnNames == ["a", "b"], "\(header)")
      #expect(content.table.rowCount == 20_000, "\(header)")
      #expect(content.notes.contains { $0.text.contains("dropped") }, "\(header)")
    }
    // A non-empty one is an error in its line.
    let text = "a,b\n" + rows.map { $0 + ",,\n" }.joined() + "1,x,,5\n"
    let problem = try TemporaryFile.problem(
      Array(text.utf8), options: CSVOptions(threads: threads))
    #expect(problem.hasPrefix("FILE:20002: this line has 4 fields, the header has 2"), "\(problem)")
  }

  @Test("Lines are not skipped if they are the majority")
  func mostLinesRagged() throws {
    let rows = (0..<100).map { $0 % 3 == 0 ? "\($0),x\n" : "\($0)\n" }.joined()
    let options = CSVOptions(raggedRecords: .skip)
    let problem = try TemporaryFile.problem(Array(("a,b\n" + rows).utf8), options: options)
    #expect(problem.contains("66 of 100 lines do not have the"), "\(problem)")
    let title = try TemporaryFile.problem(Array("title\n1,2,3\n4,5,6\n".utf8), options: options)
    #expect(title.contains("2 of 2 lines"), "\(title)")
  }

  @Test("Bytes that are not UTF-8 are shown decoded as Windows-1252")
  func notUTF8() throws {
    for bytes in [
      Array("a,b\n1,M".utf8) + [0xFC] + Array("ller\n".utf8),
      Array("M".utf8) + [0xFC] + Array("ller,b\n1,2\n".utf8),
    ] {
      let problem = try TemporaryFile.problem(bytes)
      #expect(
        problem.contains("'Müller'") && problem.contains("--encoding windows-1252"), "\(problem)")
      let options = CSVOptions(encoding: .windows1252)
      let (table, schema) = try TemporaryFile.read(bytes, options: options)
      #expect(try TemporaryFile.text(table, schema: schema) == bytes)
    }
  }

  @Test("A table of very many columns is read")
  func wide() throws {
    let count = 100_000
    let text =
      (0..<count).map { "c\($0)" }.joined(separator: ",") + "\n"
      + (0..<3).map { row in (0..<count).map { "\($0 + row)" }.joined(separator: ",") + "\n" }
      .joined()
    let (table, schema) = try TemporaryFile.read(text, options: CSVOptions(threads: 1))
    #expect(table.columns.count == count && table.rowCount == 3)
    #expect(table["c99999"]?.numbers?[2] == 100_001 && schema["c99999"]?.distinctCount == 3)
    let declared = try TemporaryFile.read(text, options: CSVOptions(schema: schema, threads: 1))
    #expect(declared.schema.columns.count == count)
    let unknown = Schema(columns: [ColumnSchema(name: "nothing", kind: .id)])
    let problem = try TemporaryFile.problem(
      Array(text.utf8), options: CSVOptions(schema: unknown, threads: 1))
    #expect(problem.contains("'nothing'") && problem.count < 1000, "\(problem.prefix(200))")
  }
}
