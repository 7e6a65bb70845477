// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import Tabular
import TableTestSupport
import Testing

@Suite("CSV errors")
struct CSVErrorTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    /// How the message begins behind the path, and what else it holds.
    var begins: String
    var holds: String

    init(_ name: String, _ text: String, _ begins: String, _ holds: String = "") {
      self.init(name, Array(text.utf8), begins, holds)
    }

    init(_ name: String, _ bytes: [UInt8], _ begins: String, _ holds: String = "") {
      testDescription = name
      self.bytes = bytes
      self.begins = begins
      self.holds = holds
    }
  }

  private static let rows = (1...20_000).map { "\($0),x\($0 % 7)\n" }.joined()

  static let all = [
    Bad("empty", "", ": the file is empty"),
    Bad("only newlines", "\n\r\n\n", ": the file is empty"),
    Bad("only a mark", [0xEF, 0xBB, 0xBF], ": the file is empty"),
    Bad("header only", "a,b\n", ": the file has a header but no rows"),
    Bad("header without newline", "a,b", ": the file has a header but no rows"),
    Bad("two names alike", "a,b,a\n1,2,3\n", ":1: two columns are named 'a'"),
    Bad("no name", "a,,b\n1,2,3\n", ":1: column 2 has no name", "index=False"),
    Bad(
      "too few fields", "a,b\n" + rows + "1\n" + rows,
      ":20002: this line has 1 fields, the header has 2"),
    Bad(
      "too many fields", "a,b\n" + rows + "1,2,3\n" + rows,
      ":20002: this line has 3 fields, the header has 2"),
    Bad("cut off", "a,b\n" + rows + "17", ":20002: this line has 1 fields", "cut off"),
    Bad("ragged with lone CR", "a,b\r1,2\r1\r3,4\r", ":3: this line has 1 fields"),
    Bad("ragged behind quoted newlines", "a,b\n\"1\n2\n3\",x\n4\n", ":5: this line has 1 fields"),
    Bad("open quote", "a,b\n1,x\n2,\"y\n3,z\n", ":3: a quoted field"),
    Bad("text behind a quote", "a,b\n1,x\n2,\"y\"z\n3,z\n", ":3: a quoted field"),
    Bad("open quote in the header", "a,\"b\n1,x\n", ":1: a quote in the header"),
    Bad(
      "ragged before an open quote", "a,b\n" + rows + "1\n" + rows + "2,\"y\n" + rows,
      ":20002: this line has 1 fields"),
    Bad(
      "NUL late", Array(("a,b\n" + rows + rows).utf8) + [0x31, 0x2C, 0, 0x0A],
      ":40002: there are NUL bytes"),
    Bad("NUL", [0x61, 0, 0x62, 0x0A, 0x31, 0x0A], ": this is not CSV text"),
    Bad("Parquet", "PAR1abc", ": this is not CSV text", "Parquet"),
    Bad("zip", [0x50, 0x4B, 3, 4, 9, 9], ": this is not CSV text", "zip"),
    Bad(
      "not UTF-8", Array(("a,b\n" + rows + "7,").utf8) + [0xE9, 0x0A], ":20002: ", "windows-1252"),
    Bad(
      "a header that is not UTF-8", [0xE9, 0x2C, 0x62, 0x0A, 0x31, 0x2C, 0x32, 0x0A], ":1: ",
      "windows-1252"),
    Bad("broken gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 1, 2, 3], ": "),
  ]

  @Test(
    "Every problem is told with its line, for any number of threads", arguments: all, [1, 2, 3])
  func problem(bad: Bad, threads: Int) throws {
    let problem = try TemporaryFile.problem(bad.bytes, options: CSVOptions(threads: threads))
    #expect(
      problem.hasPrefix("FILE" + bad.begins) && (bad.holds.isEmpty || problem.contains(bad.holds)),
      "\(bad.testDescription), \(threads) threads: \(problem)")
  }

  @Test("A file that cannot be opened is told by its path")
  func unopened() throws {
    let file = try TemporaryFile()
    for path in [file.folder, file.folder + "/none.csv", file.folder + "/none/x.csv"] {
      #expect(throws: TabularError.self, "\(path)") { try CSVReader.read(path: path) }
      do { _ = try CSVReader.read(path: path) } catch {
        #expect("\(error)".hasPrefix(path + ": "), "\(error)")
      }
    }
  }

  @Test("A column that turns to text halfway is text, and the first such line is noted")
  func halfway() throws {
    let file = try TemporaryFile()
    try file.write(
      "a,b\n" + (1...600).map { "\($0).5,x\n" }.joined()
        + (1...500).map { "n\($0 / 2),x\n" }.joined())
    let content = try CSVReader.read(path: file.path)
    #expect(content.table["a"]?.fieldTexts.last == "n250")
    let note = try #require(content.notes.first { $0.topic == .mixedText })
    #expect(note.column == "a" && note.text.contains("'n0' in line 602"), "\(note)")
  }

  @Test("Random bytes end in a table or in an error", arguments: 0..<60)
  func fuzz(seed: Int) throws {
    var random = SplitMix64(state: UInt64(seed))
    let alphabet = Array("a1.,;\t|\"\"\n\n\r-e: /2016".utf8)
    let size = Int(random.next() % 3000)
    let bytes: [UInt8] = (0..<size).map { _ in
      let value = random.next()
      // From pure text to pure junk.
      return Int(value >> 32 % 60) < seed && seed % 3 == 0
        ? UInt8(truncatingIfNeeded: value >> 8) : alphabet[Int(value % UInt64(alphabet.count))]
    }
    var reports: Set<String> = []
    for threads in 1...3 {
      let options = CSVOptions(raggedRecords: seed % 2 == 0 ? .skip : .fail, threads: threads)
      reports.insert(try TemporaryFile.problem(bytes, options: options))
    }
    #expect(reports.count == 1, "seed \(seed): \(reports)")
  }
}
