// SPDX-License-Identifier: Apache-2.0

import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// Columns that nobody would make up on purpose.
@Suite struct EncodingAdversarialTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var values: Column.Values
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "all missing", values: .number([.nan, .nan, .nan])),
    Case(name: "all missing texts", values: .text(codes: [-1, -1], categories: [])),
    Case(name: "all missing times", values: .datetime([.nan, .nan])),
    Case(name: "one row", values: .number([4.25])),
    Case(name: "one text", values: .text(codes: [0], categories: ["a"])),
    Case(name: "one time", values: .datetime([1.5e9])),
    Case(name: "one missing row", values: .number([.nan])),
    Case(name: "constant", values: .number(Array(repeating: -3.5, count: 40))),
    Case(name: "constant or missing", values: .number([1, .nan, 1, .nan])),
    Case(name: "time or missing", values: .datetime([1e9, .nan, 1e9])),
    Case(name: "two values", values: .number((0..<90).map { $0 % 7 == 0 ? 1.5 : -2.25 })),
    Case(name: "all different", values: .number((0..<600).map { Double($0 * $0) + 0.5 })),
    Case(
      name: "nearly all missing",
      values: .number((0..<5000).map { $0 % 1000 == 0 ? Double($0) + 0.5 : .nan })),
    Case(name: "huge", values: .number([1e300, -1e300, 0.5, 3, 1e-300, 5e307, -1.7e308])),
    Case(name: "tiny", values: .number([5e-324, 1e-310, 2e-300, 0.5e-320])),
    Case(name: "negative zero", values: .number([-0.0, 0.0, 1.5, -1.5, -0.0])),
    Case(
      name: "ascending keys", values: .number((0..<300).map { Double($0 + 1_000_000_007) })),
    Case(
      name: "many texts",
      values: .text(
        codes: (0..<3000).map { Int32($0 % 1400) }, categories: (0..<1400).map { "é\($0)" })
    ),
    Case(
      name: "categories that do not occur",
      values: .text(codes: [4, 4, 2, -1], categories: ["a", "b", "c", "d", "e", "f"])),
    Case(name: "midnights", values: .datetime((0..<50).map { Double($0) * 86_400 })),
    Case(name: "before 1970", values: .datetime((0..<50).map { Double($0) * -100_001 })),
  ]

  @Test(arguments: cases, EncodingTableTests.presets)
  func columnsSurvive(_ sample: Case, _ preset: EncodingTableTests.Preset) throws {
    let table = try Table(columns: [Column(name: "x", values: sample.values)])
    let schema = SchemaInference.infer(table)
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: preset.configuration, seed: 1)
    let back = try encoder.roundTrip(table)
    let (before, after) = (table.columns[0], back.columns[0])
    #expect(after.count == before.count)
    if schema.columns[0].kind == .id {
      #expect(after.missingCount == 0)
      return
    }
    if let a = before.numbers, let b = after.numbers {
      #expect(zip(a, b).allSatisfy { $0.isNaN == $1.isNaN }, "\(a) came back as \(b)")
      #expect(b.allSatisfy { !$0.isInfinite }, "\(b)")
      let present = a.filter { !$0.isNaN }
      if let minimum = present.min(), let maximum = present.max() {
        #expect(
          b.allSatisfy { $0.isNaN || ($0 >= minimum && $0 <= maximum) }, "\(a) came back as \(b)")
        // Single precision of the range is what a scalar of the encoded row can tell apart.
        let tolerance = (maximum * 0.5 - minimum * 0.5) * 1e-5
        if preset.name != "ctgan" {
          let row = before.firstDifference(from: after, tolerance: tolerance)
          #expect(row == nil, "row \(row ?? 0): \(a[row ?? 0]) came back as \(b[row ?? 0])")
        }
      }
    } else {
      // Rare categories that share a position come back as one another.
      let category = encoder.categorySpan(ofColumn: before.name)
        .flatMap(encoder.categoryValues(ofSpan:))
      let indices = Dictionary(
        zip(category?.names ?? [], category?.positions ?? []),
        uniquingKeysWith: { first, _ in first })
      let row = zip(before.texts, after.texts).enumerated().first { _, pair in
        pair.0 != pair.1
          && (indices[pair.0 ?? ""] == nil || indices[pair.0 ?? ""] != indices[pair.1 ?? ""])
      }?.offset
      #expect(row == nil, "row \(row ?? 0)")
    }
  }

  @Test(arguments: EncodingTableTests.presets)
  func noRowsAreAnError(_ preset: EncodingTableTests.Preset) throws {
    let empty = try Table(columns: [Column(name: "x", values: .number([]))])
    for table in [empty, try Table(columns: [])] {
      #expect(throws: TabularError.encoding("there are no rows to learn from")) {
        try TableEncoder.fit(
          table: table, schema: SchemaInference.infer(table),
          configuration: preset.configuration, seed: 1)
      }
    }
  }

  @Test func noRowsComeBackAsNone() throws {
    let (table, schema) = try EncodingSamples.trips(rows: 100)
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    let back = try encoder.roundTrip(table.selecting(rows: []))
    #expect(back.rowCount == 0 && back.columnNames == table.columnNames)
  }

  /// Messages name the column, and the row where there is one.
  @Test func errorsNameTheirColumn() throws {
    let good = try Table(columns: [
      Column(name: "n", values: .number([1.5, 2, 3])),
      Column(name: "t", values: .text(codes: [0, 1, 0], categories: ["a", "b"])),
    ])
    let schema = Schema(columns: [
      ColumnSchema(name: "n", kind: .continuous), ColumnSchema(name: "t", kind: .categorical),
    ])
    let encoder = try TableEncoder.fit(
      table: good, schema: schema, configuration: .standard, seed: 1)
    let number = good.columns[0]
    let text = good.columns[1]
    let bad: [([Column], [String])] = [
      ([number], ["no column 't'"]),
      ([text, Column(name: "n", values: .datetime([1, 2, 3]))], ["'n'", "type"]),
      ([text, Column(name: "n", values: .number([1, .nan, 2]))], ["'n'", "row 2", "missing"]),
      (
        [number, Column(name: "t", values: .text(codes: [0, 0, 1], categories: ["a", "zebra"]))],
        ["'t'", "row 3", "zebra"]
      ),
      (
        [number, Column(name: "t", values: .text(codes: [-1, 0, 1], categories: ["a", "b"]))],
        ["'t'", "row 1", "missing"]
      ),
    ]
    for (columns, words) in bad {
      let table = try Table(columns: columns)
      let error = #expect(throws: TabularError.self) { try encoder.transform(table, seed: 1) }
      for word in words {
        #expect(
          error?.description.contains(word) == true,
          "'\(word)' is not in: \(String(describing: error))")
      }
    }
    // Columns in another order, and categories in another order, are the same table.
    let other = try Table(columns: [
      Column(name: "t", values: .text(codes: [1, 0, 1], categories: ["b", "a"])), number,
    ])
    #expect(try encoder.roundTrip(other) == encoder.roundTrip(good))
  }

  @Test func contradictionsWithTheSchemaAreErrors() throws {
    let table = try Table(columns: [
      Column(name: "t", values: .text(codes: [0, 1], categories: ["a", "b"]))
    ])
    for schema in [
      Schema(columns: []), Schema(columns: [ColumnSchema(name: "t", kind: .continuous)]),
    ] {
      let error = #expect(throws: TabularError.self) {
        try TableEncoder.fit(table: table, schema: schema, configuration: .standard, seed: 1)
      }
      #expect(error?.description.contains("'t'") == true)
    }
    let infinite = try Table(columns: [Column(name: "x", values: .number([1, .infinity, 2]))])
    let error = #expect(throws: TabularError.self) {
      try TableEncoder.fit(
        table: infinite, schema: Schema(columns: [ColumnSchema(name: "x", kind: .continuous)]),
        configuration: .standard, seed: 1)
    }
    #expect(error?.description.contains("row 2") == true)
  }

  @Test(arguments: [["id7", "id12"], ["A-0001", "A-0031"], ["x", "y"], ["0009", "0010"]])
  func keysAreReplaced(_ keys: [String]) throws {
    let table = try Table(columns: [
      Column(name: "k", values: .text(codes: [0, 1], categories: keys)),
      Column(name: "n", values: .number([41, 8])),
    ])
    let schema = Schema(columns: [
      ColumnSchema(name: "k", kind: .id), ColumnSchema(name: "n", kind: .id),
    ])
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    #expect(encoder.width == 0)
    let made = try encoder.inverse(
      UnsafeBufferPointer(start: nil, count: 0), count: 8, stride: 0, seed: 1)
    let texts = try #require(made["k"]?.texts)
    #expect(
      Set(texts).count == 8 && Set(texts).isDisjoint(with: keys.map(Optional.some)), "\(texts)")
    let numbers = try #require(made["n"]?.numbers?.array)
    #expect(Set(numbers).count == 8 && Set(numbers).isDisjoint(with: [41, 8]), "\(numbers)")
    // A row's keys do not depend on which other rows are generated.
    let later = try encoder.inverse(
      UnsafeBufferPointer(start: nil, count: 0), count: 3, stride: 0, firstRow: 5, seed: 1)
    #expect(
      later["k"]?.texts == Array(texts[5...]) && later["n"]?.numbers?.array == Array(numbers[5...]))
  }
}
