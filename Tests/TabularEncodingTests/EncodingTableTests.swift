// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

@Suite struct EncodingTableTests {
  struct Preset: Sendable, CustomTestStringConvertible {
    var name: String
    var configuration: EncodingConfiguration
    var testDescription: String { name }
  }
  static let presets = EncodingSamples.presets.map {
    Preset(name: $0.name, configuration: $0.configuration)
  }

  private func fit(_ rows: Int, _ preset: Preset) throws -> (table: Table, encoder: TableEncoder) {
    let (table, schema) = try EncodingSamples.trips(rows: rows)
    return (
      table,
      try TableEncoder.fit(
        table: table, schema: schema, configuration: preset.configuration, seed: 1)
    )
  }

  @Test(arguments: presets)
  func theTableComesBack(_ preset: Preset) throws {
    let (table, encoder) = try fit(3000, preset)
    let back = try encoder.roundTrip(table, stride: encoder.width + 3)
    #expect(back.columnNames == table.columnNames)
    for (column, result) in zip(table.columns, back.columns) {
      if preset.name == "ctgan", let a = column.numbers, let b = result.numbers {
        // Modes clip what is four deviations away.
        let differing = zip(a, b).count { !($0 == $1) && !($0.isNaN && $1.isNaN) }
        #expect(differing <= 30, "\(column.name): \(differing) rows")
      } else {
        let row = column.firstDifference(from: result)
        #expect(row == nil, "\(column.name) differs in row \(row ?? 0)")
      }
    }
  }

  @Test(arguments: presets)
  func spansCoverTheRow(_ preset: Preset) throws {
    let (table, encoder) = try fit(600, preset)
    var end = 0
    for span in encoder.spans {
      #expect(span.offset == end && span.width > 0, "\(span)")
      end += span.width
    }
    #expect(end == encoder.width)
    #expect(encoder.spans.map(\.column) == encoder.spans.map(\.column).sorted())
    let encoded = try encoder.transform(table, seed: 1)
    #expect(encoded.spans == encoder.spans && encoded.width == encoder.width)
    for (span, block) in zip(encoded.spans, encoded.blocks) {
      switch block {
      case .code, .byte:
        #expect(span.activation == .softmax, "\(span)")
        #expect(block.codes!.allSatisfy { $0 < span.width }, "\(span)")
        // A code takes a byte where it fits.
        if case .code(let codes) = block { #expect(codes.max()! > 255, "\(span)") }
      case .scalar(let values):
        let bounds: ClosedRange<Float> =
          switch span.activation {
          case .sigmoid: 0...1
          case .tanh: -1...1
          case .linear, .softmax: -6...6
          }
        #expect(span.width == 1 && span.activation != .softmax, "\(span)")
        #expect(values.allSatisfy(bounds.contains), "\(span)")
      }
    }
  }

  @Test(arguments: presets)
  func categoriesAreNamed(_ preset: Preset) throws {
    let (_, encoder) = try fit(600, preset)
    for (s, span) in encoder.spans.enumerated() {
      #expect(
        encoder.categoryNames(ofSpan: s).count == (span.activation == .softmax ? span.width : 0))
    }
    let payment = try #require(encoder.categorySpan(ofColumn: "payment"))
    #expect(encoder.categories(ofSpan: payment) == ["card", "cash", ""])
    let code = try #require(encoder.categorySpan(ofColumn: "code"))
    #expect(encoder.categories(ofSpan: code) == ["1", "2", "3"])
    #expect(encoder.categorySpan(ofColumn: "pickup") == nil)
    #expect(encoder.positionLabels.count == encoder.width)
    #expect(Set(encoder.positionLabels).count == encoder.width)
  }

  /// A row's encoded form and its inverse depend on the row alone: not on the rows beside it, and
  /// so not on how the work is shared out.
  @Test(arguments: presets)
  func rowsDoNotDependOnEachOther(_ preset: Preset) throws {
    let (table, encoder) = try fit(2500, preset)
    let encoded = try encoder.transform(table, seed: 9)
    var rows = [Float](repeating: 0, count: 2500 * encoder.width)
    rows.withUnsafeMutableBufferPointer {
      encoded.expand(rows: Array(0..<2500)[...], into: $0, stride: encoder.width)
    }
    let whole = try rows.withUnsafeBufferPointer {
      try encoder.inverse($0, count: 2500, stride: encoder.width, seed: 1)
    }
    for first in [0, 1, 1023, 1024, 2040] {
      let count = min(300, 2500 - first)
      let part = try rows.withUnsafeBufferPointer {
        try encoder.inverse(
          UnsafeBufferPointer(rebasing: $0[(first * encoder.width)...]), count: count,
          stride: encoder.width, firstRow: first, seed: 1)
      }
      let same = whole.selecting(rows: Array(first..<first + count))
      for (a, b) in zip(same.columns, part.columns) {
        #expect(a.firstDifference(from: b) == nil, "\(a.name) from row \(first)")
      }
    }
    let head = try encoder.transform(table.selecting(rows: Array(0..<100)), seed: 9)
    var short = [Float](repeating: 0, count: 100 * encoder.width)
    short.withUnsafeMutableBufferPointer {
      head.expand(rows: Array(0..<100)[...], into: $0, stride: encoder.width)
    }
    #expect(short == Array(rows.prefix(100 * encoder.width)))
  }

  @Test(arguments: presets)
  func fittingIsDeterministic(_ preset: Preset) throws {
    #expect(try fit(2000, preset).encoder == fit(2000, preset).encoder)
  }

  @Test(arguments: presets)
  func storedEncodersAreTheSame(_ preset: Preset) throws {
    let (table, encoder) = try fit(3000, preset)
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys]
    let data = try json.encode(encoder)
    let stored = try JSONDecoder().decode(TableEncoder.self, from: data)
    #expect(stored == encoder)
    #expect(stored.spans == encoder.spans)
    #expect(try json.encode(stored) == data)
    let rows = { (encoder: TableEncoder) throws -> [Float] in
      var rows = [Float](repeating: 0, count: 3000 * encoder.width)
      let encoded = try encoder.transform(table, seed: 3)
      rows.withUnsafeMutableBufferPointer {
        encoded.expand(rows: Array(0..<3000)[...], into: $0, stride: encoder.width)
      }
      return rows
    }
    #expect(try rows(stored) == rows(encoder))
  }

  /// The form of the JSON that models are stored in.
  @Test func theStoredFormIsPinned() throws {
    let table = try Table(columns: [
      Column(name: "kind", values: .text(codes: [0, 1, 0, -1], categories: ["a", "b"])),
      Column(name: "amount", values: .number([1, 2, 3, 5])),
      Column(
        name: "key", values: .text(codes: [0, 1, 2, 3], categories: ["k1", "k2", "k3", "k4"])),
    ])
    let schema = Schema(columns: [
      ColumnSchema(name: "kind", kind: .categorical),
      ColumnSchema(
        name: "amount", kind: .continuous, numberFormat: NumberFormat(style: .fixed, decimals: 1)),
      ColumnSchema(name: "key", kind: .id),
    ])
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys]
    let text = String(decoding: try json.encode(encoder), as: UTF8.self)
    #expect(
      text == """
        {"columns":[{"categories":["a","b"],"encoder":{"categories":[0,1],"hasMissing":true,\
        "type":"category"},"name":"kind","storage":"text"},\
        {"encoder":{"count":4,"grid":{"maximum":5,"minimum":1,"offset":10,"scale":10,\
        "singlePrecision":false,"stride":10},"isStepped":false,"output":"normal",\
        "ranks":[0,1,2,3],"type":"quantile","values":[1,2,3,5]},"name":"amount",\
        "storage":"number"},{"categories":[],"encoder":{"type":"constant"},"identifiers":\
        {"attempts":1,"count":4,"first":5,"isNumber":false,"missingShare":0,"patterns":\
        [{"fields":[{"literal":{"_0":"k"}},{"running":{"digits":1,"last":4}}],"share":1}],\
        "repeatedShare":0},"name":"key","storage":"text"}],\
        "relations":[]}
        """)
  }

  @Test(arguments: [
    ("\"categories\":[0,1]", "\"categories\":[1,0]"),
    ("\"categories\":[0,1]", "\"categories\":[0,9]"),
    ("\"categories\":[0,1]", "\"categories\":[]"), ("\"type\":\"category\"", "\"type\":\"magic\""),
    ("\"ranks\":[0,1", "\"ranks\":[1,1"), ("\"values\":[1,2,", "\"values\":[2,1,"),
    (
      "\"relations\":[]",
      "\"relations\":[{\"target\":\"x\",\"parts\":[],\"decimals\":2,\"skipsMissingParts\":true}]"
    ),
    ("\"name\":\"amount\"", "\"name\":\"kind\""),
  ])
  func damagedEncodersAreRefused(_ whole: String, _ damaged: String) throws {
    let table = try Table(columns: [
      Column(name: "kind", values: .text(codes: [0, 1, 0, -1], categories: ["a", "b"])),
      Column(name: "amount", values: .number([1, 2, 3, 5])),
    ])
    let schema = Schema(columns: [
      ColumnSchema(name: "kind", kind: .categorical),
      ColumnSchema(name: "amount", kind: .continuous),
    ])
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys]
    let text = String(decoding: try json.encode(encoder), as: UTF8.self)
    try #require(text.contains(whole), "\(text)")
    let other = text.replacingOccurrences(of: whole, with: damaged)
    #expect(throws: DecodingError.self, "\(damaged)") {
      try JSONDecoder().decode(TableEncoder.self, from: Data(other.utf8))
    }
  }
}
