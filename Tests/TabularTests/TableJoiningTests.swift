// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing

@Suite("Joined tables")
struct TableJoiningTests {
  private func table(_ numbers: [Double], _ codes: [Int32], _ categories: [String]) throws -> Table
  {
    try Table(columns: [
      Column(name: "n", values: .number(numbers)), Column(name: "t", values: .datetime(numbers)),
      Column(name: "s", values: .text(codes: codes, categories: categories)),
    ])
  }

  @Test("Rows follow each other, and a text has one category")
  func joined() throws {
    let joined = try Table(joining: [
      table([1, 2], [1, -1], ["unused", "b"]), table([], [], ["c"]),
      table([3, 4, 5], [0, 1, 0], ["a", "b"]),
    ])
    #expect(joined == (try table([1, 2, 3, 4, 5], [0, -1, 1, 0, 1], ["b", "a"])))
    #expect(try Table(joining: []).columns.isEmpty)
  }

  @Test("Other columns and types are refused")
  func refused() throws {
    let first = try table([1], [0], ["a"])
    var others: [Table] = []
    others.append(try Table(columns: Array(first.columns.prefix(2))))
    others.append(try Table(columns: [first.columns[1], first.columns[0], first.columns[2]]))
    others.append(
      try Table(
        columns: [Column(name: "n", values: .datetime([1]))] + Array(first.columns.dropFirst())))
    for other in others {
      #expect(throws: TabularError.self) { try Table(joining: [first, other]) }
    }
  }
}
