// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing

/// A file written without the library's writer, with fields that are difficult to read.
struct DialectFile: Sendable, CustomTestStringConvertible {
  var dialect: CSVDialect
  var isCompressed = false

  var testDescription: String {
    let encoding = dialect.encoding.name + (dialect.hasByteOrderMark ? " with mark" : "")
    return "'\(Character(UnicodeScalar(dialect.delimiter)))' \(dialect.lineEnd) \(dialect.quoting) "
      + "\(dialect.spaces) \(encoding) header \(dialect.hasHeader) "
      + "backslashes \(dialect.hasBackslashEscapes) gzip \(isCompressed)"
  }

  static let names = ["id", "price", "größe", "note", "seen"]
  static let notes = [
    "plain", "a, b; c | d\te", "say \"hi\"", "two\nlines", "café", "x", "-", "\"q\"",
  ]
  static let sizes = ["klein", "groß", "mittel"]

  /// The fields of each row; nil is missing.
  static let rows: [[String?]] = (0..<300).map { row in
    [
      "\(row * 7 % 1000)", row % 11 == 5 ? nil : "\(row / 4).\(row % 4 * 25 + 10)", sizes[row % 3],
      row % 13 == 2 ? nil : notes[row % notes.count], "2024-0\(row % 9 + 1)-1\(row % 10)",
    ]
  }

  private func field(_ text: String?, isText: Bool) -> String {
    let text = text ?? ""
    let delimiter = Character(UnicodeScalar(dialect.delimiter))
    let isSpecial = text.contains { $0 == delimiter || $0 == "\"" || $0.isNewline }
    let isQuoted =
      isSpecial || dialect.quoting == .all || dialect.quoting == .texts && isText && !text.isEmpty
    guard isQuoted else { return text }
    let mark = dialect.hasBackslashEscapes ? "\\\"" : "\"\""
    return "\"" + text.replacingOccurrences(of: "\"", with: mark) + "\""
  }

  var text: String {
    var lines: [[String]] = Self.rows.map { row in
      row.enumerated().map { c, text in field(text, isText: c > 1) }
    }
    if dialect.hasHeader { lines.insert(Self.names.map { field($0, isText: true) }, at: 0) }
    let separator =
      String(UnicodeScalar(dialect.delimiter)) + (dialect.spaces == .delimiting ? " " : "")
    let end = ["lf": "\n", "crlf": "\r\n", "cr": "\r"][dialect.lineEnd.rawValue]!
    return lines.map { $0.joined(separator: separator) + end }.joined()
  }

  var bytes: [UInt8] {
    let encodings: [String: String.Encoding] = [
      "utf-8": .utf8, "utf-16le": .utf16LittleEndian, "utf-16be": .utf16BigEndian,
      "iso-8859-1": .isoLatin1, "windows-1252": .windowsCP1252,
    ]
    let text = dialect.hasByteOrderMark ? "\u{FEFF}" + self.text : self.text
    return Array(text.data(using: encodings[dialect.encoding.name]!)!)
  }

  /// The options required to read it.
  var options: CSVOptions {
    let isShown = dialect.encoding == .utf8 || dialect.encoding.needsMark
    return CSVOptions(
      hasHeader: dialect.hasHeader, encoding: isShown ? nil : dialect.encoding)
  }

  static let all: [DialectFile] = {
    var files: [DialectFile] = []
    for delimiter in [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")] {
      for lineEnd in CSVDialect.LineEnd.allCases {
        for quoting in CSVDialect.Quoting.allCases {
          files.append(
            DialectFile(
              dialect: CSVDialect(delimiter: delimiter, lineEnd: lineEnd, quoting: quoting)))
        }
      }
    }
    let encodings: [(TextEncoding, Bool)] = [
      (.utf8, true), (.utf16LittleEndian, true), (.utf16BigEndian, true),
      (.utf16LittleEndian, false), (.utf16BigEndian, false), (.latin1, false),
      (.windows1252, false),
    ]
    for (encoding, hasMark) in encodings {
      for isCompressed in [false, true] {
        let dialect = CSVDialect(
          delimiter: UInt8(ascii: ";"), lineEnd: .crlf, encoding: encoding,
          hasByteOrderMark: hasMark)
        files.append(DialectFile(dialect: dialect, isCompressed: isCompressed))
      }
    }
    files.append(DialectFile(dialect: CSVDialect(spaces: .delimiting)))
    files.append(DialectFile(dialect: CSVDialect(quoting: .all, spaces: .delimiting)))
    files.append(DialectFile(dialect: CSVDialect(hasBackslashEscapes: true)))
    files.append(
      DialectFile(dialect: CSVDialect(delimiter: 0x09, quoting: .all, hasBackslashEscapes: true)))
    files.append(DialectFile(dialect: CSVDialect(hasHeader: false)))
    files.append(
      DialectFile(dialect: CSVDialect(delimiter: 0x09, lineEnd: .cr, hasHeader: false)))
    return files
  }()
}

@Suite("CSV dialects")
struct CSVDialectTests {
  @Test(
    "A file's dialect is detected, and the same bytes are written", arguments: DialectFile.all,
    [1, 3])
  func roundTrip(file: DialectFile, threads: Int) throws {
    let folder = try TemporaryFile()
    try folder.write(file.bytes)
    if file.isCompressed { try gzip(folder.path) }
    var options = file.options
    options.threads = threads
    let path = folder.path + (file.isCompressed ? ".gz" : "")
    let (table, schema) = try CSVReader.readTable(path: path, options: options)

    #expect(schema.dialect == file.dialect, "\(file.testDescription)")
    let names = file.dialect.hasHeader ? DialectFile.names : (1...5).map { "column_\($0)" }
    #expect(table.columnNames == names, "\(file.testDescription)")
    for c in [2, 3] {
      #expect(
        table.columns[c].fieldTexts == DialectFile.rows.map { $0[c] },
        "\(file.testDescription), column \(c)")
    }
    for c in [0, 1] {
      let numbers = try #require(table.columns[c].numbers, "\(file.testDescription), column \(c)")
      for (row, value) in numbers.enumerated() {
        let expected = DialectFile.rows[row][c].flatMap(Double.init) ?? .nan
        guard value == expected || value.isNaN && expected.isNaN else {
          Issue.record("\(file.testDescription), column \(c), row \(row): \(value) \(expected)")
          break
        }
      }
    }
    let output = try TemporaryFile()
    let writer = try CSVWriter(path: output.path, schema: schema, threads: threads)
    try writer.write(table)
    try writer.finish()
    #expect(try output.content(of: "t.csv") == file.bytes, "\(file.testDescription)")
    // A schema is stored as JSON between reading and writing.
    let kept = try JSONDecoder().decode(Schema.self, from: JSONEncoder().encode(schema))
    #expect(kept == schema, "\(file.testDescription)")
  }

  private func gzip(_ path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = [path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  struct Found: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var delimiter: Character
    var names: [String]
    var rows: Int

    init(_ name: String, _ text: String, _ delimiter: Character, _ names: [String], rows: Int) {
      testDescription = name
      self.text = text
      self.delimiter = delimiter
      self.names = names
      self.rows = rows
    }
  }

  static let found = [
    Found("decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", ";", ["a", "b"], rows: 2),
    Found(
      "commas in names and decimals", "id;price, EUR;size, m\n1;2,5;3,7\n2;3,5;4,1\n", ";",
      ["id", "price, EUR", "size, m"], rows: 2),
    Found(
      "quoted names with commas", "\"a, b, c, d\";\"e\"\nx;1\ny;2\n", ";", ["a, b, c, d", "e"],
      rows: 2),
    Found("semicolons in text", "a,b\nx;y;z,1\nu;v,2\nw,3\n", ",", ["a", "b"], rows: 3),
    Found("vertical bars in a tab file", "a\tb|c\n1|2\t3\n4\t5\n", "\t", ["a", "b|c"], rows: 2),
    Found("sep= line", "sep=;\na,x;b\n1;2\n3;4\n", ";", ["a,x", "b"], rows: 2),
    Found("sep= line, CRLF", "SEP=|\r\na|b\r\n1|2\r\n", "|", ["a", "b"], rows: 1),
    Found("one column", "price\n1.5\n2.5\n", ",", ["price"], rows: 2),
    Found("one record", "a;b;c\n1;2;3\n", ";", ["a", "b", "c"], rows: 1),
    Found(
      "lines above the header",
      "Sales report 2024\nmade by hand\n\ndate,shop,amount\n2024-01-01,Rome,5\n2024-01-02,Oslo,6\n",
      ",", ["date", "shop", "amount"], rows: 2),
    Found(
      "remarks above the header", "# made by x, y and z\n# v2\na,b\n1,2\n3,4\n", ",", ["a", "b"],
      rows: 2),
    Found(
      "years as names below a title",
      "\"Data Source\",\"World\",\n\n\"Country\",\"Code\",\"1960\",\"1961\",\"1962\",\"1963\"\n"
        + "\"Aruba\",\"ABW\",1,2,3,4\n\"Chad\",\"TCD\",4,5,6,7\n", ",",
      ["Country", "Code", "1960", "1961", "1962", "1963"], rows: 2),
    Found(
      "spaces before quotes", "a,b\n1, \"x, y\"\n2,\"z\"\n", ",", ["a", "b"], rows: 2),
  ]

  @Test("The delimiter and the header are found", arguments: found)
  func finding(sample: Found) throws {
    let (table, schema) = try TemporaryFile.read(sample.text)
    let name = sample.testDescription
    #expect(Character(UnicodeScalar(schema.dialect.delimiter)) == sample.delimiter, "\(name)")
    #expect(table.columnNames == sample.names, "\(name)")
    #expect(table.rowCount == sample.rows, "\(name)")
  }

  @Test("Spaces before quotes are not part of any field")
  func spacesBeforeQuotes() throws {
    let (table, schema) = try TemporaryFile.read("a,b\n1, \"x, y\"\n2,\"z\"\n3, w\n")
    #expect(table["b"]?.fieldTexts == ["x, y", "z", "w"])
    #expect(schema.dialect.spaces == .dropped)
    // Commas, spaces and quotes inside a quoted field have no such effect.
    let text = "a,b\nx,\"say, \"\"no\"\"\"\ny,  indented\n"
    let (other, kept) = try TemporaryFile.read(text)
    #expect(kept.dialect.spaces == .kept)
    #expect(other["b"]?.fieldTexts == ["say, \"no\"", "  indented"])
  }

  @Test("A table without a title is not shortened: its errors are reported with their line")
  func noTitle() throws {
    for (text, begins) in [
      // A comma is missing in the header, or the rows have one too many.
      ("city\nRome,5\nOslo,6\n", "FILE:2: this line has 2 fields, the header has 1"),
      ("a,b,c\n1,2,3,4\n5,6,7,8\n", "FILE:2: this line has 4 fields, the header has 3"),
      ("total\n1,2,3\n4,5,6\n7,8,9\n", "FILE:2: this line has 3 fields, the header has 1"),
    ] {
      let problem = try TemporaryFile.problem(Array(text.utf8))
      #expect(problem.hasPrefix(begins) && problem.contains("--skip-lines"), "\(problem)")
    }
    let skipping = CSVOptions(skippedLines: 1)
    let table = try TemporaryFile.read("total\na,b\n1,2\n", options: skipping).table
    #expect(table.columnNames == ["a", "b"])
  }

  @Test("Any punctuation can be declared as the delimiter")
  func declaredDelimiter() throws {
    for mark: Character in ["^", ":", " ", "~"] {
      let text = "a\(mark)b\n1\(mark)x,y\n2\(mark)z\n"
      let options = CSVOptions(delimiter: mark.asciiValue)
      let (table, schema) = try TemporaryFile.read(text, options: options)
      #expect(table["b"]?.fieldTexts == ["x,y", "z"], "'\(mark)'")
      #expect(try TemporaryFile.text(table, schema: schema) == Array(text.utf8), "'\(mark)'")
    }
  }

  @Test("Backslash escapes are read as MySQL writes them")
  func backslashes() throws {
    let text = "a\tb\n1\tx\\ty\n2\t\\\\\n3\t\\N\n4\tl1\\\nl2\n5\t\"q\\\"q\"\n"
    let options = CSVOptions(hasBackslashEscapes: true)
    let table = try TemporaryFile.read(text, options: options).table
    #expect(table["b"]?.fieldTexts == ["x\ty", "\\", "\\N", "l1\nl2", "q\"q"])
    // Without the option, a backslash is an ordinary character.
    let plain = try TemporaryFile.read("a,b\n1,C:\\x\\\n2,\"D:\\\"\n").table
    #expect(plain["b"]?.fieldTexts == ["C:\\x\\", "D:\\"])
  }

  @Test("A character missing in the encoding is reported when it is written")
  func unwritable() throws {
    var (table, schema) = try TemporaryFile.read("a,b\n1,€\n2,日\n")
    schema.dialect.encoding = .windows1252
    do {
      _ = try TemporaryFile.text(table, schema: schema)
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains("'日'") && "\(error)".contains("utf-8"), "\(error)")
    }
    table = table.selecting(rows: [0])
    #expect(try TemporaryFile.text(table, schema: schema) == Array("a,b\n1,".utf8) + [0x80, 0x0A])
  }

  @Test("Damaged text in a declared encoding is reported with its line")
  func undecodable() throws {
    // An unpaired surrogate, an incomplete character at the end, an invalid byte.
    let cases: [(bytes: [UInt8], encoding: TextEncoding?)] = [
      ([0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x00, 0xD8, 0x0A, 0], nil),
      ([0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x62], nil),
      (Array("a,b\nx,".utf8) + [0x81, 0x0A], .windows1252),
    ]
    for (bytes, encoding) in cases {
      let problem = try TemporaryFile.problem(bytes, options: CSVOptions(encoding: encoding))
      #expect(problem.hasPrefix("FILE:2: the bytes "), "\(bytes): \(problem)")
    }
  }

  @Test("Unknown encodings and invalid delimiters are rejected in a schema")
  func refusedDialects() throws {
    for json in [
      #"{"encoding": "utf-9"}"#, #"{"encoding": "utf-8//TRANSLIT"}"#, #"{"delimiter": "ab"}"#,
      #"{"delimiter": "5"}"#, #"{"delimiter": "\""}"#, #"{"lineEnd": "x"}"#,
    ] {
      #expect(throws: DecodingError.self, "\(json)") {
        try JSONDecoder().decode(CSVDialect.self, from: Data(json.utf8))
      }
    }
    let partial = try JSONDecoder().decode(CSVDialect.self, from: Data("{}".utf8))
    #expect(partial == CSVDialect())
  }
}
