// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation
import Testing

@Suite("Intervals of utility")
struct MLUtilityIntervalTests {
  private static func utility(
    target: String, holdout: Int, threads: Int = 2, _ source: SampledTables.Source = .related
  ) throws -> MLUtility {
    var options = EvaluationOptions()
    options.parts = [.utility]
    options.target = target
    options.threads = threads
    let report = try QualityReport.evaluate(
      train: SampledTables.table(.related, rows: 1000, seed: 1),
      holdout: SampledTables.table(.related, rows: holdout, seed: 2),
      synthetic: SampledTables.table(source, rows: 1000, seed: 3), options: options)
    return try #require(report.utility)
  }

  @Test("They contain the scores, and shrink as the holdout grows", arguments: ["b", "kind"])
  func width(target: String) throws {
    let (few, many) = try (
      Self.utility(target: target, holdout: 100), Self.utility(target: target, holdout: 1600)
    )
    for found in [few, many] {
      let (synthetic, real, difference) = try (
        #require(found.syntheticInterval), #require(found.realInterval),
        #require(found.differenceInterval)
      )
      #expect(synthetic.contains(found.trainedOnSynthetic), "\(found)")
      #expect(real.contains(found.trainedOnReal), "\(found)")
      #expect(difference.contains(found.trainedOnSynthetic - found.trainedOnReal), "\(found)")
      #expect(difference.contains(0), "equally good rows: \(found)")
    }
    let width = { (interval: ClosedRange<Double>?) in
      interval.map { $0.upperBound - $0.lowerBound } ?? .nan
    }
    let ratio = width(few.realInterval) / width(many.realInterval)
    // The AUC of "kind" is so close to 1 that its intervals are cut off there.
    guard target == "b" else { return }
    #expect(ratio > 2 && ratio < 8, "a quarter of the width is expected: \(ratio), \(few), \(many)")
  }

  @Test("Rows that teach less are distinguished from real ones")
  func lessUseful() throws {
    let found = try Self.utility(target: "kind", holdout: 1600, .different)
    #expect(try #require(found.differenceInterval).upperBound < -0.1, "\(found)")
  }

  @Test("Fewer than 20 rows have none, and the thread count does not matter")
  func edges() throws {
    #expect(try Self.utility(target: "b", holdout: 19).syntheticInterval == nil)
    let one = try Self.utility(target: "kind", holdout: 300, threads: 1)
    #expect(try Self.utility(target: "kind", holdout: 300, threads: 3) == one)
  }

  @Test("Weights of one give the plain scores, and repeated rows count repeatedly")
  func weights() {
    let probabilities = [0.1, 0.4, 0.4, 0.8, 0.3, 0.9]
    let isMember = [false, true, false, true, false, false]
    let ranked = WeightedScore.RankedClass(probabilities: probabilities, isMember: isMember)
    let plain = Ranks.areaUnderCurve(scores: probabilities, isPositive: isMember)
    #expect(abs((ranked.area([1, 1, 1, 1, 1, 1]) ?? .nan) - plain) < 1e-15)
    let weights: [Int32] = [2, 0, 1, 3, 0, 1]
    let rows = weights.indices.flatMap { Array(repeating: $0, count: Int(weights[$0])) }
    let repeated = Ranks.areaUnderCurve(
      scores: rows.map { probabilities[$0] }, isPositive: rows.map { isMember[$0] })
    #expect(abs((ranked.area(weights) ?? .nan) - repeated) < 1e-15)
    #expect(ranked.area([1, 0, 1, 0, 1, 1]) == nil)

    let (truth, found) = ([1.0, 2, 4, 8, 3, 3], [1.5, 2, 3, 7, 3, 2])
    let r2 = { (rows: [Int]) in
      WeightedScore.r2(truth: rows.map { truth[$0] }, found: rows.map { found[$0] })(
        [Int32](repeating: 1, count: rows.count))
    }
    let score = WeightedScore.r2(truth: truth, found: found)
    #expect(abs(score(weights) - r2(rows)) < 1e-14)
    #expect(abs(score([1, 1, 1, 1, 1, 1]) - r2(Array(0..<6))) < 1e-15)
  }
}
