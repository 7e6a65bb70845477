// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import Testing

@Suite("Row conditions")
struct RowConditionTests {
  /// Six rows; the last has no value in any column that can be without.
  static let text = #"""
    kind,code,fare,tpep_pickup_datetime,tpep_dropoff_datetime,flag,paid,"odd, name",a.hour,stamp
    cash,007,2.5,2016-02-29 23:59:59,2016-03-01 00:10:00,Y,1,x,1,01/03/2016
    card,010,10,2016-03-01 00:00:00,2016-03-01 01:00:00,N,0,it's,2,02/03/2016
    Cash,007,-3.25,2016-03-06 17:00:00,2016-03-06 17:30:00,N,0,y,3,03/03/2016
    cash and carry,010,10.0,2016-03-07 16:59:59,2016-03-07 17:02:00,Y,1,"a ""b""",4,31/03/2016
    card,007,52,2016-12-31 12:30:30,2017-01-01 00:00:00,N,1,x,5,01/04/2016

    """# + ",,,2015-01-01 05:00:00,,,0,,6,\n"

  static let content = Result { () throws -> (table: Table, schema: Schema) in
    let path = NSTemporaryDirectory() + "conditions-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    var kinds = try CSVReader.read(path: path, options: CSVOptions()).schema
    for (name, kind) in [
      ("kind", ColumnKind.categorical), ("flag", .boolean), ("paid", .boolean),
      ("fare", .continuous),
    ] {
      kinds.columns[kinds.columns.firstIndex { $0.name == name }!].kind = kind
    }
    let content = try CSVReader.read(path: path, options: CSVOptions(schema: kinds))
    return (content.table, content.schema)
  }

  @Test(
    "A condition keeps the rows it says",
    arguments: [
      // Numbers are compared as numbers.
      ("fare = 10", [1, 3]), ("fare=10.00", [1, 3]), ("fare == 1e1", [1, 3]),
      ("fare != 10", [0, 2, 4]), ("fare <> '10'", [0, 2, 4]), ("fare < 2.5", [2]),
      ("fare <= 2.5", [0, 2]), ("fare > -3.25", [0, 1, 3, 4]), ("fare >= 10", [1, 3, 4]),
      ("fare between -3.25 and 2.5", [0, 2]), ("fare NOT BETWEEN -3.25 AND 2.5", [1, 3, 4]),
      ("fare in (10, 52)", [1, 3, 4]), ("fare not in (10,52)", [0, 2]), ("fare in(2.5)", [0]),
      ("fare is missing", [5]), ("fare IS NOT MISSING", [0, 1, 2, 3, 4]),
      // Texts as they are written.
      ("kind = cash", [0]), ("kind = Cash", [2]), ("kind != cash", [1, 2, 3, 4]),
      ("kind = 'cash and carry'", [3]), ("kind in (\"card\", Cash)", [1, 2, 4]),
      ("kind in (cash and carry)", nil), ("kind is missing", [5]), ("kind = ''", []),
      ("code = 007", [0, 2, 4]), ("code = 7", []),
      // Two values by their meaning.
      ("flag = Y", [0, 3]), ("flag = true", [0, 3]), ("flag != yes", [1, 2, 4]),
      ("flag in (Y, N)", [0, 1, 2, 3, 4]), ("paid = no", [1, 2, 5]), ("paid = 1", [0, 3, 4]),
      // Times stand for the whole of what they name.
      ("tpep_pickup_datetime = 2016-03-01", [1]), ("tpep_pickup_datetime = 2016-03", [1, 2, 3]),
      ("tpep_pickup_datetime = 2016", [0, 1, 2, 3, 4]),
      ("tpep_pickup_datetime != 2016", [5]),
      ("tpep_pickup_datetime < 2016-03-01", [0, 5]),
      ("tpep_pickup_datetime <= 2016-03-01", [0, 1, 5]),
      ("tpep_pickup_datetime > 2016-03-01", [2, 3, 4]),
      ("tpep_pickup_datetime >= 2016-03-01", [1, 2, 3, 4]),
      ("tpep_pickup_datetime = 2016-03-06 17", [2]),
      ("tpep_pickup_datetime >= '2016-03-07 16:59'", [3, 4]),
      ("tpep_pickup_datetime > '2016-03-07 16:59'", [4]),
      ("tpep_pickup_datetime = 2016-03-07T16:59:59", [3]),
      ("tpep_pickup_datetime between 2016-02 and 2016-03-06", [0, 1, 2]),
      ("tpep_dropoff_datetime is missing", [5]),
      ("stamp = 01/04/2016", [4]), ("stamp = 2016-04-01", [4]), ("stamp <= 03/03/2016", [0, 1, 2]),
      // Parts of times, by name and by what can be meant only once.
      ("tpep_pickup_datetime.hour >= 17", [0, 2]), ("pickup_hour >= 17", [0, 2]),
      ("pickup.hour between 12 and 16", [3, 4]), ("tpep_pickup_hour = 0", [1]),
      ("'tpep_pickup_datetime'.minute = 59", [0, 3]), ("dropoff_minute = 0", [1, 4]),
      ("pickup_weekday = Sunday", [2]), ("pickup_weekday in (mon, 2)", [0, 1, 3]),
      ("pickup_weekday > 5", [2, 4]), ("pickup_date = 2016-02-29", [0]),
      ("pickup_date between 2016-03-01 and 2016-03-06", [1, 2]), ("dropoff_date >= 2017", [4]),
      ("pickup_month = March", [1, 2, 3]), ("pickup_month != 3", [0, 4, 5]),
      ("pickup_day = 29", [0]), ("pickup_year < 2016", [5]), ("dropoff_year = 2017", [4]),
      ("dropoff_hour is missing", [5]),
      // A column's own name comes first.
      ("a.hour = 5", [4]), ("'a.hour' = 5", [4]), ("'odd, name' = \"it's\"", [1]),
      ("\"odd, name\" = 'it''s'", [1]), ("'odd, name' = 'a \"b\"'", [3]),
    ] as [(String, [Int]?)])
  func kept(condition: String, rows: [Int]?) throws {
    let (table, schema) = try Self.content.get()
    guard let rows else {
      #expect(throws: RowConditionError.self) { try RowCondition(condition, schema: schema) }
      return
    }
    let parsed = try RowCondition(condition, schema: schema)
    #expect(try table.rows(where: [parsed]) == rows, "\(condition)")
    #expect(parsed.description == condition)
  }

  @Test("Several conditions hold together, none leaves every row")
  func together() throws {
    let (table, schema) = try Self.content.get()
    let conditions = try ["pickup_hour < 17", "flag = Y"].map {
      try RowCondition($0, schema: schema)
    }
    #expect(try table.rows(where: conditions) == [3])
    #expect(try table.rows(where: []) == Array(0..<6))
  }

  @Test(
    "What is no condition is told by place and with a way out",
    arguments: [
      ("", "at its end", "name"), ("  ", "at its end", "name"), ("fare", "at its end", "one of"),
      ("fare ! 2", "at character 6 ('! 2')", "one of"), ("= 2", "at character 1", "name"),
      ("fare =", "at its end", "a value"), ("fare in 2", "at character 9", "'('"),
      ("fare in (2", "at its end", "')'"), ("fare in ()", "at character 10", "a value"),
      ("fare in (2,)", "at character 12", "a value"), ("fare between 2", "at its end", "'and'"),
      ("fare between 1 and", "at its end", "a value"),
      ("fare is 3", "at character 9", "missing"), ("fare not 3", "at character 10", "'between'"),
      ("fare = '2' or", "at character 12", "the end"),
      ("kind = 'cash", "at character 8", "closing"),
      ("fare = 2 and paid = 1", "at character 10", "several"),
      ("fares = 2", "no column 'fares'", "there is fare"),
      ("nonsense = 2", "no column 'nonsense'", "kind, code, fare"),
      (
        "minute = 2", "no column 'minute'",
        "tpep_pickup_datetime.minute, tpep_dropoff_datetime.minute"
      ),
      ("noon_hour = 2", "no column", "tpep_pickup_datetime.hour"),
      ("tpep_hour = 2", "more than one", "tpep_pickup_datetime.hour or tpep_dropoff_datetime.hour"),
      ("tpep_pickup_datetime.noon = 2", "no part 'noon'", "weekday"),
      ("pickup.noon = 2", "no part 'noon'", "weekday"),
      ("fare.hour = 2", "continuous", "datetime"), ("fare = cash", "'cash'", "a number"),
      ("pickup_hour = 24", "'24'", "0 to 23"), ("pickup_weekday = Frday", "'Frday'", "a weekday"),
      ("pickup_weekday = 0", "'0'", "a weekday"),
      ("pickup_date = '2016-03-01 17:00'", "17:00", "a day"),
      ("tpep_pickup_datetime = 2016-02-30", "'2016-02-30'", "a time"),
      ("tpep_pickup_datetime > soon", "'soon'", "a time"), ("kind < cash", "no order", "in (a, b)"),
      ("flag between N and Y", "no order", "in (a, b)"), ("flag = maybe", "'maybe'", "Y and N"),
      ("fare between 3 and 2", "ends before", "lower bound first"),
      ("fare = inf", "'inf'", "a number"),
    ])
  func refused(condition: String, problem: String, advice: String) throws {
    let schema = try Self.content.get().schema
    let error = try #require(throws: RowConditionError.self, "\(condition)") {
      try RowCondition(condition, schema: schema)
    }
    #expect(error.problem.contains(problem), "\(error)")
    #expect("\(error)".contains(advice), "\(error)")
    #expect(!error.hint.isEmpty)
  }

  @Test("Parts agree with the calendar, before 1970 too")
  func parts() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    let times = (0..<400).map { Double($0 - 200) * 7_777_777 + 0.5 }
    let table = try Table(columns: [Column(name: "t", values: .datetime(times))])
    func rows(_ part: DatetimePart, _ value: Double) throws -> [Int] {
      try table.rows(where: [
        RowCondition(column: "t", part: part, test: .within([value...value], negated: false))
      ])
    }
    for (row, time) in times.enumerated() {
      let date = Date(timeIntervalSince1970: time)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .weekday], from: date)
      let start = calendar.startOfDay(for: date).timeIntervalSince1970
      for (part, value) in [
        (DatetimePart.year, parts.year!), (.month, parts.month!), (.day, parts.day!),
        (.hour, parts.hour!), (.minute, parts.minute!), (.weekday, (parts.weekday! + 5) % 7 + 1),
        (.date, Int(start)),
      ] {
        #expect(try rows(part, Double(value)).contains(row), "\(part) of \(time) is \(value)")
      }
    }
  }

  @Test("A column that is missing or of another type is an error")
  func otherTable() throws {
    let schema = try Self.content.get().schema
    let condition = try RowCondition("fare > 2", schema: schema)
    let none = try Table(columns: [Column(name: "x", values: .number([1]))])
    let text = try Table(columns: [
      Column(name: "fare", values: .text(codes: [0], categories: ["1"]))
    ])
    for table in [none, text] {
      let error = #expect(throws: TabularError.self) { try table.rows(where: [condition]) }
      #expect("\(String(describing: error))".contains("fare"))
    }
    let part = RowCondition(
      column: "x", part: .hour, test: .within([0...1], negated: false), description: "x.hour < 2")
    #expect(throws: TabularError.self) { try none.rows(where: [part]) }
  }
}
