// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation
import Testing

@Suite("Two-sample tests")
struct TwoSampleTestTests {
  private static func encoded(_ table: Table) throws -> FeatureTable {
    try FeatureEncoder(train: SimulatedTables.train)(table, part: "synthetic")
  }

  private static func tests() throws -> [(real: FeatureTable, synthetic: FeatureTable)] {
    let coordinates = ["pickup_longitude", "dropoff_latitude"]
    let noisy = try SimulatedTables.changing(SimulatedTables.fresh, coordinates) {
      $1 + SimulatedTables.noise($0, 0.02)
    }
    let partial = try SimulatedTables.shuffled(
      SimulatedTables.train, rows: 3000, columns: ["fare_amount", "tip_amount", "trip_distance"])
    let independentColumnsBaseline = try SimulatedTables.shuffled(SimulatedTables.train, rows: 3000)
    let real = try encoded(SimulatedTables.holdout)
    return try [SimulatedTables.fresh, noisy, partial, independentColumnsBaseline].map {
      (real, try encoded($0))
    }
  }

  @Test("fresh rows sit at one half, and the more is wrong, the easier it is")
  func order() throws {
    let results = TwoSampleTest().run(try Self.tests(), threads: 2)
    let auc = results.map(\.auc)
    #expect(abs(auc[0] - 0.5) < 0.05, "\(auc)")
    #expect(abs(results[0].accuracy - 0.5) < 0.05)
    #expect(auc[0] + 0.05 < auc[1] && auc[1] < auc[2] && auc[2] <= auc[3], "\(auc)")
    #expect(auc[3] > 0.99)
    let givenAway = results[1].top.prefix(4).map(\.feature)
    #expect(Set(givenAway).isSuperset(of: ["pickup_longitude", "dropoff_latitude"]))
    #expect(results[3].classifiedReal < 5)
  }

  @Test("the same on any number of threads, another by another seed")
  func determinism() throws {
    let tests = Array(try Self.tests().prefix(2))
    var test = TwoSampleTest(rounds: 30)
    let one = test.run(tests, threads: 1)
    for threads in [2, 3, 8] { #expect(test.run(tests, threads: threads) == one, "\(threads)") }
    test.seed = 1
    #expect(test.run(tests, threads: 2) != one)
  }

  @Test("a handful of rows", arguments: [1, 2, 7])
  func fewRows(count: Int) throws {
    let real = try Self.encoded(SimulatedTables.holdout.selecting(rows: Array(0..<count)))
    let synthetic = try Self.encoded(SimulatedTables.fresh.selecting(rows: Array(0..<count)))
    let result = TwoSampleTest(rounds: 5).run([(real, synthetic)], threads: 2)[0]
    #expect((0...1).contains(result.auc) && (0...1).contains(result.accuracy))
  }
}
