// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import Tabular
import TableTestSupport
import Testing

/// Python's csv module as a second opinion on how a text is split.
@Suite("CSV beside Python's csv module")
struct CSVPythonTests {
  static let python: String? = ["/usr/bin/python3", "/usr/local/bin/python3", "/bin/python3"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Every record as JSON; empty lines are passed over, as the reader does.
  private static let script = """
    import csv, json, sys
    with open(sys.argv[1], newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file, delimiter=sys.argv[2]) if row]
    json.dump(rows, sys.stdout)
    """

  private static func rows(_ path: String, delimiter: String) throws -> [[String]] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments = ["-c", script, path, delimiter]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode([[String]].self, from: output)
  }

  @Test(
    "Adversarial files hold the same fields", .enabled(if: python != nil, "there is no python3"),
    arguments: 0..<12)
  func fields(seed: Int) throws {
    var random = SplitMix64(state: UInt64(seed) + 100)
    let delimiter = [",", ";", "\t", "|"][seed % 4]
    let newline = ["\n", "\r\n"][seed / 4 % 2]
    let pieces = [
      "a", "Z", " ", "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r\n", "ü", "日", "0", "'", "\\",
    ]
    let width = 1 + seed % 5
    var text = seed % 3 == 0 ? "\u{FEFF}" : ""
    text += (0..<width).map { "c\($0)" }.joined(separator: delimiter) + newline
    for row in 0..<4000 {
      let fields = (0..<width).map { _ in
        let length = Int(random.next() % 6)
        let field = (0..<length).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
          .joined()
        let mustQuote = field.contains { $0 == "\"" || $0.isNewline || "\(delimiter)" == "\($0)" }
        if mustQuote || random.next() % 4 == 0 || width == 1 && field.isEmpty {
          return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        }
        return "x" + field
      }
      text += fields.joined(separator: delimiter)
      if row < 3999 || seed % 2 == 0 { text += newline }
      if random.next() % 50 == 0 && row < 3999 { text += newline }
    }
    let file = try TemporaryFile()
    try file.write(text)
    let expected = try Self.rows(file.path, delimiter: delimiter)
    for threads in [1, 3] {
      // Declared a category, a column is never taken for numbers.
      let schema = Schema(
        columns: (0..<width).map { ColumnSchema(name: "c\($0)", kind: .categorical) })
      let options = CSVOptions(
        delimiter: delimiter.utf8.first!, schema: schema, threads: threads)
      let table = try CSVReader.readTable(path: file.path, options: options).table
      #expect(table.rowCount == expected.count - 1, "seed \(seed), \(threads) threads")
      for (c, column) in table.columns.enumerated() {
        let wrong = zip(column.fieldTexts, expected.dropFirst()).first { ($0 ?? "") != $1[c] }
        #expect(wrong == nil, "seed \(seed), \(threads) threads, column \(c)")
      }
    }
  }

  @Test(
    "What is written is what Python reads", .enabled(if: python != nil, "there is no python3"))
  func written() throws {
    let texts = ["plain", "a,b", "\"", "line\nbreak", "\r\n", " spaces ", "ä", "x\"y", "\"\""]
    let codes = (0..<3000).map { Int32($0 * 7 % (texts.count + 1)) - 1 }
    let table = try Table(columns: [
      Column(name: "a,1", values: .text(codes: codes, categories: texts)),
      Column(name: "b", values: .text(codes: codes.reversed(), categories: texts)),
    ])
    let file = try TemporaryFile()
    let writer = try CSVWriter(path: file.path, schema: SchemaInference.infer(table))
    try writer.write(table)
    try writer.finish()
    let rows = try Self.rows(file.path, delimiter: ",")
    #expect(rows.first == ["a,1", "b"] && rows.count == 3001)
    for (c, column) in table.columns.enumerated() {
      #expect(rows.dropFirst().map { $0[c] } == column.fieldTexts.map { $0 ?? "" }, "column \(c)")
    }
  }
}
