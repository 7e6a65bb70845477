// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing

/// Checks the table of formats in docs/reference/formats.md.
@Suite("Table of formats")
struct FormatTableTests {
  /// How one format is recognized, kept and noted.
  private struct Line {
    var group: ValueFormat.Group
    var text: String

    init(_ format: ValueFormat) throws {
      group = format.group
      let file = try TemporaryFile()
      let text = FormatFamilyTests.csv((0..<700).map(format.text))
      try file.write(text)
      let content = try CSVReader.read(path: file.path)
      let column = content.schema.columns[0]
      let written = try TemporaryFile.text(content.table, schema: content.schema)
      let notes = content.notes.filter { $0.column == "v" }.map(\.topic.rawValue)
      self.text =
        "| \(format.name.replacing("|", with: "\\|")) | `\(column.kind.rawValue)` | "
        + "\(written == Array(text.utf8) ? "yes" : "no") | "
        + "\(notes.isEmpty ? "" : notes.joined(separator: ", ")) |"
    }
  }

  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/reference/formats.md").path
  private static let begin = "<!-- table: begin -->"
  private static let end = "<!-- table: end -->"

  @Test("docs/reference/formats.md says what is recognized, kept and noted")
  func table() throws {
    let lines = try FormatFamily.all.map(Line.init)
    var table = ""
    for group in ValueFormat.Group.allCases {
      table += "\n| \(group.rawValue) | read as | written as it was read | noted |\n"
      table += "|---|---|---|---|\n"
      table += lines.filter { $0.group == group }.map { $0.text + "\n" }.joined()
    }
    let page = try String(contentsOfFile: Self.path, encoding: .utf8)
    let begin = try #require(page.range(of: Self.begin + "\n"))
    let end = try #require(page.range(of: Self.end))
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
      let updated = page.replacingCharacters(
        in: begin.upperBound..<end.lowerBound, with: table + "\n")
      try updated.write(toFile: Self.path, atomically: true, encoding: .utf8)
      return
    }
    #expect(
      page[begin.upperBound..<end.lowerBound] == table + "\n",
      "the table has changed: UPDATE_DOCS=1 swift test -c release --filter FormatTableTests")
  }
}
