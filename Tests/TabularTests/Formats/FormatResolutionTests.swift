// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing

/// Formats that a column's fields alone do not determine.
@Suite("Formats decided by other columns, later rows or declarations")
struct FormatResolutionTests {
  private static func content(
    _ text: String, _ options: CSVOptions = CSVOptions()
  ) throws -> CSVContent {
    let file = try TemporaryFile()
    try file.write(text)
    return try CSVReader.read(path: file.path, options: options)
  }

  @Test("Day and month are decided by a later row or another column, or noted")
  func dayAndMonth() throws {
    let early = (0..<3000).map { "0\($0 % 9 + 1)/0\($0 % 8 + 1)/2016" }
    let alone = try Self.content("a,b\n" + early.map { "\($0),x\n" }.joined())
    #expect(alone.schema["a"]?.datetimeFormat?.pattern == "MM/dd/yyyy")
    #expect(alone.notes.contains { $0.topic == .dayAndMonth && $0.column == "a" })
    let beside = try Self.content(
      "a,b\n" + early.enumerated().map { "\($1),\(10 + $0 % 18)/0\($0 % 9 + 1)/2017\n" }.joined())
    #expect(beside.schema["a"]?.datetimeFormat?.pattern == "dd/MM/yyyy")
    #expect(!beside.notes.contains { $0.topic == .dayAndMonth })
    let late = try Self.content("a,b\n" + (early + ["30/01/2016"]).map { "\($0),x\n" }.joined())
    #expect(late.schema["a"]?.datetimeFormat?.pattern == "dd/MM/yyyy")
    #expect(!late.notes.contains { $0.topic == .dayAndMonth })
  }

  @Test("Decimal commas in one column decide the marks of another")
  func decimalCommas() throws {
    let rows = (0..<500).map { "\($0 % 9 + 1).\(100 + $0 % 900);\($0),\($0 % 10)\n" }
    let german = try Self.content("a;b\n" + rows.joined())
    #expect(german.table["a"]?.numbers?.first == 1100)
    #expect(german.schema["a"]?.kind == .integer, "\(german.schema)")
    let english = try Self.content("a;b\n" + rows.map { $0.replacing(",", with: ".") }.joined())
    #expect(english.table["a"]?.numbers?.first == 1.1)
  }

  @Test("Amounts become grouped after the first 2,000 rows")
  func lateGrouping() throws {
    let text =
      "a,b\n" + (0..<5000).map { "\($0 % 900).50,x\n" }.joined()
      + (0..<5000).map { "\"\($0 % 9 + 1),234.50\",x\n" }.joined()
    let content = try Self.content(text)
    #expect(content.schema["a"]?.numberFormat?.notation?.groupMark == ",")
    #expect(content.table["a"]?.numbers?.last == 5234.5)
    #expect(
      try TemporaryFile.text(content.table, schema: content.schema) == Array(text.utf8))
  }

  @Test("Times with mixed offsets are converted to UTC, and noted")
  func mixedOffsets() throws {
    let zones = ["+01:00", "-05:00", "Z"]
    let text =
      "a,b\n"
      + (0..<400).map { "2016-03-05 1\($0 % 10):30:00\(zones[$0 % 3]),x\n" }.joined()
    let content = try Self.content(text)
    #expect(content.table["a"]?.numbers?[0] == 1_457_170_200.0)
    #expect(content.table["a"]?.numbers?[1] == 1_457_195_400.0)
    #expect(content.notes.contains { $0.topic == .timeZone && $0.column == "a" })
    #expect(content.schema["a"]?.datetimeFormat?.zones.map(\.text) == ["Z"])
  }

  @Test("Keys of 19 digits are kept as text, and noted")
  func longKeys() throws {
    let text =
      "a,b\n" + (0..<300).map { "12771321974653\(41174 + $0 * 7),\($0 % 4)\n" }.joined()
    let content = try Self.content(text)
    #expect(content.schema["a"]?.kind == .id && content.table["a"]?.numbers == nil)
    #expect(content.notes.contains { $0.topic == .code && $0.column == "a" })
    #expect(
      try TemporaryFile.text(content.table, schema: content.schema) == Array(text.utf8))
  }

  @Test("A column with one leading zero is text")
  func leadingZero() throws {
    let text =
      "a,b\n"
      + (0..<20_000).map { "\($0 == 15_000 ? "02134" : "\(90_000 + $0 % 300)"),x\n" }.joined()
    let content = try Self.content(text)
    #expect(content.schema["a"]?.kind == .categorical)
    #expect(try TemporaryFile.text(content.table, schema: content.schema) == Array(text.utf8))
  }

  @Test("Nanoseconds are truncated, and noted")
  func nanoseconds() throws {
    let content = try Self.content(
      "a,b\n" + (0..<50).map { "2016-03-05 10:30:00.1234\($0 + 10)789,x\n" }.joined())
    #expect(content.schema["a"]?.kind == .datetime)
    #expect(content.notes.contains { $0.topic == .precision })
  }

  @Test("Numbers and times after spaces are written after spaces")
  func padding() throws {
    let text =
      "a,t,k\n"
      + (0..<100).map { " \($0 * 7 % 90), 2016-03-05 10:30:\(10 + $0 % 50), x\n" }.joined()
    let content = try Self.content(text)
    #expect(content.schema["a"]?.padding.leading == 1 && content.schema["t"]?.kind == .datetime)
    #expect(try TemporaryFile.text(content.table, schema: content.schema) == Array(text.utf8))
  }

  @Test("Numbers in fields of one width are aligned as they were")
  func alignment() throws {
    let rows = (0..<200).map { row -> String in
      let number = "\(row * 7 % 1300)"
      let spaces = String(repeating: " ", count: 6 - number.count)
      let left = number + spaces
      return row % 9 == 0 ? "      ,\(left),NA  x" : "\(spaces)\(number),\(left),k"
    }
    let text = "right,left,c\n" + rows.map { $0 + "\n" }.joined()
    let content = try Self.content(text)
    #expect(
      content.schema["right"]?.padding
        == FieldPadding(width: 6, isRightAligned: true, padsEmpty: true))
    #expect(content.schema["left"]?.padding == FieldPadding(width: 6, isRightAligned: false))
    #expect(try TemporaryFile.text(content.table, schema: content.schema) == Array(text.utf8))
  }

  @Test("Blanks that vary are removed, and noted")
  func varyingSpaces() throws {
    let text = "a\n" + (0..<99).map { ($0 % 3 == 0 ? " " : "") + "\($0 * 7 % 90)\n" }.joined()
    let content = try Self.content(text)
    #expect(content.schema["a"]?.padding == FieldPadding())
    #expect(content.notes.contains { $0.column == "a" && $0.topic == .spaces })
  }

  @Test("A point behind every whole number is kept")
  func trailingPoint() throws {
    let text = "a,b\n" + (0..<99).map { "\($0 * 7 % 90).,x\n" }.joined()
    let content = try Self.content(text)
    #expect(content.schema["a"]?.kind == .integer)
    #expect(try TemporaryFile.text(content.table, schema: content.schema) == Array(text.utf8))
  }

  @Test("Commas that group digits do so beside columns with decimal commas, too")
  func groupsBesideDecimalCommas() throws {
    let text =
      "a;b\n"
      + (0..<99).map { row -> String in
        let thousands = row % 5 == 0 ? "\(100 + row)" : "\(row + 1),\(100 + row * 7 % 900)"
        return "\(row * 13 % 50),\(row % 90 + 10);Rs. \(thousands)\n"
      }.joined()
    let content = try Self.content(text)
    #expect(content.schema["a"]?.numberFormat?.notation?.decimalMark == ",")
    #expect(content.schema["b"]?.kind == .integer)
    #expect(content.schema["b"]?.numberFormat?.notation?.groupMark == ",")
  }

  private static func metadata(_ format: String) -> String {
    #"{"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": {"a": {"sdtype": "datetime", "#
      + #""datetime_format": ""# + format + #""}}}"#
  }

  @Test(
    "SDV's datetime_format is read like strptime",
    arguments: [
      ("%m/%d/%Y %I:%M:%S %p", "04/30/2016 10:55:56 PM"), ("%m/%d/%Y", "4/3/2016"),
      ("%d-%b-%Y", "30-Apr-2016"), ("%d %B %y", "30 April 16"),
      ("%Y-%m-%dT%H:%M:%S.%fZ", "2016-04-30T22:55:56.037813Z"),
      ("%Y-%m-%d %H:%M:%S%z", "2016-04-30 22:55:56+0200"), ("%Y%m%d", "20160430"),
      ("%D %R", "04/30/16 22:55"), ("%a %b %d %H:%M:%S %Y", "Sat Apr 30 22:55:56 2016"),
      ("%Y-%j", "2016-121"), ("%H:%M", "22:55"),
      ("%Y-%m-%d %H:%M:%S.%f", "2016-04-30 22:55:56.5"), ("%-d.%-m.%Y", "3.4.2016"),
    ])
  func strptime(format: String, example: String) throws {
    let file = try TemporaryFile()
    try file.write(Self.metadata(format), to: "m.json")
    let schema = try SchemaFile.read(file.folder + "/m.json")
    let text = "a,b\n" + (0..<30).map { "\(example),x\($0 % 3)\n" }.joined()
    let content = try Self.content(text, CSVOptions(schema: schema))
    guard case .datetime? = content.table["a"]?.values else {
      Issue.record("\(format): \(content.schema)")
      return
    }
    let written = String(
      decoding: try TemporaryFile.text(content.table, schema: content.schema), as: UTF8.self)
    #expect(written == text, "\(format)")
  }

  @Test("Unsupported directives are named", arguments: ["%Y-%U", "%s", "%Y-W%V"])
  func unknownDirectives(format: String) throws {
    let file = try TemporaryFile()
    try file.write(Self.metadata(format), to: "m.json")
    #expect {
      try SchemaFile.read(file.folder + "/m.json")
    } throws: { error in
      "\(error)".contains(format) && "\(error)".contains("cannot be read")
    }
  }
}
