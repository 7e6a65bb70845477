// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import Testing
import TaxiTrips

/// The folder of real trip records beside the repository, where it is present.
private let recordsFolder: URL =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data")

private func isPresent(_ name: String) -> Bool {
  FileManager.default.fileExists(atPath: recordsFolder.appendingPathComponent(name).path)
}

@Suite(
  "Taxi rules on real records",
  .enabled(
    if: isPresent("yellow_2016_train.csv.gz"),
    "../shared/data with the real trip records is not there"))
struct TaxiRealFileTests {
  private func table(_ name: String) throws -> Table {
    try CSVReader.read(path: recordsFolder.appendingPathComponent(name).path).table
  }

  /// Percentages that an external evaluator, written in Python with pandas, found.
  struct Golden: Sendable, CustomTestStringConvertible {
    var file: String
    var percent: [String: Double]
    var testDescription: String { file }
  }

  static let goldens: [Golden] = [
    Golden(
      file: "yellow_2016_train.csv.gz",
      percent: [
        "dropoff before pickup": 0, "total is not the sum of its parts": 0.007596706068248808,
        "negative fare": 0.04102221276854356,
        "a coordinate outside the NYC box": 1.5892309094776507,
        "faster than 80 mph": 0.06988969582788902,
        "passengers 0 or more than 6": 0.0045580236409492846,
        "shorter than the straight line (>5%)": 0.48466984715427386, "cash trip with a tip": 0,
        "fare not a multiple of 0.50": 0.054696283691391415,
      ]),
    Golden(
      file: "yellow_2016_validation.csv.gz",
      percent: [
        "dropoff before pickup": 0, "total is not the sum of its parts": 0.018304960644334616,
        "negative fare": 0.024406614192446153,
        "a coordinate outside the NYC box": 1.6352431508938923,
        "faster than 80 mph": 0.08542314967356153, "passengers 0 or more than 6": 0,
        "shorter than the straight line (>5%)": 0.6101653548111539, "cash trip with a tip": 0,
        "fare not a multiple of 0.50": 0.054914881933003847,
      ]),
    Golden(
      file: "green_2016-01.csv.gz",
      percent: [
        "dropoff before pickup": 0, "total is not the sum of its parts": 0.006703536115300821,
        "negative fare": 0.187699011228423,
        "a coordinate outside the NYC box": 0.32009384950561426,
        "faster than 80 mph": 0.24132730015082957,
        "passengers 0 or more than 6": 0.03351768057650411,
        "shorter than the straight line (>5%)": 0.930115635997989, "cash trip with a tip": 0,
        "fare not a multiple of 0.50": 0.1273671861907156,
      ]),
    Golden(
      file: "poster_schema_2016.csv.gz",
      percent: [
        "dropoff before pickup": 0, "a coordinate outside the NYC box": 1.2799789489512068,
        "faster than 80 mph": 0.31952484775580786,
        "passengers 0 or more than 6": 0.0028193368919630104,
      ]),
  ]

  @Test("Each rule is broken by the share that the external evaluator found", arguments: goldens)
  func golden(_ golden: Golden) throws {
    let table = try table(golden.file)
    #expect(table.isTaxiTable)
    let violations = TaxiRules.violations(in: table)
    #expect(Set(violations.map(\.rule)) == Set(golden.percent.keys))
    for violation in violations {
      let expected = try #require(golden.percent[violation.rule])
      let error = abs(violation.percent - expected)
      #expect(
        error <= 1e-6 * expected, "\(golden.file), \(violation.rule): \(violation.percent)")
    }
  }

  @Test("Real trips hardly begin or end in the water, and one in twenty at an airport")
  func geography() throws {
    let shares = try #require(TaxiGeography(try table("yellow_2016_train.csv.gz")))
    for (end, outside, water) in [
      (shares.pickups, 0.3, 0.03), (shares.dropoffs, 0.8, 0.04),
    ] {
      #expect(end.waterPercent <= water, "\(end)")
      #expect(end.outsidePercent <= outside, "\(end)")
      #expect(abs(end.withoutFixPercent - 1.5) <= 0.1, "\(end)")
    }
    // The external evaluator's boxes and counts.
    let expected: [(Airport, Double, Double)] = [
      (.jfk, 2.330, 0.895), (.laGuardia, 2.565, 1.188), (.newark, 0.009, 0.150),
    ]
    for (airport, pickups, dropoffs) in expected {
      let from = try #require(shares.pickups.airportPercent[airport.rawValue])
      let to = try #require(shares.dropoffs.airportPercent[airport.rawValue])
      #expect(abs(from - pickups) <= 0.01, "from \(airport): \(from)")
      #expect(abs(to - dropoffs) <= 0.01, "to \(airport): \(to)")
    }
  }

  @Test("Cleaning drops the real mess and says what it dropped")
  func cleaning() throws {
    let (table, report) = try TaxiCleaning().apply(to: try table("yellow_2016_train.csv.gz"))
    #expect(report.rowsBefore == 65_818 && report.rowsAfter == table.rowCount)
    #expect(report.entries.allSatisfy { ($0.rows ?? 0) > 0 }, "\(report)")
    let dropped = report.entries.compactMap(\.rows).reduce(0, +)
    #expect(dropped == report.rowsBefore - report.rowsAfter)
    #expect(Double(dropped) < 0.03 * Double(report.rowsBefore), "\(report)")
  }
}
