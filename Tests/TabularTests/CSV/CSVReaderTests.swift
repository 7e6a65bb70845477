// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import Tabular
import TableTestSupport
import Testing

@Suite("CSV reader")
struct CSVReaderTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var names: [String]
    /// The columns as text, a row each.
    var rows: [[String?]]

    init(_ name: String, _ text: String, _ names: [String], _ rows: [[String?]]) {
      testDescription = name
      self.text = text
      self.names = names
      self.rows = rows
    }
  }

  static let samples = [
    Sample("plain", "a,b\nx,y\nz,w\n", ["a", "b"], [["x", "y"], ["z", "w"]]),
    Sample("no final newline", "a,b\nx,y\nz,w", ["a", "b"], [["x", "y"], ["z", "w"]]),
    Sample("CRLF", "a,b\r\nx,y\r\nz,w\r\n", ["a", "b"], [["x", "y"], ["z", "w"]]),
    Sample("lone CR", "a,b\rx,y\rz,w\r", ["a", "b"], [["x", "y"], ["z", "w"]]),
    Sample("byte order mark", "\u{FEFF}a,b\nx,y\n", ["a", "b"], [["x", "y"]]),
    Sample("empty lines", "\n\na,b\n\nx,y\n\n\nz,w\n\n", ["a", "b"], [["x", "y"], ["z", "w"]]),
    Sample("quoted", "a,b\n\"x\",\"y\"\n", ["a", "b"], [["x", "y"]]),
    Sample("doubled quotes", "a,b\n\"x\"\"\",\"\"\"\"\n", ["a", "b"], [["x\"", "\""]]),
    Sample(
      "delimiters and newlines in quotes", "a,b\n\"x,\n1\",\"y\r\n\"\n", ["a", "b"],
      [["x,\n1", "y\r\n"]]),
    Sample(
      "a quote inside a field", "a,b\nx\"1\",5\"\nz,w\n", ["a", "b"],
      [["x\"1\"", "5\""], ["z", "w"]]),
    Sample("empty fields are missing", "a,b\n,y\nx,\n", ["a", "b"], [[nil, "y"], ["x", nil]]),
    Sample("a lone quoted empty field is a row", "a\nx\n\"\"\ny\n", ["a"], [["x"], [nil], ["y"]]),
    Sample("NA is a text", "a,b\nNA,x\nFR,y\n", ["a", "b"], [["NA", "x"], ["FR", "y"]]),
    Sample("semicolons", "a;b\nx,1;y\n", ["a", "b"], [["x,1", "y"]]),
    Sample("tabs", "a\tb\nx\ty\n", ["a", "b"], [["x", "y"]]),
    Sample("bars", "a|b\nx|y\n", ["a", "b"], [["x", "y"]]),
    Sample("a quoted header", "\"a,1\",\"b\"\"\"\nx,y\n", ["a,1", "b\""], [["x", "y"]]),
    Sample("spaces around names", " a , b\nx,y\n", ["a", "b"], [["x", "y"]]),
    Sample("beyond ASCII", "ä,b\nß,日本\n", ["ä", "b"], [["ß", "日本"]]),
    Sample(
      "digits that name something", "zip,b\n00501,x\n10001,y\n", ["zip", "b"],
      [["00501", "x"], ["10001", "y"]]),
    Sample(
      "keys beyond a double", "key,b\n1234567890123456789,x\n1234567890123456788,y\n",
      ["key", "b"], [["1234567890123456789", "x"], ["1234567890123456788", "y"]]),
  ]

  @Test("Texts are read as they are", arguments: samples, [1, 2, 3])
  func texts(sample: Sample, threads: Int) throws {
    let table = try TemporaryFile.read(sample.text, options: CSVOptions(threads: threads)).table
    #expect(table.columnNames == sample.names, "\(sample.testDescription), \(threads) threads")
    for (c, column) in table.columns.enumerated() {
      #expect(
        column.fieldTexts == sample.rows.map { $0[c] },
        "\(sample.testDescription), \(threads) threads, column \(column.name)")
    }
  }

  @Test(
    "Numbers are the nearest doubles",
    arguments: [
      "0", "-0.5", "+7", ".70", "-.5", "7.", "1e3", "1E-7", "0.1", "123456789012345678.0",
      "40.732406616210937", "-73.990371704101563", "9007199254740993.5", "1.7976931348623157e308",
      "5e-324", "2.2250738585072011e-308", "0.000000000000000000000000000001",
      "179769313486231570000000000000000000000.0", "3.141592653589793238462643383279502884197",
      " 4.5 ", "1e-400",
    ])
  func number(text: String) throws {
    let table = try TemporaryFile.read("a,b\n\(text),1.5\n").table
    let expected = strtod(text, nil)
    let value = table["a"]?.numbers?.first
    #expect(value?.bitPattern == expected.bitPattern, "\(text): \(String(describing: value))")
  }

  @Test("Random doubles are read back bit for bit")
  func randomNumbers() throws {
    var random = SplitMix64(state: 11)
    let values = (0..<20_000).map { _ in Double(bitPattern: random.next()) }
      .map { $0.isFinite ? $0 : 0.25 }
    let text = "a,b\n" + values.map { "\($0),1\n" }.joined()
    let read = try #require(try TemporaryFile.read(text).table["a"]?.numbers)
    let wrong = zip(values, read).first { $0.bitPattern != $1.bitPattern }
    #expect(wrong == nil && read.count == values.count)
  }

  @Test(
    "Missing numbers",
    arguments: [
      "", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "n/a", "#N/A", "<NA>", "NaT", "\\N",
      "?",
      "-", ".", "none", "Null",
    ])
  func missing(text: String) throws {
    let (table, schema) = try TemporaryFile.read("a,b\n1.5,x\n\(text),y\n2.5,z\n")
    let numbers = try #require(table["a"]?.numbers)
    #expect(numbers[1].isNaN && numbers[0] == 1.5 && numbers[2] == 2.5, "\(text)")
    #expect(schema["a"]?.missingText == text && schema["a"]?.missingShare == 1.0 / 3, "\(text)")
  }

  @Test(
    "An infinity is no number", arguments: ["inf", "-inf", "Infinity", "1e999", "-1e400"])
  func infinity(text: String) throws {
    let rows = (1...400).map { "\($0).5,x\n" }
    let problem = try TemporaryFile.problem(
      Array(("a,b\n" + rows.joined() + "\(text),x\n" + rows.joined()).utf8))
    #expect(
      problem.hasPrefix("FILE:402: column 'a'") && problem.contains("'\(text)'"), "\(problem)")
  }

  @Test("A missing text can be declared")
  func declaredMissing() throws {
    let text = "a,b\n" + (1...400).map { $0 == 300 ? "inf,inf\n" : "\($0).5,x\n" }.joined()
    let problem = try TemporaryFile.problem(Array(text.utf8))
    #expect(
      problem.hasPrefix("FILE:301: column 'a'") && problem.contains("--missing 'inf'"), "\(problem)"
    )
    let (table, schema) = try TemporaryFile.read(
      text, options: CSVOptions(declaredMissingTexts: ["inf"]))
    #expect(table["a"]?.missingCount == 1 && table["b"]?.missingCount == 1)
    #expect(try TemporaryFile.text(table, schema: schema) == Array(text.utf8))
    var column = ColumnSchema(name: "a", kind: .continuous)
    column.missingText = "inf"
    let declared = CSVOptions(schema: Schema(columns: [column]))
    #expect(try TemporaryFile.read(text, options: declared).table["a"]?.missingCount == 1)
  }

  @Test(
    "A rare field that is no number is an error wherever it stands", arguments: [1, 2, 250, 400])
  func rareMismatch(row: Int) throws {
    let text = "a,b\n" + (1...400).map { $0 == row ? "oops,x\n" : "\($0).5,x\n" }.joined()
    let problem = try TemporaryFile.problem(Array(text.utf8))
    #expect(
      problem.hasPrefix("FILE:\(row + 1): column 'a'") && problem.contains("'oops'"), "\(problem)")
    let declared = Schema(columns: [ColumnSchema(name: "a", kind: .categorical)])
    _ = try TemporaryFile.read(text, options: CSVOptions(schema: declared))
  }

  @Test("Types are told by the whole file, not by its beginning")
  func lateTypes() throws {
    let empty = String(repeating: ",x\n", count: 3000)
    let times = try TemporaryFile.read("a,b\n" + empty + "2016-01-02 03:04:05,x\n").table
    #expect(times["a"]?.numbers?.last == 1_451_703_845)
    let texts = try TemporaryFile.read("a,b\n" + empty + "late,x\n").table
    #expect(texts["a"]?.fieldTexts.last == "late")
    let days = (0..<3000).map { "0\($0 % 9 + 1)/0\($0 % 9 + 1)/2016,x\n" }.joined()
    let european = try TemporaryFile.read("a,b\n" + days + "25/12/2016,x\n")
    #expect(european.schema["a"]?.datetimeFormat?.pattern == "dd/MM/yyyy")
    #expect(european.table["a"]?.numbers?.last == 1_482_624_000)
  }

  @Test("Repeated words among many numbers are missing values, with their shares")
  func repeatedWords() throws {
    var random = SplitMix64(state: 4)
    let fields = (0..<3000).map { _ in
      let draw = random.next() % 100
      return draw < 10 ? "unknown" : draw < 13 ? "refused" : "\(Double(random.next() % 5000) / 4)"
    }
    let file = try TemporaryFile()
    try file.write("a,b\n" + fields.map { "\($0),x\n" }.joined())
    let content = try CSVReader.read(path: file.path)
    let column = try #require(content.schema["a"])
    #expect(column.kind == .continuous && column.missingText == "unknown", "\(column)")
    let other = try #require(column.otherMissingTexts.first)
    let refused = fields.count { $0 == "refused" }
    let missing = fields.count { $0 == "refused" || $0 == "unknown" }
    #expect(other.text == "refused" && other.share == Double(refused) / Double(missing))
    #expect(content.notes.contains { $0.topic == .missingText && $0.column == "a" })
    let written = String(
      decoding: try TemporaryFile.text(content.table, schema: content.schema), as: UTF8.self)
    let again = written.split(separator: "\n").count { $0.hasPrefix("refused") }
    #expect(abs(again - refused) < 40, "\(again) for \(refused)")
  }

  @Test("Ratings with a few words are a category that keeps all of them")
  func fewNumbersAndWords() throws {
    let text =
      "a,b\n" + (0..<600).map { "\($0 % 7 == 0 ? "none given" : "\($0 % 5)"),x\n" }.joined()
    let (table, schema) = try TemporaryFile.read(text)
    #expect(schema["a"]?.kind == .categorical && table["a"]?.fieldTexts.first == "none given")
  }

  @Test("A day that the calendar does not have is named")
  func impossibleDay() throws {
    let text = "a,b\n" + (1...400).map { "2016-02-\($0 == 200 ? "30" : "28"),x\n" }.joined()
    #expect(try TemporaryFile.problem(Array(text.utf8)).hasPrefix("FILE:201: column 'a'"))
  }

  @Test("Ragged records can be skipped and are counted", arguments: [1, 2, 3])
  func skipping(threads: Int) throws {
    let file = try TemporaryFile()
    let rows = (0..<30_000).map { $0 % 1000 == 7 ? "\($0)\n" : "\($0),x\n" }
    try file.write("a,b\n" + rows.joined())
    let content = try CSVReader.read(
      path: file.path, options: CSVOptions(raggedRecords: .skip, threads: threads))
    #expect(content.skippedRecords == 30 && content.table.rowCount == 29_970, "\(threads) threads")
  }

  @Test("Latin-1 is read where it is asked for")
  func latin1() throws {
    let bytes: [UInt8] = [0x61, 0x2C, 0x62, 0x0A, 0xE9, 0x2C, 0x31, 0x0A]
    let problem = try TemporaryFile.problem(bytes)
    #expect(problem.hasPrefix("FILE:2: ") && problem.contains("'é'"), "\(problem)")
    let table = try TemporaryFile.read(bytes, options: CSVOptions(encoding: .latin1)).table
    #expect(table["a"]?.fieldTexts == ["é"])
  }

  @Test("The result does not depend on the number of threads", arguments: [true, false])
  func threads(quoted: Bool) throws {
    var random = SplitMix64(state: 5)
    let mark = quoted ? "\"" : ""
    let rows = (0..<60_000).map { row in
      let text = quoted ? "t\(random.next() % 50),\n\"\"" : "t\(random.next() % 50)"
      return "\(row),\(mark)\(text)\(mark),\(Double(random.next() % 1000) / 8)\n"
    }
    let text = "k,t,v\n" + rows.joined()
    let one = try TemporaryFile.read(text, options: CSVOptions(threads: 1))
    for threads in [2, 3, 8] {
      let more = try TemporaryFile.read(text, options: CSVOptions(threads: threads))
      #expect(more.table == one.table && more.schema == one.schema, "\(threads) threads")
    }
    #expect(one.table.rowCount == 60_000)
  }

  @Test("Progress ends at the size of the file")
  func progress() throws {
    let last = Seen()
    let file = try TemporaryFile()
    try file.write("a,b\n1,x\n")
    _ = try CSVReader.read(
      path: file.path, options: CSVOptions(progress: { last.set(($0, $1)) }))
    #expect(last.value?.0 == 8 && last.value?.1 == 8)
  }

  private final class Seen: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: (Int, Int)?
    func set(_ value: (Int, Int)) { lock.withLock { stored = value } }
    var value: (Int, Int)? { lock.withLock { stored } }
  }
}
