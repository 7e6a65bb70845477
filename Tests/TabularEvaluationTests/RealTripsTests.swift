// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TabularEvaluation
import TaxiTrips
import Testing
import SeededRandom

/// Tables made from the real train rows by the recipes of Scripts/evaluator_goldens.py.
enum RealTrips {
  static let folder = Fixtures.root.deletingLastPathComponent().appending(path: "shared/data")
  private static let trainFile = folder.appending(path: "yellow_2016_train.csv.gz")
  private static let holdoutFile = folder.appending(path: "yellow_2016_validation.csv.gz")
  static let arePresent = FileManager.default.fileExists(atPath: trainFile.path)

  static let train = Result { try CSVReader.readTable(path: trainFile.path).table }
  static let holdout = Result { try CSVReader.readTable(path: holdoutFile.path).table }

  private static let noisy = [
    "trip_distance": 7919, "pickup_longitude": 104_729, "dropoff_latitude": 1_299_709,
  ]
  private static let shuffled: Set = [
    "trip_distance", "fare_amount", "tip_amount", "pickup_longitude", "dropoff_latitude",
  ]

  static func table(_ name: String) throws -> Table {
    let train = try train.get()
    let rows = try holdout.get().rowCount
    return try Table(
      columns: train.columns.enumerated().map { k, column in
        let isShuffled = name == "shuffled" || name == "partial" && shuffled.contains(column.name)
        let chosen = column.selecting(
          (0..<rows).map {
            (isShuffled ? (1009 + 1226 * k) * $0 + 7919 : 4 * $0) % train.rowCount
          })
        guard let factor = noisy[column.name], case .number(let values) = chosen.values else {
          return chosen
        }
        let size: Double
        switch name {
        case "jittered" where column.name != "trip_distance": size = 1e-6
        case "noisy": size = 1e-3
        default: return chosen
        }
        return Column(
          name: column.name,
          values: .number(
            values.enumerated().map { row, value in
              value + Double((row * factor) % 2001 - 1000) / 1000 * size
            }))
      })
  }
}

@Suite(
  "Agreement with an external evaluator on real trips",
  .enabled(if: RealTrips.arePresent, "needs ../shared/data"))
struct RealTripsTests {
  @Test(
    "roles, shape, trend, rules and copying",
    arguments: ["jittered", "noisy", "partial", "shuffled"])
  func figures(name: String) throws {
    let goldens: [String: Golden] = try Fixtures.goldens("real")
    let golden = try #require(goldens[name])
    var options = EvaluationOptions()
    options.parts = [.memorization, .utility]
    let report = try QualityReport.evaluate(
      train: RealTrips.train.get(), holdout: RealTrips.holdout.get(),
      synthetic: RealTrips.table(name), domains: [TaxiDomain()],
      options: options)
    EvaluatorAgreement.expectSameColumns(report, golden)
    EvaluatorAgreement.expectSameFigures(report, golden, name)

    // Which rows are looked at is drawn at random, by another generator than the evaluator's.
    let memorization = try #require(report.memorization)
    #expect(memorization.detected == golden.copying.alarm, "\(name): \(memorization.reasons)")
    #expect(abs(memorization.dcrShare - golden.copying.share) < 0.04, "\(name): share")
    #expect(
      abs((memorization.memorizationEstimate ?? .nan) - max(golden.copying.copied_estimate, 0))
        < 0.15,
      "\(name): estimate")
    #expect(memorization.duplicatesOfTrain == golden.copying.duplicates_of_train, "\(name)")
    #expect(memorization.duplicatesWithin == golden.copying.duplicates_within, "\(name)")

    let utility = try #require(report.utility)
    let learned = try #require(golden.tstr)
    #expect(utility.target == learned.target && utility.withheld == learned.withheld)
    #expect(abs(utility.trainedOnReal - learned.trtr) < 0.02, "\(name): \(utility)")
    if learned.tstr > 0 {
      #expect(abs(utility.trainedOnSynthetic - learned.tstr) < 0.03, "\(name): \(utility)")
    } else {
      // Below zero any prediction is nonsense, and how much of it is chance.
      #expect(utility.trainedOnSynthetic < 0, "\(name): \(utility)")
    }
  }

  @Test("classifiers find what LightGBM finds, in the same order")
  func c2st() throws {
    let goldens: [String: Golden] = try Fixtures.goldens("real")
    let names = ["jittered", "noisy", "partial", "shuffled"]
    let encoder = FeatureEncoder(train: try RealTrips.train.get(), threads: 2)
    let holdout = try encoder(RealTrips.holdout.get(), part: "holdout", threads: 2)
    var rows = SplitMix64(seed: 11, purpose: 1)
    let train = try RealTrips.train.get()
    let holdoutBaseline = train.selecting(rows: rows.sample(holdout.rowCount, of: train.rowCount))
    let tables = try [holdoutBaseline] + names.map { try RealTrips.table($0) }
    let tests = try tables.map { (holdout, try encoder($0, part: "synthetic", threads: 2)) }
    let found = TwoSampleTest().run(tests, threads: 2).map(\.auc)
    let expected = try names.map { try #require(goldens[$0]?.c2st_auc).synthetic }
    // Other rows were drawn for the evaluator's floor: it is compared with one half.
    #expect(abs(found[0] - 0.5) < 0.02, "holdout baseline: \(found[0])")
    for (index, name) in names.enumerated() {
      #expect(
        abs(found[index + 1] - expected[index]) < 0.01,
        "\(name): \(found[index + 1]), LightGBM \(expected[index])")
    }
    let order = { (auc: [Double]) in auc.indices.sorted { auc[$0] < auc[$1] } }
    #expect(order(Array(found.dropFirst())) == order(expected), "\(found), \(expected)")
  }
}
