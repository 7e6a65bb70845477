// SPDX-License-Identifier: Apache-2.0

import Foundation
import TableEngine
import Tabular
import Testing

@Suite("Tables to Arrow streams")
struct ArrowExportTests {
  /// The rows of a table, exported in blocks and read again.
  private func roundTrip(_ table: Table, _ schema: Schema, rowsOfBlock: Int = 2) throws
    -> EngineTable
  {
    try ArrowTables.withStream(of: table, schema: schema, rowsOfBlock: rowsOfBlock) {
      try ArrowTables.read($0)
    }
  }

  private static let columns: [(StoredType, Column.Values, NumberFormat?, DatetimeFormat?)] = {
    let whole = NumberFormat(style: .shortest, decimals: 0)
    let cents = NumberFormat(style: .fixed, decimals: 2)
    let time = DatetimeFormat(pattern: "yyyy-MM-dd HH:mm:ss")
    let integers = [8, 16, 32, 64].flatMap { bits in
      [true, false].map { isSigned in
        (
          StoredType.integer(bits: bits, isSigned: isSigned),
          Column.Values.number([1, 0, .nan, 127, isSigned ? -128 : 255]), NumberFormat?.some(whole),
          DatetimeFormat?.none
        )
      }
    }
    let instants = [1_467_331_199, .nan, -1, 0, 951_827_696.0]
    return integers + [
      (
        .float(bits: 32), .number([1.5, .nan, -0.25, 3, 0]),
        NumberFormat(style: .shortest, decimals: 2), nil
      ),
      (
        .float(bits: 64), .number([0.1, .nan, 1e300, -2.5, 0]),
        NumberFormat(style: .shortest, decimals: 15), nil
      ),
      (
        .decimal(precision: 9, scale: 2), .number([12.3, .nan, -0.05, 0, 9_999_999.99]), cents, nil
      ),
      (.boolean, .text(codes: [1, -1, 0, 0, 1], categories: ["false", "true"]), nil, nil),
      (.text, .text(codes: [0, 2, -1, 0, 1], categories: ["a", "b, \"c\"", "ümlaut"]), nil, nil),
      (
        .date, .datetime([86_400, .nan, -86_400, 0, 1_467_244_800]), nil,
        DatetimeFormat(pattern: "yyyy-MM-dd")
      ),
      (
        .time(.microseconds), .datetime([0, .nan, 3720, 86_399, 1]), nil,
        DatetimeFormat(pattern: "HH:mm:ss")
      ),
      (.timestamp(.seconds, zone: nil), .datetime(instants), nil, time),
      (.timestamp(.milliseconds, zone: nil), .datetime(instants), nil, time),
      (.timestamp(.microseconds, zone: nil), .datetime(instants), nil, time),
      (.timestamp(.nanoseconds, zone: nil), .datetime(instants), nil, time),
      (
        .timestamp(.microseconds, zone: "UTC"), .datetime(instants), nil,
        DatetimeFormat(
          pattern: "yyyy-MM-dd HH:mm:ssxxx", zones: [DatetimeFormat.Zone(since: 0, text: "+00:00")])
      ),
    ]
  }()

  @Test("Every type comes back with its values", arguments: 0..<20)
  func types(index: Int) throws {
    try #require(Self.columns.count == 20)
    let (type, values, number, datetime) = Self.columns[index]
    let column = Column(name: "x", values: values)
    let schema = Schema(columns: [
      ColumnSchema(
        name: "x", kind: datetime == nil ? number == nil ? .categorical : .continuous : .datetime,
        numberFormat: number, datetimeFormat: datetime, storedType: type)
    ])
    for rowsOfBlock in [1, 2, 5] {
      let found = try roundTrip(Table(columns: [column]), schema, rowsOfBlock: rowsOfBlock)
      #expect(found.schema.columns[0].storedType == type)
      let again = found.table.columns[0]
      switch (values, again.values) {
      case (.number(let a), .number(let b)), (.datetime(let a), .datetime(let b)):
        #expect(a.map { $0.isNaN ? 1e99 : $0 } == b.map { $0.isNaN ? 1e99 : $0 }, "\(type)")
      case (.text(let a, let words), .text(let b, let others)):
        #expect(a.map { $0 < 0 ? "-" : words[Int($0)] } == b.map { $0 < 0 ? "-" : others[Int($0)] })
      default: Issue.record("\(type): another kind of values")
      }
    }
  }

  @Test("Columns of text files get the type of their format")
  func typesOfFormats() throws {
    let csv =
      "whole,cents,day,when,clock,word,single\n1,2.50,2020-01-31,2020-01-31 10:00:00,10:00,x,0.10000000149011612\n,,,,,,\n2,3.75,2020-02-01,2020-02-01 11:30:00,11:30,y,0.20000000298023224\n3,1.25,2020-02-02,2020-02-02 12:30:00,12:30,y,0.30000001192092896\n"
    let content = try CSVReader.read(TableInput(Array(csv.utf8), name: "t.csv"))
    let found = try roundTrip(content.table, content.schema)
    #expect(
      found.schema.columns.map { $0.storedType?.description ?? "" } == [
        "int64", "float64", "date", "timestamp[us]", "time[us]", "text", "float32",
      ])
    #expect(found.table.columns[0].missingCount == 1)
  }

  @Test("A value that a type cannot hold is an error, not another value")
  func unstorable() throws {
    func fails(_ type: StoredType, _ value: Double) throws -> Bool {
      let schema = Schema(columns: [
        ColumnSchema(
          name: "x", kind: .integer, numberFormat: NumberFormat(style: .shortest, decimals: 0),
          storedType: type)
      ])
      let table = try Table(columns: [Column(name: "x", values: .number([value]))])
      do {
        _ = try roundTrip(table, schema)
        return false
      } catch {
        return true
      }
    }
    #expect(try fails(.integer(bits: 8, isSigned: true), 128))
    #expect(try fails(.integer(bits: 8, isSigned: false), -1))
    #expect(try fails(.integer(bits: 64, isSigned: true), 1e19))
    #expect(try fails(.integer(bits: 64, isSigned: true), 1e300))
    #expect(try fails(.decimal(precision: 4, scale: 2), 100))
    #expect(try !fails(.integer(bits: 64, isSigned: true), -9e18))
    #expect(try !fails(.decimal(precision: 4, scale: 2), 99.99))
  }

  @Test("Times of texts are written as the texts they were")
  func timeTexts() throws {
    let schema = Schema(columns: [
      ColumnSchema(
        name: "x", kind: .datetime, datetimeFormat: DatetimeFormat(pattern: "M/d/yyyy H:mm"),
        storedType: .text)
    ])
    let table = try Table(columns: [Column(name: "x", values: .datetime([60, .nan, 2_592_000]))])
    let found = try roundTrip(table, schema)
    #expect(found.schema.columns[0].storedType == .text)
    let texts = found.table.columns[0].numbers?.map { found.schema.columns[0].text(of: $0) }
    #expect(texts == ["1/1/1970 0:01", "", "1/31/1970 0:00"])
  }

  @Test(
    "The text of a stored type is read back",
    arguments: [
      "null", "bool", "int8", "uint64", "float32", "decimal(38,10)", "date", "time[ns]",
      "timestamp[ms]", "timestamp[us,America/New_York]", "text",
    ])
  func storedTypeTexts(text: String) throws {
    #expect(StoredType(text)?.description == text)
    let data = try JSONEncoder().encode([try #require(StoredType(text))])
    #expect(try JSONDecoder().decode([StoredType].self, from: data) == [StoredType(text)])
  }

  @Test(
    "Other texts are no stored types",
    arguments: [
      "", "int7", "decimal", "decimal(0,0)", "decimal(39,1)", "decimal(3,4)", "timestamp",
      "timestamp[h]", "timestamp[us,]", "timestamp(us)x", "time[us",
    ])
  func wrongStoredTypes(text: String) { #expect(StoredType(text) == nil) }
}
