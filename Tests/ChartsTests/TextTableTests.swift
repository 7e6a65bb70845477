// SPDX-License-Identifier: Apache-2.0

import Charts
import Testing

@Suite("Text tables")
struct TextTableTests {
  private static func table(_ columns: [TextTable.Column], _ rows: [[String]]) -> TextTable {
    var table = TextTable(columns)
    for row in rows { table.append(row) }
    return table
  }

  @Test("columns are as wide as their longest cell, and no line ends with a blank")
  func widths() {
    let table = Self.table([.left("a"), .right("ms"), .left("")], [["long", "1", ""]])
    #expect(table.lines() == ["a     ms", "----  --", "long   1"])
    #expect(table.rendered() == "a     ms\n----  --\nlong   1")
    #expect(table.titles == ["a", "ms", ""] && table.rows == [["long", "1", ""]])
  }

  @Test("a column keeps its limits: short cells are padded, long ones cut")
  func limits() {
    let table = Self.table(
      [.left("a", width: 4...4), .right("b", width: 3...9)], [["abcdef", "1"], ["äöüß", "1234"]])
    #expect(table.lines(underlined: false) == ["a        b", "abc…     1", "äöüß  1234"])
  }

  @Test("a table without rows has its titles")
  func empty() {
    #expect(TextTable([.left("a"), .right("b")]).lines() == ["a  b", "-  -"])
    #expect(Self.table([.left("a")], [[""]]).lines() == ["a", "-", ""])
  }
}
