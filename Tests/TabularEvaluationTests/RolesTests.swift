// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation
import Testing

@Suite("Roles of columns")
struct RolesTests {
  private static func role(_ column: Column) throws -> ColumnRole? {
    let other = Column(name: "other", values: .number((0..<column.count).map { Double($0 % 2) }))
    let encoder = FeatureEncoder(train: try Table(columns: [column, other]))
    return encoder.features.first { $0.name == column.name }?.role
  }

  private static let n = 200
  private static func text(_ cell: (Int) -> String?) -> Column {
    TextCells.column("x", (0..<n).map(cell))
  }
  private static func number(_ name: String = "x", _ cell: (Int) -> Double) -> Column {
    Column(name: name, values: .number((0..<n).map(cell)))
  }

  @Test("numbers")
  func numbers() throws {
    #expect(try Self.role(Self.number { Double($0 % 20) }) == .category)
    #expect(try Self.role(Self.number { Double($0 % 21) }) == .numeric)
    #expect(try Self.role(Self.number { Double($0 % 7) / 2 }) == .numeric)
    #expect(try Self.role(Self.number { _ in 0.3 }) == .numeric)
    #expect(try Self.role(Self.number { _ in 5 }) == .category)
    #expect(try Self.role(Self.number { _ in .nan }) == nil)
    #expect(try Self.role(Self.number { Double($0 * 3) }) == nil, "ascending keys")
    #expect(try Self.role(Self.number { Double(($0 * 77) % 211) }) == .numeric)
    for name in ["trip_id", "ID", "key", "row_index", "uuid", "Unnamed: 0"] {
      #expect(try Self.role(Self.number(name) { Double(($0 * 77) % 211) }) == nil, "\(name)")
    }
    #expect(try Self.role(Self.number("paid") { Double(($0 * 77) % 211) }) == .numeric)
  }

  @Test("text")
  func texts() throws {
    #expect(try Self.role(Self.text { ["red", "green"][$0 % 2] }) == .category)
    #expect(try Self.role(Self.text { "level \($0 % 99)" }) == .category)
    #expect(try Self.role(Self.text { "free text \($0)" }) == nil)
    #expect(try Self.role(Self.text { _ in nil }) == nil)
    #expect(try Self.role(Self.text { _ in "NA" }) == nil)
    #expect(try Self.role(Self.text { "\(Double($0 % 40) / 4)" }) == .numeric, "text of numbers")
    #expect(try Self.role(Self.text { $0 % 9 == 0 ? "NULL" : "\($0 % 3)" }) == .category)
    #expect(try Self.role(Self.text { $0 % 2 == 0 ? "True" : "FALSE" }) == .category)
  }

  @Test(
    "times as text",
    arguments: [
      "2016-01-31 08:15:09", "2016/1/31T08:15:09", "01/31/2016 08:15:09 AM", "31/1/2016 8:15:09",
      "2016-01-31 09:15:09+01:00", "2016-01-31T08:15:09.000Z",
    ])
  func times(text: String) throws {
    let table = try Table(columns: [TextCells.column("at", [text, nil, "never", text])])
    // One cell in three is no time, and so it takes a table that is known to hold times.
    let train = try Table(columns: [TextCells.column("at", [text, text])])
    let encoder = FeatureEncoder(train: train)
    let features = try encoder(table, part: "holdout")
    #expect(encoder.features.map(\.name) == ["at", "at.hour", "at.weekday"])
    #expect(features["at"]?[0] == 1_454_228_109, "\(text)")
    #expect(features["at.hour"]?[0] == 8)
    #expect(features["at.weekday"]?[0] == 6, "a Sunday")
    #expect(features["at"]?[1].isNaN == true && features["at"]?[2].isNaN == true)
    #expect(features["at.hour"]?[2].isNaN == true)
  }

  @Test("times before 1970 have hours and weekdays too")
  func earlyTimes() throws {
    let table = try Table(columns: [Column(name: "at", values: .datetime([-1, -86_400, 0]))])
    let features = try FeatureEncoder(train: table)(table, part: "train")
    #expect(features["at.hour"] == [23, 0, 0])
    #expect(features["at.weekday"] == [2, 2, 3])
  }

  @Test("the spelling of a category does not matter, an unknown category has a code of its own")
  func categories() throws {
    let train = try Table(columns: [Column(name: "x", values: .number([1, 2, 2, .nan]))])
    let encoder = FeatureEncoder(train: train)
    for cells in [["1", "2", "2.0", nil], ["1.0", "2", " 2", "NA"]] as [[String?]] {
      let other = try Table(columns: [TextCells.column("x", cells)])
      let codes = try #require(try encoder(other, part: "holdout")["x"])
      #expect(Array(codes.prefix(3)) == [0, 1, 1], "\(cells)")
      #expect(codes[3].isNaN)
    }
    let unknown = try Table(columns: [TextCells.column("x", ["7", "cash", "1"])])
    #expect(try encoder(unknown, part: "holdout")["x"] == [2, 2, 0])
  }

  @Test("durations between the first three datetimes")
  func durations() throws {
    let columns = ["a", "b", "c", "d"].enumerated().map { index, name in
      Column(name: name, values: .datetime([0, 100, 200].map { $0 * Double(index + 1) }))
    }
    let encoder = FeatureEncoder(train: try Table(columns: columns))
    #expect(
      encoder.features.map(\.name).filter { $0.contains("->") }
        == ["a->b.seconds", "a->c.seconds", "b->c.seconds"])
  }
}
