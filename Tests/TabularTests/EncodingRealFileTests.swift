import Foundation
import Tabular
import Testing

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
        "tpep_dropoff_datetime = tpep_pickup_datetime + rest",
        "total_amount = fare_amount + extra + mta_tax + tip_amount + tolls_amount + improvement_surcharge + rest",
        "trip_distance = rest * straight line(pickup_latitude, pickup_longitude, dropoff_latitude, dropoff_longitude)",
      ]),
    Sample(
      file: "poster_schema_2016.csv.gz",
      relations: ["dropoff_datetime = pickup_datetime + trip_duration + rest"]),
    Sample(
      file: "green_2016-01.csv.gz",
      relations: [
        "Lpep_dropoff_datetime = lpep_pickup_datetime + rest",
        "Total_amount = Fare_amount + Extra + MTA_tax + Tip_amount + Tolls_amount + improvement_surcharge + rest",
        "Trip_distance = rest * straight line(Pickup_latitude, Pickup_longitude, Dropoff_latitude, Dropoff_longitude)",
      ]),
    Sample(
      file: "yellow_2018-2020_sample.csv.gz",
      relations: [
        "dropoff_datetime = pickup_datetime + rest",
        "total_amount = fare_amount + extra + mta_tax + tip_amount + tolls_amount + improvement_surcharge + congestion_surcharge + rest",
      ]),
  ]

  @Test(arguments: samples)
  func realRecordsComeBack(_ sample: Sample) throws {
    let (all, schema) = try CSVReader.readTable(
      path: recordsFolder.appendingPathComponent(sample.file).path)
    let encoder = try TableEncoder.fit(
      table: all, schema: schema, configuration: .standard, seed: 1)
    #expect(encoder.relations.map(\.description) == sample.relations)
    // Enough rows to see every kind of value, few enough to expand at once.
    let table = all.selecting(rows: Array(stride(from: 0, to: all.rowCount, by: 3)))
    let back = try encoder.roundTrip(table)
    for (column, result) in zip(table.columns, back.columns) {
      guard let a = column.numbers, let b = result.numbers else {
        #expect(column.texts == result.texts, "\(column.name)")
        continue
      }
      let distance = kolmogorovSmirnov(a, b)
      // Coordinates come back to some metres, and so does the way between them.
      let name = column.name.lowercased()
      let isApproximate =
        name.hasSuffix("tude") || name == "trip_distance" && sample.relations.count > 2
      #expect(distance <= (isApproximate ? 2e-3 : 0), "\(column.name): KS \(distance)")
      if !isApproximate {
        let row = column.firstDifference(from: result)
        #expect(row == nil, "\(column.name) differs in row \(row ?? 0)")
      }
      #expect(column.missingCount == result.missingCount, "\(column.name)")
    }
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
      let distance = kolmogorovSmirnov(a, b)
      #expect(distance <= bound, "\(preset), \(column.name): KS \(distance)")
    }
  }
}
