// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import Testing

import TabularGAN

/// Corrections by marginals.
@Suite struct RakingTests {
  private static let candidates = 8

  /// Two categorical columns of three categories. Real: the second follows the first but never
  /// shows 2 beside 0. Generated: independent, and the first category of both far too frequent.
  private func tables(rows: Int) throws -> (real: Table, generated: Table) {
    var state: UInt64 = 4
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    func table(_ count: Int, _ draw: () -> (Double, Double)) throws -> Table {
      let pairs = (0..<count).map { _ in draw() }
      return try Table(columns: [
        Column(name: "a", values: .number(pairs.map(\.0))),
        Column(name: "b", values: .number(pairs.map(\.1))),
      ])
    }
    let real = try table(rows) {
      let a = (next() * 3).rounded(.down)
      return (a, a == 0 ? (next() * 2).rounded(.down) : (next() * 3).rounded(.down))
    }
    let generated = try table(rows * Self.candidates) {
      (max((next() * 5).rounded(.down) - 2, 0), max((next() * 5).rounded(.down) - 2, 0))
    }
    return (real, generated)
  }

  private func cells(_ table: Table, _ marginals: [Marginal]) -> [[UInt16]] {
    marginals.map { $0.cells(of: CountedRows(table: table)) }
  }

  private func shares(_ column: [Double], _ rows: [Int]) -> [Double] {
    (0..<3).map { category in
      Double(rows.count { column[$0] == Double(category) }) / Double(rows.count)
    }
  }

  @Test func chosenRowsHaveTheMarginals() throws {
    let (real, generated) = try tables(rows: 6000)
    let marginals = ["a", "b"].map { Marginal(.column($0), of: CountedRows(table: real))! }
    let none = [Float](repeating: 0, count: generated.rowCount)
    var fit = RakingFit(marginals: marginals, real: CountedRows(table: real))
    fit.add(cells: cells(generated, marginals))
    let (raking, bound) = fit.run(logarithms: none)
    let sampling = RejectionSampling(bound: bound, candidates: 1, seed: 1)
    let corrected = raking.logarithms(of: CountedRows(table: generated))
    let choices = corrected.indices.filter {
      sampling.accepts(corrected[$0], row: $0, candidate: 0)
    }
    #expect(choices.count > generated.rowCount / 8, "too few to tell: \(choices.count)")
    for name in ["a", "b"] {
      let wanted = shares(real[name]!.numbers!.array, Array(0..<6000))
      let found = shares(generated[name]!.numbers!.array, choices)
      let before = shares(generated[name]!.numbers!.array, Array(0..<generated.rowCount))
      for category in 0..<3 {
        // Five standard deviations of both shares.
        let bound = 5 * (2 * 0.25 / 6000).squareRoot()
        #expect(abs(found[category] - wanted[category]) < bound, "\(name) \(found) \(wanted)")
      }
      #expect(before[0] - wanted[0] > 0.15, "nothing to correct: \(before)")
    }
    // What never is, although independence would have it in 667 rows, is not chosen.
    let (a, b) = (generated["a"]!.numbers!, generated["b"]!.numbers!)
    #expect(choices.count { a[$0] == 0 && b[$0] == 2 } == 0)
    #expect(zip(a, b).count { $0 == 0 && $1 == 2 } > 1000)
  }

  /// A category that no candidate has cannot be made, and nothing else is bent for it.
  @Test func whatCandidatesLackBoundsTheCorrection() throws {
    let (real, _) = try tables(rows: 3000)
    let generated = try Table(
      columns: ["a", "b"].map {
        Column(name: $0, values: .number((0..<3000 * 8).map { Double(($0 / 3) % 2) }))
      })
    let marginals = ["a", "b"].map { Marginal(.column($0), of: CountedRows(table: real))! }
    var fit = RakingFit(marginals: marginals, real: CountedRows(table: real))
    fit.add(cells: cells(generated, marginals))
    let raking = fit.run(logarithms: [Float](repeating: 0, count: 24_000)).raking
    for value in raking.logarithms.joined() {
      #expect(Double(value) <= log(3.0) + 1e-6 && Double(value) >= -log(1000.0) - 1e-6)
    }
  }

  /// Candidates may come in parts.
  @Test func partsOfTheSampleMakeTheWhole() throws {
    let (real, generated) = try tables(rows: 900)
    let marginals = ["a", "b"].map { Marginal(.column($0), of: CountedRows(table: real))! }
    let logarithms = (0..<generated.rowCount).map { Float($0 * 37 % 100) / 50 - 1 }
    func raking(parts: [Range<Int>]) -> Raking {
      var fit = RakingFit(marginals: marginals, real: CountedRows(table: real))
      for part in parts {
        fit.add(cells: cells(generated.selecting(rows: Array(part)), marginals))
      }
      return fit.run(logarithms: logarithms).raking
    }
    let whole = raking(parts: [0..<7200])
    #expect(whole == raking(parts: [0..<7, 7..<4000, 4000..<7200]))
    #expect(whole.logarithms.joined().contains { $0 != 0 })
  }

  /// A generator that is far off gives ratios that a Float does not hold.
  @Test(arguments: [-500, 0, 60] as [Float]) func ratiosMayBeTiny(logarithm: Float) throws {
    let (real, generated) = try tables(rows: 500)
    let marginals = ["a", "b"].map { Marginal(.column($0), of: CountedRows(table: real))! }
    var fit = RakingFit(marginals: marginals, real: CountedRows(table: real))
    fit.add(cells: cells(generated, marginals))
    let (raking, bound) = fit.run(
      logarithms: (0..<4000).map { logarithm - Float($0 % 7) * 30 })
    #expect(bound.isFinite)
    let isFinite = raking.logarithms.joined().allSatisfy(\.isFinite)
    #expect(isFinite)
  }

  @Test func correctionsAreStored() throws {
    let (real, generated) = try tables(rows: 1000)
    let marginals = ["a", "b"].map { Marginal(.column($0), of: CountedRows(table: real))! }
    var fit = RakingFit(marginals: marginals, real: CountedRows(table: real))
    fit.add(cells: cells(generated, marginals))
    let raking = fit.run(logarithms: [Float](repeating: 0, count: 8000)).raking
    let back = try JSONDecoder().decode(Raking.self, from: JSONEncoder().encode(raking))
    #expect(back == raking)
    #expect(
      back.logarithms(of: CountedRows(table: generated))
        == raking.logarithms(of: CountedRows(table: generated)))
    // Corrections or cells that are not there.
    for change in [{ $0.logarithms[0].removeLast() }, { $0.pairs[0].second = 7 }]
      as [(inout Raking) -> Void]
    {
      var damaged = raking
      change(&damaged)
      let json = try JSONEncoder().encode(damaged)
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Raking.self, from: json) }
    }
  }
}
