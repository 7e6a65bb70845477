// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import Testing
import TaxiTrips

@Suite("Trip simulator: files")
struct TripSimulatorFileTests {
  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent(
      "trips-\(UUID().uuidString).csv"
    ).path
  }

  @Test("The fast text has the bytes that the CSV writer makes of the table")
  func writer() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let simulator = TripSimulator(seed: 31)
    let rows = 5..<40_005
    let writer = try CSVWriter(path: path, schema: TripSimulator.schema)
    try writer.write(simulator.table(rows: rows))
    try writer.finish()
    var fast: [UInt8] = []
    try simulator.writeCSV(rows: rows, to: { fast.append(contentsOf: $0) }, threads: 2)
    let generic = try Data(contentsOf: URL(fileURLWithPath: path))
    if Data(fast) != generic {
      let pair = zip(
        String(decoding: fast, as: UTF8.self).split(separator: "\n"),
        String(decoding: generic, as: UTF8.self).split(separator: "\n")
      ).first { $0 != $1 }
      Issue.record("fast and generic text differ: \(String(describing: pair))")
    }
  }

  @Test("A simulated file is read back as the table, its kinds are inferred")
  func reader() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let simulator = TripSimulator(seed: 32)
    var bytes = TripSimulator.csvHeader
    simulator.csv(rows: 0..<20_000, into: &bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let content = try CSVReader.read(path: path)
    let table = simulator.table(rows: 0..<20_000)
    #expect(content.table.columnNames == table.columnNames)
    for column in table.columns {
      let read = try #require(content.table[column.name])
      switch (column.values, read.values) {
      case (.number(let a), .number(let b)), (.datetime(let a), .datetime(let b)):
        #expect(a == b, "\(column.name)")
      case (.text(let a, let categories), .text(let b, let readCategories)):
        let same = zip(a, b).allSatisfy { categories[Int($0)] == readCategories[Int($1)] }
        #expect(same, "\(column.name)")
      default: Issue.record("\(column.name) is read as another type")
      }
    }
    #expect(content.schema["tpep_pickup_datetime"]?.kind == .datetime)
    #expect(content.schema["trip_distance"]?.kind == .continuous)
    #expect(content.schema["payment_type"]?.kind == .categorical)
  }
}
