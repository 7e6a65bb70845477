// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing

/// The folder of real trip records beside the repository, where it is present.
private let recordsFolder: URL =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("shared/data")

@Suite(
  "CSV of real records",
  .enabled(
    if: FileManager.default.fileExists(atPath: recordsFolder.path),
    "../shared/data with the real trip records is not there"))
struct CSVRealFileTests {
  struct Records: Sendable, CustomTestStringConvertible {
    var name: String
    var rows: Int
    var columns: Int
    /// The least share of cells that are written as they were.
    var same = 1.0
    var testDescription: String { name }
  }

  static let files = [
    Records(name: "yellow_2016_train.csv.gz", rows: 65_818, columns: 19),
    Records(name: "yellow_2016_validation.csv.gz", rows: 16_389, columns: 19),
    Records(name: "poster_schema_2016.csv.gz", rows: 106_408, columns: 9),
    Records(name: "green_2016-01.csv.gz", rows: 59_670, columns: 21),
    Records(name: "yellow_2018-2020_sample.csv.gz", rows: 360_000, columns: 18),
    Records(name: "kaggle_trip_duration_sample.csv", rows: 8422, columns: 11),
    Records(name: "taxi_zone_lookup.csv", rows: 265, columns: 4),
    // Its 17-digit coordinates end in a 5 that was cut off in half of the cases up, in half down,
    // by no rule that can be told from the value.
    Records(name: "yellow_tripdata_2016-01_head.csv", rows: 1999, columns: 19, same: 0.979),
  ]

  @Test("What is read is written as it was", arguments: files)
  func roundTrip(records: Records) throws {
    let path = recordsFolder.appendingPathComponent(records.name).path
    let (table, schema) = try CSVReader.readTable(path: path)
    #expect(table.rowCount == records.rows, "\(records.name)")
    #expect(table.columns.count == records.columns, "\(records.name)")
    let written = try TemporaryFile.text(table, schema: schema)
    let original = try Self.text(path)
    let (a, b) = (Self.cells(original), Self.cells(written))
    #expect(a.count == b.count, "\(records.name)")
    let different = zip(a, b).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    let share = 1 - Double(different) / Double(a.count)
    #expect(share >= records.same, "\(records.name): \(different) of \(a.count) cells differ")
    // What was written is the same table again.
    let again = try TemporaryFile.read(written, options: CSVOptions(schema: schema)).table
    for (first, second) in zip(table.columns, again.columns) {
      if let x = first.numbers, let y = second.numbers {
        #expect(
          x.map(\.bitPattern) == y.map(\.bitPattern), "\(records.name), column \(first.name)")
      } else {
        #expect(first == second, "\(records.name), column \(first.name)")
      }
    }
  }

  /// The file's text; inflated by the system's gzip, which is not under test.
  private static func text(_ path: String) throws -> [UInt8] {
    guard path.hasSuffix(".gz") else {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "gzip -dc \"$1\"", "sh", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(output)
  }

  /// The cells behind the header, without quotes.
  private static func cells(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    let newline = text.firstIndex(of: 0x0A) ?? text.count
    return text[newline...].split { $0 == 0x0A || $0 == 0x0D || $0 == 0x2C || $0 == 0x22 }
  }

  @Test("The line that is cut off is named, and can be left out")
  func cutOff() throws {
    let path = recordsFolder.appendingPathComponent("yellow_2016-03_truncated_last_line.csv").path
    for threads in 1...3 {
      do {
        _ = try CSVReader.read(path: path, options: CSVOptions(threads: threads))
        Issue.record("nothing was thrown")
      } catch {
        #expect(
          "\(error)".hasPrefix("\(path):15243: ") && "\(error)".contains("cut off"), "\(error)")
      }
      let content = try CSVReader.read(
        path: path, options: CSVOptions(raggedRecords: .skip, threads: threads))
      #expect(content.skippedRecords == 1 && content.table.rowCount == 15_241)
    }
  }

  @Test("Files that are no CSV are told apart")
  func foreign() throws {
    let parquet = recordsFolder.appendingPathComponent("parquet/green_tripdata_2021-01.parquet")
      .path
    do {
      _ = try CSVReader.read(path: parquet)
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains("Parquet"), "\(error)")
    }
  }
}
