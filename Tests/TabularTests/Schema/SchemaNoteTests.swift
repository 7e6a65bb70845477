// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing

@Suite("Schema notes")
struct SchemaNoteTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var topics: [SchemaNote.Topic]
    var rows = 400
    var field: @Sendable (Int) -> String
  }

  static let samples = [
    Sample(testDescription: "rising numbers", topics: [.id]) { "\($0 * 3)" },
    Sample(testDescription: "codes of two words", topics: [.id]) { "order \($0)" },
    Sample(testDescription: "sentences", topics: [.freeText]) { "it was number \($0), I think" },
    Sample(testDescription: "few categories", topics: []) { "level \($0 % 7)" },
    Sample(testDescription: "100 categories", topics: []) { "level \($0 % 100)" },
    Sample(testDescription: "a category for two rows", topics: [.manyCategories]) {
      "level \($0 / 2)"
    },
    Sample(testDescription: "150 categories of 40 rows", topics: [], rows: 6000) {
      "level \($0 % 150)"
    },
    Sample(testDescription: "1,100 categories of 20 rows", topics: [.manyCategories], rows: 22_000)
    {
      "level \($0 % 1100)"
    },
    Sample(testDescription: "a quantity", topics: []) { "\(Double($0 * 37 % 1009) / 8)" },
    Sample(testDescription: "99 rows", topics: [.fewRows], rows: 99) { "level \($0 % 7)" },
    Sample(testDescription: "100 rows", topics: [], rows: 100) { "level \($0 % 7)" },
  ]

  @Test("Topics", arguments: samples)
  func topics(sample: Sample) throws {
    let file = try TemporaryFile()
    try file.write(
      "a,b\n" + (0..<sample.rows).map { "\"\(sample.field($0))\",5\n" }.joined())
    let content = try CSVReader.read(path: file.path)
    #expect(content.notes.map(\.topic) == sample.topics, "\(content.notes)")
    for note in content.notes where note.topic != .fewRows {
      #expect(note.column == "a" && note.description.hasPrefix("column 'a': "), "\(note)")
    }
  }

  @Test("Notes accompany a schema but are not part of it")
  func schemaFile() throws {
    let file = try TemporaryFile()
    try file.write("a\n" + (1...200).map { "\($0)\n" }.joined())
    let content = try CSVReader.read(path: file.path)
    let json = try SchemaFile.json(content.schema, notes: content.notes)
    try file.write(Array(json), to: "schema.json")
    #expect(String(decoding: json, as: UTF8.self).contains("200 distinct numbers in 200 rows"))
    #expect(try SchemaFile.read(file.folder + "/schema.json") == content.schema)
    // A topic unknown to this version does not make a schema invalid.
    try file.write(
      #"{"version": 1, "columns": [], "notes": [{"topic": "later", "text": "x"}]}"#,
      to: "later.json")
    #expect(try SchemaFile.read(file.folder + "/later.json").columns.isEmpty)
  }
}
