// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Tabular
import TableTestSupport
import Testing

@Suite("Table inputs")
struct TableInputTests {
  /// A column whose type is known only at the end, so the table is read twice.
  private static func text(rows: Int) -> [UInt8] {
    let filling = String(repeating: "x", count: 60)
    var text = Array("a,b,c\n".utf8)
    for row in 0..<rows { text += Array(",\(row),\(filling)\n".utf8) }
    return text + Array("2024-01-02,7,\(filling)\n".utf8)
  }

  /// Writes `bytes` to a new pipe from another thread.
  private static func pipe(_ bytes: [UInt8], in file: TemporaryFile) throws -> String {
    let path = file.folder + "/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    Thread.detachNewThread {
      // A reader that exits early is an error of the write and does not end the process.
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGPIPE)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      let descriptor = open(path, O_WRONLY)
      var written = 0
      while written < bytes.count {
        let count = bytes.withUnsafeBytes {
          Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
        }
        if count <= 0 { break }
        written += count
      }
      close(descriptor)
    }
    return path
  }

  // The longer one exceeds the limit for memory.
  @Test("A pipe is read like a file", arguments: [10, 5000, 1_100_000])
  func pipe(rows: Int) throws {
    let file = try TemporaryFile()
    let bytes = Self.text(rows: rows)
    let path = try Self.pipe(bytes, in: file)
    let input = try TableInput(path: path, temporaryFolder: file.folder)
    let content = try CSVReader.read(input)
    #expect(content.table.rowCount == rows + 1)
    #expect(content.table["a"]?.numbers?.last == 1_704_153_600)
    #expect(content.table["b"]?.numbers?.last == 7)
    #expect(file.names == ["pipe"])
    let same = TableInput(bytes, name: "memory")
    #expect(try input.fingerprint() == same.fingerprint())
  }

  @Test("A pipe that cannot be stored is reported, with what to do")
  func noRoom() throws {
    let file = try TemporaryFile()
    let path = try Self.pipe(Self.text(rows: 1_100_000), in: file)
    let input = try TableInput(path: path, temporaryFolder: file.folder + "/none")
    do {
      _ = try CSVReader.read(input)
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains("TMPDIR") && "\(error)".hasPrefix(path), "\(error)")
    }
  }

  @Test("Bytes in memory are read like a file, compressed or not")
  func memory() throws {
    let bytes = Self.text(rows: 3000)
    let file = try TemporaryFile()
    try file.write(bytes)
    let one = try CSVReader.read(path: file.path)
    let other = try CSVReader.read(TableInput(bytes, name: "memory"))
    // Missing times are not equal to each other.
    #expect(one.schema == other.schema)
    #expect(
      try TemporaryFile.text(one.table, schema: one.schema)
        == TemporaryFile.text(other.table, schema: other.schema))
  }

  @Test(
    "Endless devices and files without line ends are rejected", arguments: [false, true])
  func endless(isGzip: Bool) throws {
    let zero = try TableInput(path: "/dev/zero")
    #expect(throws: TabularError.self) { try CSVReader.read(zero) }
    for (byte, says) in [(UInt8(ascii: "a"), "the first record"), (0, "NUL")] {
      let file = try TemporaryFile()
      let path = file.path + (isGzip ? ".gz" : "")
      let writer = try CSVWriter(
        path: path, schema: Schema(columns: [], dialect: CSVDialect(hasHeader: false)))
      let block = [UInt8](repeating: byte, count: 1 << 20)
      for _ in 0..<80 { try block.withUnsafeBytes { try writer.write(records: $0) } }
      try writer.finish()
      do {
        _ = try CSVReader.read(path: path)
        Issue.record("nothing was thrown")
      } catch {
        #expect("\(error)".contains(says), "\(error)")
      }
    }
    // An unclosed quote makes an endless record.
    let text = "a,b\n" + (0..<20_000).map { "\($0),x\n" }.joined() + "1,\""
    var bytes = Array(text.utf8)
    bytes += [UInt8](repeating: UInt8(ascii: "y"), count: 70 << 20)
    do {
      _ = try CSVReader.read(TableInput(bytes, name: "t"))
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".hasPrefix("t:20002: the record that begins here"), "\(error)")
    }
  }

  @Test("Gzip members may follow each other, and trailing zeros are ignored")
  func members() throws {
    let file = try TemporaryFile()
    var packed: [UInt8] = []
    for (name, part) in [("1.gz", "a,b\n1,x\n"), ("2.gz", "2,y\n"), ("3.gz", "")] {
      let writer = try CSVWriter(
        path: file.folder + "/" + name,
        schema: Schema(columns: [], dialect: CSVDialect(hasHeader: false)))
      try Array(part.utf8).withUnsafeBytes { try writer.write(records: $0) }
      try writer.finish()
      packed += try file.content(of: name)
    }
    for ending in [[], [UInt8](repeating: 0, count: 512)] {
      let content = try CSVReader.read(TableInput(packed + ending, name: "t"))
      #expect(content.table["b"]?.fieldTexts == ["x", "y"], "\(ending.count) zeros")
    }
    for cut in [packed.count - 3, packed.count - 30] {
      #expect(throws: TabularError.self, "\(cut)") {
        try CSVReader.read(TableInput(Array(packed[..<cut]), name: "t"))
      }
    }
  }
}
