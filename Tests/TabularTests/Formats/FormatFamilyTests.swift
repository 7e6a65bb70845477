// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// Every format survives being read, fitted, stored, loaded, encoded, decoded and written.
@Suite("Formats of values")
struct FormatFamilyTests {
  /// A missing-value marker and its share.
  struct Missing: Sendable, CustomTestStringConvertible {
    var text: String?
    var share: Double
    var testDescription: String { text.map { "\(share) missing as '\($0)'" } ?? "none missing" }
  }

  static let missing = [
    Missing(text: nil, share: 0), Missing(text: "", share: 0.2), Missing(text: "n/a", share: 0.1),
    Missing(text: "?", share: 0.6),
  ]

  static func field(_ format: ValueFormat, _ missing: Missing, _ row: Int) -> String {
    guard let text = missing.text, FormatFamily.uniform(row, 9) < missing.share else {
      return format.text(row)
    }
    return text
  }

  /// A CSV text with the tested column and another one.
  static func csv(_ fields: [String]) -> String {
    let quoted = fields.map { $0.contains(",") ? "\"\($0)\"" : $0 }
    return "v,k\n" + quoted.enumerated().map { "\($1),k\($0 % 3)\n" }.joined()
  }

  @Test("A file is written exactly as it was read", arguments: FormatFamily.all, missing)
  func readAndWritten(format: ValueFormat, missing: Missing) throws {
    for rows in [60, 700] {
      let fields = (0..<rows).map { Self.field(format, missing, $0) }
      let text = Self.csv(fields)
      let (table, schema) = try TemporaryFile.read(text)
      let column = schema.columns[0]
      let note: Comment = "\(format.name), \(missing.testDescription), \(rows) rows: \(column)"
      if rows > 100, format.group != .texts || missing.text == nil {
        #expect(column.kind == format.kind, note)
      }
      let written = String(decoding: try TemporaryFile.text(table, schema: schema), as: UTF8.self)
      #expect(written == text, "\(Self.firstDifference(text, written)): \(note)")
    }
  }

  private static func firstDifference(_ a: String, _ b: String) -> String {
    let pairs = zip(a.split(separator: "\n"), b.split(separator: "\n"))
    return pairs.first { $0 != $1 }.map { "'\($0)' became '\($1)'" } ?? "as many lines"
  }

  @Test("Decoded values have the format of their column", arguments: FormatFamily.all, missing)
  func decoded(format: ValueFormat, missing: Missing) throws {
    let shape = try Regex(format.shape)
    for rows in [40, 700] {
      let fields = (0..<rows).map { Self.field(format, missing, $0) }
      let (table, schema) = try TemporaryFile.read(Self.csv(fields))
      let note: Comment = "\(format.name), \(missing.testDescription), \(rows) rows"
      let fitted = try TableEncoder.fit(
        table: table, schema: schema, configuration: .standard, seed: 1)
      let stored = try JSONEncoder().encode(fitted)
      let encoder = try JSONDecoder().decode(TableEncoder.self, from: stored)
      let encoded = try encoder.transform(table, seed: 1)
      var dense = [Float](repeating: 0, count: rows * encoder.width)
      dense.withUnsafeMutableBufferPointer { buffer in
        encoded.expand(rows: ArraySlice(0..<rows), into: buffer, stride: encoder.width)
      }
      let decoded = try dense.withUnsafeBufferPointer { buffer in
        try encoder.inverse(buffer, count: rows, stride: encoder.width, seed: 1)
      }
      let written = String(decoding: try TemporaryFile.text(decoded, schema: schema), as: UTF8.self)
      let (again, _) = try TemporaryFile.read(
        written,
        options: CSVOptions(schema: Schema(columns: [ColumnSchema(name: "v", kind: .categorical)])))
      #expect(again.rowCount == rows, note)
      var misshapen: [String] = []
      for line in written.split(separator: "\n").dropFirst() {
        var field = String(line[..<line.lastIndex(of: ",")!])
        if field.hasPrefix("\"") { field = String(field.dropFirst().dropLast()) }
        if field == missing.text { continue }
        if try shape.wholeMatch(in: field) == nil { misshapen.append(field) }
      }
      #expect(misshapen.isEmpty, "\(misshapen.prefix(3)): \(note)")
    }
  }
}
