// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// The folder of real trip records beside the repository, where it is present.
private let recordsFolder: URL =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data")

@Suite(
  "Encoders on real records",
  .enabled(
    if: FileManager.default.fileExists(
      atPath: recordsFolder.appendingPathComponent("yellow_2016_train.csv.gz").path),
    "../shared/data with the real trip records is not there"))
struct EncodingRealFileTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var file: String
    var relations: [String]
    var testDescription: String { file }
  }

  static let samples = [
    Sample(
      file: "yellow_2016_train.csv.gz",
      relations: [
        "tpep_dropoff_datetime = tpep_pickup_datetime + residual",
        "tip_amount = 20.0 %",
        "total_amount = fare_amount + extra + mta_tax + tip_amount + tolls_amount + improvement_surcharge + residual",
        "pickup_longitude = rank of residual given pickup_latitude",
        "dropoff_longitude = rank of residual given dropoff_latitude",
      ]),
    Sample(
      file: "poster_schema_2016.csv.gz",
      relations: [
        "dropoff_datetime = pickup_datetime + trip_duration + residual",
        "pickup_longitude = rank of residual given pickup_latitude",
        "dropoff_longitude = rank of residual given dropoff_latitude",
      ]),
    Sample(
      file: "green_2016-01.csv.gz",
      relations: [
        "Lpep_dropoff_datetime = lpep_pickup_datetime + residual",
        "Tip_amount = 20.0 %",
        "Total_amount = Fare_amount + Extra + MTA_tax + Tip_amount + Tolls_amount + improvement_surcharge + residual",
        "Pickup_longitude = rank of residual given Pickup_latitude",
        "Dropoff_longitude = rank of residual given Dropoff_latitude",
        "Trip_type = function of RateCodeID",
      ]),
    Sample(
      file: "yellow_2018-2020_sample.csv.gz",
      relations: [
        "dropoff_datetime = pickup_datetime + residual",
        "tip_amount = 20.0 %",
        "total_amount = fare_amount + extra + mta_tax + tip_amount + tolls_amount + improvement_surcharge + congestion_surcharge + residual",
      ]),
  ]

  @Test(arguments: samples)
  func realRecordsComeBack(_ sample: Sample) throws {
    let (all, schema) = try CSVReader.readTable(
      path: recordsFolder.appendingPathComponent(sample.file).path)
    let encoder = try TableEncoder.fit(
      table: all, schema: schema, configuration: .standard, seed: 1)
    // Of the percentages the most frequent one is expected, the others follow the sample of rows.
    let found = encoder.relations.map { relation -> String in
      let text = relation.description
      return text.firstRange(of: " %").map { String(text[..<$0.upperBound]) } ?? text
    }
    #expect(found == sample.relations)
    // Enough rows to see every kind of value, few enough to expand at once.
    let table = all.selecting(rows: Array(stride(from: 0, to: all.rowCount, by: 3)))
    let back = try encoder.roundTrip(table)
    for (column, result) in zip(table.columns, back.columns) {
      guard let a = column.numbers, let b = result.numbers else {
        #expect(column.texts == result.texts, "\(column.name)")
        continue
      }
      let distance = kolmogorovSmirnov(a.array, b.array)
      if let positions = sharedPositions(of: column.name, encoder) {
        // A category that shares its position comes back as one of those it shares it with.
        #expect(zip(a, b).allSatisfy { positions[$0] == positions[$1] }, "\(column.name)")
        #expect(distance <= 2e-3, "\(column.name): KS \(distance)")
        continue
      }
      // Coordinates come back to some meters.
      let isCoordinate = column.name.lowercased().hasSuffix("tude")
      // If amounts have several numbers of decimals, the rarest are drawn.
      #expect(distance <= (isCoordinate ? 2e-3 : 1e-4), "\(column.name): KS \(distance)")
      if !isCoordinate {
        let different = zip(a, b).count { $0 != $1 && !($0.isNaN && $1.isNaN) }
        #expect(different * 4000 <= column.count, "\(column.name) differs in \(different) rows")
      }
      #expect(column.missingCount == result.missingCount, "\(column.name)")
    }
  }

  /// The position of each value of a categorical column that has more categories than positions;
  /// else nil.
  private func sharedPositions(of column: String, _ encoder: TableEncoder) -> [Double: Int]? {
    guard let span = encoder.categorySpan(ofColumn: column),
      let category = encoder.categoryValues(ofSpan: span), let values = category.values.numbers,
      Set(category.positions).count < category.positions.count
    else { return nil }
    return Dictionary(uniqueKeysWithValues: zip(values, category.positions))
  }

  @Test(arguments: [("ctgan", 0.02), ("poster", 1e-3)])
  func plainEncodersKeepTheDistributions(_ preset: String, bound: Double) throws {
    let (table, schema) = try CSVReader.readTable(
      path: recordsFolder.appendingPathComponent("yellow_2016_train.csv.gz").path)
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: preset == "ctgan" ? .ctgan : .poster, seed: 1)
    let back = try encoder.roundTrip(table)
    for (column, result) in zip(table.columns, back.columns) {
      guard let a = column.numbers, let b = result.numbers else { continue }
      let distance = kolmogorovSmirnov(a.array, b.array)
      #expect(distance <= bound, "\(preset), \(column.name): KS \(distance)")
    }
  }
}
