// SPDX-License-Identifier: Apache-2.0

import GradientBoosting
import SeededRandom
import Testing

@Suite("Boosted trees")
struct BoostedTreesTests {
  private static func rows(_ count: Int) -> [Int32] { Array(0..<Int32(count)) }

  private enum Role { case numeric, category }

  private static func table(_ columns: [(Role, [Double])]) -> [BoostingFeature] {
    columns.map { BoostingFeature(values: $1, isCategory: $0 == .category) }
  }

  private static func uniform(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed, purpose: 99)
    return (0..<count).map { _ in Double(generator.next() >> 11) * 0x1p-53 }
  }

  private static func r2(_ truth: [Double], _ found: [Double]) -> Double {
    let mean = truth.reduce(0, +) / Double(truth.count)
    let residual = zip(truth, found).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return 1 - residual / truth.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  @Test("learn a function of numbers, categories and missing values")
  func regression() {
    let n = 4000
    let (a, b) = (Self.uniform(n, seed: 1), Self.uniform(n, seed: 2))
    let category = Self.uniform(n, seed: 3).map { ($0 * 30).rounded(.down) }
    let gaps = a.indices.map { $0 % 7 == 0 ? Double.nan : b[$0] }
    let targets = a.indices.map { row in
      (a[row] > 0.5 ? 3 : 0) + (Int(category[row]) % 3 == 1 ? 5 : 0) + (gaps[row].isNaN ? -4 : 0)
    }.map(Double.init)
    let data = BinnedRows(
      Self.table([(.numeric, a), (.category, category), (.numeric, gaps)]), threads: 2)
    let model = BoostedTrees(
      data: data, rows: Self.rows(n / 2), targets: targets, objective: .regression,
      options: BoostingOptions(rounds: 200))
    let unseen = Array(Self.rows(n).dropFirst(n / 2))
    let found = model.predict(data, rows: unseen)[0]
    let score = Self.r2(Array(targets.dropFirst(n / 2)), found)
    #expect(score > 0.99, "R2 is \(score)")
    #expect(model.gains.allSatisfy { $0 > 0 })
  }

  @Test("three classes, one of them absent from training")
  func classes() {
    let n = 3000
    let a = Self.uniform(n, seed: 4)
    let targets = a.map { $0 < 0.3 ? 0.0 : $0 < 0.6 ? 2 : 3 }
    let data = BinnedRows(Self.table([(.numeric, a)]), threads: 1)
    let model = BoostedTrees(
      data: data, rows: Self.rows(n), targets: targets, objective: .classes(4),
      options: BoostingOptions(rounds: 60))
    let found = model.predict(data, rows: Self.rows(n))
    #expect(found.count == 4)
    for row in 0..<n {
      let probabilities = found.map { $0[row] }
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
      #expect(probabilities[1] == 0)
    }
    let right = (0..<n).filter { row in
      let probabilities = found.map { $0[row] }
      return Double(probabilities.firstIndex(of: probabilities.max()!)!) == targets[row]
    }
    #expect(Double(right.count) / Double(n) > 0.98)
  }

  @Test("nothing to learn from: constants, empty columns, few rows")
  func degenerate() {
    let n = 60
    let constant = [Double](repeating: 1, count: n)
    let missing = [Double](repeating: .nan, count: n)
    for columns in [
      [(Role.numeric, constant)], [(.numeric, missing)], [(.category, missing)],
      [(.category, constant.map { $0 - 1 })],
    ] {
      let data = BinnedRows(Self.table(columns), threads: 1)
      let targets = (0..<n).map { Double($0 % 2) }
      let model = BoostedTrees(
        data: data, rows: Self.rows(n), targets: targets, objective: .binary,
        options: BoostingOptions(rounds: 5))
      #expect(model.predict(data, rows: [0])[0] == [0.5])
      #expect(model.gains == [0])
    }
  }

  @Test("values outside of what was seen go to the outermost bins")
  func unseenValues() {
    let a = Self.uniform(1000, seed: 5)
    let data = BinnedRows(Self.table([(.numeric, a)]), threads: 1)
    let model = BoostedTrees(
      data: data, rows: Self.rows(1000), targets: a, objective: .regression,
      options: BoostingOptions(rounds: 100))
    let unseen = BinnedRows(
      Self.table([(.numeric, [-1e300, 1e300])]), bins: data.features, threads: 1)
    let found = model.predict(unseen, rows: [0, 1])[0]
    #expect(found[0] < 0.05 && found[1] > 0.95, "\(found)")
  }

  @Test("many distinct values and a heavy one fit into 255 bins")
  func bins() {
    let values = Self.uniform(20_000, seed: 6).map { $0 < 0.4 ? 0 : $0 }
    let data = BinnedRows(Self.table([(.numeric, values)]), threads: 1)
    let targets = values.map { $0 == 0 ? 10.0 : 0 }
    let model = BoostedTrees(
      data: data, rows: Self.rows(20_000), targets: targets, objective: .regression,
      options: BoostingOptions(rounds: 100))
    #expect(Self.r2(targets, model.predict(data, rows: Self.rows(20_000))[0]) > 0.9999)
  }
}
