// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import Tabular
import TableTestSupport
import Testing

@Suite("Schema inference")
struct SchemaInferenceTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kind: ColumnKind
    var name = "a"
    var field: @Sendable (Int) -> String
  }

  static let samples = [
    Sample(testDescription: "fractions", kind: .continuous) { "\(Double($0 * 37 % 1009) / 8)" },
    Sample(testDescription: "many whole numbers", kind: .integer) { "\($0 * 37 % 401)" },
    Sample(testDescription: "few whole numbers", kind: .categorical) { "\($0 % 7)" },
    Sample(testDescription: "codes by name", kind: .categorical, name: "PULocationID") {
      "\($0 % 40)"
    },
    Sample(testDescription: "0 and 1", kind: .boolean) { "\($0 % 2)" },
    Sample(testDescription: "Y and N", kind: .boolean) { $0 % 3 == 0 ? "Y" : "N" },
    Sample(testDescription: "true and False", kind: .boolean) { $0 % 3 == 0 ? "true" : "False" },
    Sample(testDescription: "few texts", kind: .categorical) { "k\($0 % 9)" },
    Sample(testDescription: "all texts different", kind: .id) { "row \($0)" },
    Sample(testDescription: "rising numbers", kind: .id) { "\($0 * 3)" },
    Sample(testDescription: "a shuffled key", kind: .id, name: "trip_id") {
      "\($0 * 611 % 1009)"
    },
    Sample(testDescription: "a shuffled key by its range", kind: .id) { "\($0 * 611 % 1009)" },
    Sample(testDescription: "a sparse quantity", kind: .integer) { "\($0 * 61_121 % 100_003)" },
    Sample(testDescription: "rising with large gaps", kind: .integer) { "\($0 * $0)" },
    Sample(testDescription: "consecutive years", kind: .integer, name: "year") { "\(1000 + $0)" },
    Sample(testDescription: "all sentences different", kind: .text) {
      "it was number \($0) of them"
    },
    Sample(testDescription: "all names different", kind: .text) {
      String("\(1000 + $0)".map { Character(Unicode.Scalar($0.asciiValue! + 49)) })
    },
    Sample(testDescription: "one number", kind: .constant) { _ in "4.5" },
    Sample(testDescription: "one text", kind: .constant) { _ in "x" },
    Sample(testDescription: "nothing", kind: .constant) { _ in "" },
    Sample(testDescription: "times", kind: .datetime) { "2016-01-01 10:\(10 + $0 % 50):00" },
    Sample(testDescription: "postal codes", kind: .categorical) { "0050\($0 % 9)" },
  ]

  @Test("Kinds", arguments: samples)
  func kind(sample: Sample) throws {
    let text =
      "\(sample.name),b\n" + (0..<1000).map { "\(sample.field($0)),\($0 % 3)\n" }.joined()
    let (table, schema) = try TemporaryFile.read(text)
    #expect(
      schema.columns[0].kind == sample.kind, "\(sample.testDescription): \(schema.columns[0])")
    #expect(
      try TemporaryFile.text(table, schema: schema) == Array(text.utf8), "\(sample.testDescription)"
    )
  }

  struct Style: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var fields: [String]
    var style: NumberFormat.Style
    var decimals: Int
    var omitsLeadingZero = false
  }

  static let styles = [
    Style(
      testDescription: "fixed", fields: ["1.20", "3.45", "0.00"], style: .fixed, decimals: 2),
    Style(
      testDescription: "fixed without zeros", fields: [".70", "7.50", "18.00", "-.25"],
      style: .fixed, decimals: 2, omitsLeadingZero: true),
    Style(
      testDescription: "shortest", fields: ["7.5", "18", "0.25"], style: .shortest, decimals: 2),
    Style(
      testDescription: "shortest without zeros", fields: ["7.5", "18", ".25"], style: .shortest,
      decimals: 2, omitsLeadingZero: true),
    Style(
      testDescription: "with a point", fields: ["7.5", "18.0", "0.25"],
      style: .shortestWithPoint, decimals: 2),
    Style(testDescription: "whole", fields: ["7", "-18", "0"], style: .shortest, decimals: 0),
  ]

  @Test("Number formats, and their text again", arguments: styles)
  func format(style: Style) throws {
    let text =
      "a,b\n" + (0..<300).map { "\(style.fields[$0 % style.fields.count]),x\($0 % 2)\n" }.joined()
    let (table, schema) = try TemporaryFile.read(text)
    let format = try #require(schema["a"]?.numberFormat)
    #expect(
      format.style == style.style && format.decimals == style.decimals
        && format.omitsLeadingZero == style.omitsLeadingZero && !format.singlePrecision,
      "\(style.testDescription): \(format)")
    #expect(
      try TemporaryFile.text(table, schema: schema) == Array(text.utf8), "\(style.testDescription)")
  }

  @Test(
    "Single-precision numbers in full are told, in 14 and in 17 digits", arguments: [true, false])
  func singlePrecision(isLong: Bool) throws {
    var random = SplitMix64(state: 9)
    let text =
      "a,b\n"
      + (0..<2000).map { _ in
        let value = Double(Float(-73.9 + Double(random.next() % 1_000_000) / 1e7))
        return (isLong ? String(format: "%.17g", value) : "\(value)") + ",x\n"
      }.joined()
    let (table, schema) = try TemporaryFile.read(text)
    let format = try #require(schema["a"]?.numberFormat)
    #expect(format.singlePrecision && (format.style == .seventeenDigits) == isLong, "\(format)")
    #expect(try TemporaryFile.text(table, schema: schema) == Array(text.utf8))
  }

  @Test("What stands out is a point mass, with its share")
  func pointMasses() throws {
    var random = SplitMix64(state: 2)
    let values = (0..<10_000).map { row in
      row % 5 == 0 ? 52.0 : Double(random.next() % 10_000) / 100
    }
    let table = try Table(columns: [Column(name: "fare", values: .number(values))])
    let pointMasses = SchemaInference.infer(table).columns[0].pointMasses
    #expect(pointMasses.count == 1 && pointMasses.first?.value == 52, "\(pointMasses)")
    #expect(abs((pointMasses.first?.share ?? 0) - 0.2) < 0.01, "\(pointMasses)")
  }

  @Test("Missing share, distinct values and range")
  func summary() throws {
    let text = "a,b\n" + (0..<400).map { "\($0 % 4 == 0 ? "NA" : "\($0 % 50).5"),x\n" }.joined()
    let column = try #require(try TemporaryFile.read(text).schema["a"])
    #expect(column.missingShare == 0.25 && column.missingText == "NA")
    #expect(column.distinctCount == 50 && column.range == 0.5...49.5, "\(column)")
  }
}
