// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import Testing
import TaxiTrips

@Suite("Trip simulator: rows, order and bytes")
struct TripSimulatorTests {
  private func text(_ rows: Range<Int>, seed: UInt64 = 1) -> String {
    var bytes: [UInt8] = []
    TripSimulator(seed: seed).csv(rows: rows, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("A row depends on seed and index alone, however ranges are cut")
  func chunks() {
    let simulator = TripSimulator(seed: 7)
    let whole = simulator.table(rows: 100..<1600)
    for cuts in [[100, 1600], [100, 101, 850, 1600], [100, 100, 777, 1599, 1600]] {
      for column in whole.columns.indices {
        var parts: [Double] = []
        for (from, to) in zip(cuts, cuts.dropFirst()) {
          parts += doubles(simulator.table(rows: from..<to).columns[column])
        }
        #expect(
          parts == doubles(whole.columns[column]),
          "\(whole.columns[column].name) cut at \(cuts)")
      }
    }
    #expect(text(5..<6) + text(6..<9) == text(5..<9))
  }

  @Test("The bytes do not depend on the number of threads", arguments: [1, 2, 3, 5])
  func threads(threads: Int) throws {
    let rows = 16_000..<66_001
    var expected = TripSimulator.csvHeader
    TripSimulator(seed: 3).csv(rows: rows, into: &expected)
    var written: [UInt8] = []
    try TripSimulator(seed: 3).writeCSV(
      rows: rows, to: { written.append(contentsOf: $0) }, threads: threads)
    #expect(written == expected, "\(threads) threads")
  }

  @Test("Other seeds and other rows give other trips; far rows exist")
  func seeds() {
    #expect(text(0..<50) != text(0..<50, seed: 2))
    #expect(text(0..<50) != text(50..<100))
    let far = text(1 << 52..<(1 << 52) + 20).split(separator: "\n")
    #expect(far.count == 20)
    #expect(Set(far).count == 20)
    #expect(Set(text(0..<20_000).split(separator: "\n")).count == 20_000)
  }

  @Test("What the sink throws ends the writing")
  func failingSink() {
    struct Full: Error {}
    var calls = 0
    #expect(throws: Full.self) {
      try TripSimulator(seed: 1).writeCSV(
        rows: 0..<100_000,
        to: { _ in
          calls += 1
          if calls == 2 { throw Full() }
        }, threads: 2)
    }
    #expect(calls == 2)
  }

  @Test("No rows make a header and an empty table")
  func empty() throws {
    var written: [UInt8] = []
    try TripSimulator(seed: 1).writeCSV(
      rows: 9..<9, to: { written.append(contentsOf: $0) }, threads: 2)
    #expect(written == TripSimulator.csvHeader)
    #expect(TripSimulator(seed: 1).table(rows: 9..<9).rowCount == 0)
  }

  @Test("The columns are those of the official files of early 2016")
  func schema() {
    let names =
      "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,"
      + "pickup_longitude,pickup_latitude,RatecodeID,store_and_fwd_flag,dropoff_longitude,"
      + "dropoff_latitude,payment_type,fare_amount,extra,mta_tax,tip_amount,tolls_amount,"
      + "improvement_surcharge,total_amount"
    #expect(String(decoding: TripSimulator.csvHeader, as: UTF8.self) == names + "\n")
    let table = TripSimulator(seed: 1).table(rows: 0..<3)
    #expect(table.columnNames == TripSimulator.schema.columns.map(\.name))
    #expect(table.isTaxiTable)
    for (column, schema) in zip(table.columns, TripSimulator.schema.columns) {
      switch column.values {
      case .number: #expect(schema.numberFormat != nil, "\(column.name)")
      case .datetime: #expect(schema.kind == .datetime && schema.datetimeFormat != nil)
      case .text(_, let categories):
        #expect(column.name == "store_and_fwd_flag" && categories == ["N", "Y"])
      }
    }
  }

  @Test("The first rows of seed 1 stay what they are")
  func golden() {
    // Another model is another data set: change these with the changelog.
    let expected = """
      2,2016-02-22 19:33:58,2016-02-22 19:50:23,1,3.83,-73.968513,40.759389,\
      1,N,-73.998134,40.72069,1,15,1,0.5,2,0,0.3,18.8
      1,2016-02-08 07:59:32,2016-02-08 08:08:22,1,2.20,-73.99243,40.740366,1\
      ,N,-74.000824,40.717221,1,9,0,0.5,1.95,0,0.3,11.75
      1,2016-01-13 13:16:30,2016-01-13 13:24:45,1,2.20,-73.957955,40.770252,\
      1,N,-73.976659,40.747815,1,9,0,0.5,2.9,0,0.3,12.7

      """
    #expect(text(0..<3) == expected)
  }

  @Test("Every field of the fast text is the table's value, written as shortly as the schema says")
  func textIsTable() throws {
    let rows = 0..<30_000
    let table = TripSimulator(seed: 11).table(rows: rows)
    let calendar = {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = TimeZone(secondsFromGMT: 0)!
      return calendar
    }()
    func time(_ seconds: Double) -> String {
      let c = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: seconds))
      return String(
        format: "%04d-%02d-%02d %02d:%02d:%02d", c.year!, c.month!, c.day!, c.hour!, c.minute!,
        c.second!)
    }
    let lines = text(rows, seed: 11).split(separator: "\n")
    #expect(lines.count == rows.count)
    for (row, line) in lines.enumerated() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == table.columns.count else {
        Issue.record("row \(row) has \(fields.count) fields: \(line)")
        return
      }
      for (field, column) in zip(fields, table.columns) {
        let expected: String
        switch column.values {
        case .datetime(let v): expected = time(v[row])
        case .text(let codes, let categories): expected = categories[Int(codes[row])]
        case .number(let v) where column.name == "trip_distance":
          expected = String(format: "%.2f", v[row])
        case .number(let v):
          // The shortest text of a number with few decimals is its description.
          expected = v[row] == v[row].rounded() ? String(Int(v[row])) : "\(v[row])"
        }
        if field != expected {
          Issue.record("row \(row), \(column.name): '\(field)', not '\(expected)'")
          return
        }
      }
    }
  }

  private func doubles(_ column: Column) -> [Double] {
    switch column.values {
    case .number(let v), .datetime(let v): v.array
    case .text(let codes, _): codes.map(Double.init)
    }
  }
}
