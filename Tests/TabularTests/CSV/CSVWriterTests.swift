// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import SeededRandom
import Tabular
import TableTestSupport
import Testing
import AtomicFiles
import TaxiTrips

@Suite("CSV writer")
struct CSVWriterTests {
  struct Format: Sendable, CustomTestStringConvertible {
    var style: NumberFormat.Style
    var decimals: Int
    var omitsLeadingZero = false
    var value: Double
    var text: String
    var testDescription: String { "\(style) \(decimals) \(value)" }

    var format: NumberFormat {
      NumberFormat(style: style, decimals: decimals, omitsLeadingZero: omitsLeadingZero)
    }
  }

  static let formats = [
    Format(style: .fixed, decimals: 2, value: 7, text: "7.00"),
    Format(style: .fixed, decimals: 2, value: -0.5, text: "-0.50"),
    Format(style: .fixed, decimals: 2, omitsLeadingZero: true, value: 0.7, text: ".70"),
    Format(style: .fixed, decimals: 2, omitsLeadingZero: true, value: -0.7, text: "-.70"),
    Format(style: .fixed, decimals: 2, omitsLeadingZero: true, value: 0, text: ".00"),
    Format(style: .fixed, decimals: 2, omitsLeadingZero: true, value: 10, text: "10.00"),
    Format(style: .fixed, decimals: 0, value: 1234, text: "1234"),
    Format(style: .fixed, decimals: 3, value: -0.0001, text: "0.000"),
    Format(style: .fixed, decimals: 6, value: 1e12 + 0.25, text: "1000000000000.250000"),
    Format(style: .shortest, decimals: 2, value: 7.5, text: "7.5"),
    Format(style: .shortest, decimals: 2, value: 7, text: "7"),
    Format(style: .shortest, decimals: 2, value: 0.25, text: "0.25"),
    Format(style: .shortest, decimals: 2, omitsLeadingZero: true, value: 0.5, text: ".5"),
    Format(style: .shortest, decimals: 2, omitsLeadingZero: true, value: 0, text: "0"),
    Format(style: .shortest, decimals: 0, value: 1e15, text: "1000000000000000"),
    Format(style: .shortest, decimals: 15, value: 8.12345678901234, text: "8.12345678901234"),
    Format(style: .shortest, decimals: 15, value: -73.99037170410156, text: "-73.99037170410156"),
    Format(style: .shortest, decimals: 20, value: 1e-20, text: "1e-20"),
    Format(style: .shortestWithPoint, decimals: 1, value: 0.3, text: "0.3"),
    Format(style: .shortestWithPoint, decimals: 2, value: 7, text: "7.0"),
    Format(style: .shortestWithPoint, decimals: 0, value: 7, text: "7.0"),
    Format(style: .shortestWithPoint, decimals: 2, value: -0.75, text: "-0.75"),
    Format(
      style: .seventeenDigits, decimals: 15, value: 40.781330108642578, text: "40.781330108642578"),
    Format(style: .seventeenDigits, decimals: 15, value: 40.75, text: "40.75"),
    Format(style: .seventeenDigits, decimals: 15, value: 0, text: "0"),
  ]

  @Test("Numbers follow their format", arguments: formats)
  func number(sample: Format) {
    let column = ColumnSchema(name: "a", kind: .continuous, numberFormat: sample.format)
    let text = column.text(of: sample.value)
    #expect(text == sample.text, "\(sample.testDescription): \(text)")
  }

  @Test(
    "The shortest text of a random double is read back bit for bit",
    arguments: [0, 2, 6, 9, 15, 17, 20])
  func shortest(decimals: Int) throws {
    var random = SplitMix64(state: UInt64(decimals))
    let scale = pow(10, Double(min(decimals, 15)))
    let column = ColumnSchema(
      name: "a", kind: .continuous, numberFormat: NumberFormat(style: .shortest, decimals: decimals)
    )
    for _ in 0..<5000 {
      // At most 15 digits, so that the format can hold the value.
      let digits = Double(Int64(random.next() % 1_999_999_999_999_999) - 999_999_999_999_999)
      let value = decimals > 15 ? Double(digits) / 1e7 : digits / scale
      let text = column.text(of: value)
      #expect(strtod(text, nil) == value, "\(decimals) digits: \(value) is written \(text)")
    }
  }

  @Test("What needs quotes has them, and is read back", arguments: [1, 2, 3])
  func quotes(threads: Int) throws {
    let texts = ["plain", "a,b", "\"", "line\nbreak", "\r", " spaces ", "ä", ";", "x\"y"]
    let codes = (0..<40_000).map { Int32($0 % (texts.count + 1)) - 1 }
    let table = try Table(columns: [
      Column(name: "a,1", values: .text(codes: codes, categories: texts)),
      Column(name: "\"b\"", values: .text(codes: codes.reversed(), categories: texts)),
    ])
    let schema = SchemaInference.infer(table)
    let bytes = try TemporaryFile.text(table, schema: schema, threads: threads)
    let again = try TemporaryFile.read(bytes).table
    #expect(again.columnNames == table.columnNames, "\(threads) threads")
    for (a, b) in zip(table.columns, again.columns) {
      #expect(a.fieldTexts == b.fieldTexts, "\(threads) threads, column \(a.name)")
    }
  }

  @Test("A column alone keeps its missing rows")
  func loneColumn() throws {
    let table = try Table(columns: [Column(name: "a", values: .number([1.5, .nan, 2.5, .nan]))])
    let bytes = try TemporaryFile.text(table, schema: SchemaInference.infer(table))
    #expect(String(decoding: bytes, as: UTF8.self) == "a\n1.5\n\"\"\n2.5\n\"\"\n")
    let again = try TemporaryFile.read(bytes).table
    #expect(again.rowCount == 4 && again.columns[0].missingCount == 2)
  }

  @Test("The bytes do not depend on threads or on chunks", arguments: [1, 2, 3])
  func threads(threads: Int) throws {
    let rows = TripSimulator(seed: 3).table(rows: 0..<40_000)
    let whole = try TemporaryFile.text(rows, schema: TripSimulator.schema, threads: threads)
    let file = try TemporaryFile()
    let writer = try CSVWriter(path: file.path, schema: TripSimulator.schema, threads: threads)
    for start in stride(from: 0, to: 40_000, by: 7001) {
      try writer.write(
        rows.selecting(rows: Array(start..<min(start + 7001, 40_000))))
    }
    try writer.finish()
    #expect(try file.content(of: "t.csv") == whole, "\(threads) threads")
  }

  @Test("Gzip is told by the name and read by its content")
  func gzip() throws {
    let table = TripSimulator(seed: 4).table(rows: 0..<20_000)
    let plain = try TemporaryFile.text(table, schema: TripSimulator.schema)
    let file = try TemporaryFile()
    let writer = try CSVWriter(path: file.folder + "/t.csv.gz", schema: TripSimulator.schema)
    try writer.write(table)
    try writer.finish()
    let packed = try file.content(of: "t.csv.gz")
    #expect(packed.starts(with: [0x1F, 0x8B]) && packed.count < plain.count / 2)
    let expected = try TemporaryFile.read(plain).table
    #expect(try TemporaryFile.read(packed).table == expected)
    // Members one after the other are one text; a cut one is an error.
    let header = plain.firstIndex(of: 0x0A)! + 1
    let two = try Self.member(Array(plain[..<header])) + Self.member(Array(plain[header...]))
    #expect(try TemporaryFile.read(two).table == expected)
    for cut in [packed.count - 1, packed.count / 2, 30] {
      let problem = try TemporaryFile.problem(Array(packed[..<cut]))
      #expect(problem.contains("ends too early"), "cut to \(cut): \(problem)")
    }
  }

  /// A gzip member with the deflate format's stored blocks.
  private static func member(_ bytes: [UInt8]) throws -> [UInt8] {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
    }
    crc = ~crc
    var output: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    for start in stride(from: 0, to: max(bytes.count, 1), by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      let size = UInt16(block.count)
      output.append(start + 65_535 >= bytes.count ? 1 : 0)
      for word in [size, ~size] { output += [UInt8(word & 0xFF), UInt8(word >> 8)] }
      output += block
    }
    let trailer: [UInt32] = [crc, UInt32(bytes.count)]
    for word in trailer {
      for shift: UInt32 in [0, 8, 16, 24] {
        output.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return output
  }

  @Test("An infinity is not written")
  func infinity() throws {
    let table = try Table(columns: [Column(name: "a", values: .number([1, .infinity]))])
    #expect(throws: TabularError.self) {
      try TemporaryFile.text(table, schema: SchemaInference.infer(table))
    }
  }

  @Test("Times are written as they were read, before 1970 and in leap years too")
  func times() throws {
    let texts = [
      "1969-12-31 23:59:59", "2016-02-29 00:00:00", "0001-01-01 12:34:56", "9999-12-31 23:59:59",
      "1900-03-01 01:02:03", "2000-02-29 06:07:08",
    ]
    let text = "a,b\n" + texts.map { "\($0),x\n" }.joined()
    let (table, schema) = try TemporaryFile.read(text)
    #expect(schema["a"]?.kind == .datetime)
    #expect(try TemporaryFile.text(table, schema: schema) == Array(text.utf8))
    let far = try Table(columns: [Column(name: "a", values: .datetime([1e300, -1e300]))])
    #expect(try !TemporaryFile.text(far, schema: SchemaInference.infer(far)).isEmpty)
  }

  @Test(
    "Time formats are recognized and kept",
    arguments: [
      "2016-01-31 23:59:58", "2016-01-31T23:59:58", "2016-01-31", "2016/01/31", "01/31/2016",
      "31/01/2016", "31.01.2016", "01/31/2016 23:59", "2016-01-31T23:59:58Z",
      "2016-01-31 23:59:58.125", "01/31/2016 23:59:58", "2016-01-31T23:59:58.125Z",
    ])
  func timeFormat(text: String) throws {
    let content = "a,b\n\(text),x\n\(text),y\n"
    let (table, schema) = try TemporaryFile.read(content)
    guard case .datetime = table.columns[0].values else {
      Issue.record("\(text) is not taken for a time")
      return
    }
    #expect(try TemporaryFile.text(table, schema: schema) == Array(content.utf8), "\(text)")
  }
}

@Suite("Atomic file")
struct CSVAtomicFileTests {
  @Test("The name holds the old content until the file is committed, and nothing else is left")
  func atomicity() throws {
    let file = try TemporaryFile()
    try file.write("old")
    do {
      let unfinished = try AtomicFile(path: file.path)
      try Array("new".utf8).withUnsafeBytes { try unfinished.write($0) }
      #expect(file.names.count == 2)
      #expect(try file.content(of: "t.csv") == Array("old".utf8))
    }
    #expect(file.names == ["t.csv"])
    try AtomicFile.write(Data("new".utf8), to: file.path)
    #expect(try file.content(of: "t.csv") == Array("new".utf8))
    #expect(file.names == ["t.csv"])
  }

  @Test("A writer that is not finished leaves nothing")
  func unfinishedWriter() throws {
    let file = try TemporaryFile()
    try file.write("old")
    do {
      let writer = try CSVWriter(path: file.path, schema: TripSimulator.schema)
      try writer.write(TripSimulator(seed: 1).table(rows: 0..<10))
    }
    #expect(try file.content(of: "t.csv") == Array("old".utf8))
    #expect(file.names == ["t.csv"])
  }

  @Test("Places that cannot be written are told")
  func unwritable() throws {
    let file = try TemporaryFile()
    try file.write("x")
    for path in [file.folder, file.folder + "/none/t.csv", file.path + "/t.csv"] {
      #expect(throws: FileError.self, "\(path)") { try AtomicFile(path: path) }
    }
    #expect(file.names == ["t.csv"])
  }

  @Test(
    "A full device is an error with its reason",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
  func fullDevice() throws {
    do {
      try AtomicFile.write(Data("x".utf8), to: "/dev/full")
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains(String(cString: strerror(ENOSPC))), "\(error)")
    }
  }

  @Test("A device stays a device, a link a link, and permissions what they were")
  func kept() throws {
    try AtomicFile.write(Data("x".utf8), to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    let file = try TemporaryFile()
    try file.write("old")
    chmod(file.path, 0o600)
    let link = file.folder + "/link.csv"
    #expect(symlink("t.csv", link) == 0)
    try AtomicFile.write(Data("new".utf8), to: link)
    #expect(try file.content(of: "t.csv") == Array("new".utf8))
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("A pipe whose reader has ended is an error, not the end of the process")
  func closedPipe() throws {
    let file = try TemporaryFile()
    let path = file.folder + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    let writer = try AtomicFile(path: path)
    close(reader)
    do {
      try Array("x".utf8).withUnsafeBytes { try writer.write($0) }
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains(AtomicFile.closedPipe), "\(error)")
    }
  }
}
