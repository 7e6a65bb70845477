// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import WorkSharing

/// Finds the corrections of a ``Raking`` on a sample of candidates, by iterative proportional
/// fitting of their probabilities of being accepted (``RejectionSampling``).
package struct RakingFit {
  private static let rounds = 12
  /// In this many rounds at the end ratios count as they do in the acceptance, at most its bound: what
  /// lies above has been left out of the marginals until then, and corrections that were fitted to
  /// it from the beginning would chase what no correction can reach.
  private static let boundedRounds = 4
  /// All pairs of marginals are compared once in this many rounds, in the others those that
  /// differed.
  private static let roundsBetweenSearches = 4
  /// Each step of a cell's correction is shrunk as if it had this many more rows on both sides:
  /// cells of few rows, whose counts say little, go slowly.
  private static let prior = 10.0
  /// The same for a cell of two marginals, which is corrected only where it differs for certain.
  private static let pairPrior = 1.0
  /// Cells of two marginals are corrected where the counts differ by more than this many standard
  /// deviations.
  private static let significance = 3.0
  /// No correction is greater: where candidates lack something, the few that have it would be
  /// accepted whatever they are like.
  private static let maximum = log(3.0)
  /// None is less: what candidates have too much of is turned down more freely.
  private static let minimum = log(1.0 / 1000)
  /// A cell of two marginals without a real row is a structural zero (Bishop, Fienberg and Holland,
  /// "Discrete Multivariate Analysis", 1975) if independent marginals would have put this many
  /// there.
  private static let minExpected = 30.0
  /// The correction of such a cell: practically never.
  private static let structuralZero = -30.0

  /// Limit on the number of pairs of marginals; pairs of nearby columns are preferred.
  private static let maxPairs = 4096

  private let marginals: [Marginal]
  private let threads: Int
  private let realRows: Double
  private let realCells: [[UInt16]]
  /// For each marginal the cell of each candidate.
  private var cells: [[UInt16]]
  /// The candidates' ratios, corrected once ``run()`` has begun.
  private var weights: [Float] = []
  /// No ratio counts more.
  private var bound = Float.infinity

  /// - Parameters:
  ///   - real: the rows whose marginals are wanted.
  ///   - threads: number of threads; the result does not depend on it.
  package init(marginals: [Marginal], real: CountedRows, threads: Int = 1) {
    self.marginals = marginals
    self.threads = threads
    realRows = Double(real.table.rowCount)
    realCells = Raking.cells(of: real, marginals, threads: threads)
    cells = Array(repeating: [], count: marginals.count)
  }

  /// Adds candidates to the sample. O(rows x marginals).
  ///
  /// - Parameter added: for each marginal the cell of each candidate.
  package mutating func add(cells added: [[UInt16]]) {
    for marginal in marginals.indices { cells[marginal] += added[marginal] }
  }

  /// Fits the corrections. O(rounds x candidates x marginals²).
  ///
  /// - Parameter logarithms: of the candidates' density ratios.
  /// - Returns: the corrections, and the logarithm of the corrected ratio from which on every
  ///   candidate is accepted (``Acceptance/bound``).
  package mutating func run(logarithms: [Float]) -> (raking: Raking, bound: Float) {
    // Relative to the greatest, so that ratios of a generator that is far off are still numbers.
    let greatest = logarithms.max() ?? 0
    weights = logarithms.map { exp($0 - greatest) }
    bound = .infinity
    let real = [Float](repeating: 1, count: Int(realRows))
    var single = marginals.map { marginal in [Double](repeating: 0, count: marginal.cellCount) }
    let wanted = marginals.indices.map {
      tally(realCells[$0], marginals[$0].cellCount, real)
    }
    var pairs: [PairFit] = []
    for first in marginals.indices {
      for second in marginals.indices where second > first && isPair(first, second) {
        let table = CrossTable(marginals[first], marginals[second])
        let counts = tally(
          table.cells(realCells[first], realCells[second]), table.count, real)
        pairs.append(PairFit(first: first, second: second, table: table, wanted: counts))
      }
    }
    for pair in pairs.indices { excludeStructuralZeros(&pairs[pair]) }
    for round in 0..<Self.rounds {
      if round == Self.rounds - Self.boundedRounds {
        bound = max(exp(Acceptance.bound(weights.map { log($0) })), .leastNormalMagnitude)
      }
      for pair in pairs.indices
      where round % Self.roundsBetweenSearches == 0 || pairs[pair].differs.contains(true) {
        fit(&pairs[pair])
      }
      // Columns last: what is fitted last fits best.
      for marginal in marginals.indices.reversed() {
        let found = tally(cells[marginal], marginals[marginal].cellCount, weights)
        let scale = scale(of: found)
        let steps = found.indices.map { cell in
          let (wanted, found) = (wanted[marginal][cell], found[cell] * scale)
          return Self.step(wanted, found, prior: Self.prior, total: &single[marginal][cell])
        }
        multiply(cells[marginal], by: steps)
      }
    }
    let raking = Raking(
      marginals: marginals, logarithms: single.map { $0.map(Float.init) },
      pairs: pairs.filter { $0.total.contains { $0 != 0 } }.map { pair in
        Raking.Pair(
          first: pair.first, second: pair.second, logarithms: pair.total.map(Float.init))
      })
    return (raking, greatest + log(bound))
  }

  private func isPair(_ first: Int, _ second: Int) -> Bool {
    marginals[first].subject.isPaired && marginals[second].subject.isPaired
      && (marginals.count * (marginals.count - 1) / 2 <= Self.maxPairs
        || second - first <= Self.maxPairs / marginals.count)
  }

  /// Two marginals whose groups of cells are counted together.
  private struct PairFit {
    let first: Int
    let second: Int
    let table: CrossTable
    let wanted: [Double]
    /// Corrections so far, and the cells that once differed.
    var total: [Double]
    var differs: [Bool]

    init(first: Int, second: Int, table: CrossTable, wanted: [Double]) {
      self.first = first
      self.second = second
      self.table = table
      self.wanted = wanted
      total = Array(repeating: 0, count: table.count)
      differs = Array(repeating: false, count: table.count)
    }
  }

  /// Real rows for a weight of 1.
  private func scale(of weights: [Double]) -> Double {
    let sum = weights.reduce(0, +)
    return sum > 0 ? realRows / sum : 0
  }

  private mutating func excludeStructuralZeros(_ pair: inout PairFit) {
    let (rows, columns) = pair.table.sums(pair.wanted)
    for cell in pair.total.indices where pair.wanted[cell] == 0 {
      let (row, column) = cell.quotientAndRemainder(dividingBy: pair.table.width)
      if rows[row] * columns[column] / realRows >= Self.minExpected {
        pair.total[cell] = Self.structuralZero
      }
    }
    guard pair.total.contains(where: { $0 != 0 }) else { return }
    multiply(pair.table.cells(cells[pair.first], cells[pair.second]), by: pair.total)
  }

  private mutating func fit(_ pair: inout PairFit) {
    let positions = pair.table.cells(cells[pair.first], cells[pair.second])
    let found = tally(positions, pair.table.count, weights)
    let scale = scale(of: found)
    var steps = [Double](repeating: 0, count: found.count)
    for cell in steps.indices where pair.total[cell] != Self.structuralZero {
      let (wanted, found) = (pair.wanted[cell], found[cell] * scale)
      let deviation = (wanted + found * scale + 1).squareRoot()
      if abs(wanted - found) > Self.significance * deviation { pair.differs[cell] = true }
      guard pair.differs[cell] else { continue }
      steps[cell] = Self.step(wanted, found, prior: Self.pairPrior, total: &pair.total[cell])
    }
    if steps.contains(where: { $0 != 0 }) { multiply(positions, by: steps) }
  }

  /// What is added to a cell's correction, whose sum stays within bounds.
  private static func step(
    _ wanted: Double, _ found: Double, prior: Double, total: inout Double
  ) -> Double {
    let before = total
    total = min(max(total + log((wanted + prior) / (found + prior)), minimum), maximum)
    return total - before
  }

  // MARK: Weights

  /// The work is cut into this many parts, whatever the machine has, so that sums are the same on
  /// each.
  private static let parts = 16

  /// For each cell the sum of its rows' weights.
  private func tally(_ cells: [UInt16], _ count: Int, _ weights: [Float]) -> [Double] {
    let bound = bound
    let sums = parallelMap(Self.parts, threads: threads) { part in
      var sum = [Double](repeating: 0, count: count)
      for row in cells.count * part / Self.parts..<cells.count * (part + 1) / Self.parts {
        sum[Int(cells[row])] += Double(min(weights[row], bound))
      }
      return sum
    }
    return sums.dropFirst().reduce(into: sums[0]) { total, part in
      for cell in total.indices { total[cell] += part[cell] }
    }
  }

  /// Many corrections of one row together do not make it infinite.
  private static let maxWeight: Float = 1e30

  /// Multiplies the weights by their cells' factors.
  private mutating func multiply(_ cells: [UInt16], by logarithms: [Double]) {
    let factors = logarithms.map { Float(exp($0)) }
    let (count, threads, maxWeight) = (weights.count, threads, Self.maxWeight)
    weights.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let weights = buffer
      parallelFor(Self.parts, threads: threads) { part in
        for row in count * part / Self.parts..<count * (part + 1) / Self.parts {
          weights[row] = min(weights[row] * factors[Int(cells[row])], maxWeight)
        }
      }
    }
  }
}
