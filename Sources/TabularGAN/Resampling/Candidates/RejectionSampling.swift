// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import Tabular

/// Rejection sampling with a density ratio (von Neumann, "Various techniques used in connection with
/// random digits", 1951; Azadi et al., "Discriminator Rejection Sampling", 2019), with a limit on
/// the number of candidates.
///
/// A candidate of ratio w is accepted with probability min(1, w / bound). Where all candidates of a
/// row are rejected, one of them is taken in proportion to its ratio (sampling-importance
/// resampling, Rubin, 1987). Which candidate a row gets follows the seed and the row's number alone.
package struct RejectionSampling: Sendable {
  /// The logarithm of the ratio from which on every candidate is accepted.
  let bound: Float
  /// Candidates of a row, at most.
  let candidates: Int
  let seed: UInt64

  package init(bound: Float, candidates: Int, seed: UInt64) {
    self.bound = bound
    self.candidates = candidates
    self.seed = seed
  }

  /// Chooses each row of `numbers`, ascending, at most as many as a workspace has room for: all rows
  /// get a first candidate, those that are still open a second one, and so on.
  /// O(candidates that are made x weights).
  func rows(
    _ numbers: [Int], from sampler: CandidateSampler, workspace: CandidateSampler.Workspace
  ) throws -> Table {
    var rounds: [CandidateSampler.Candidates] = []
    // For each row its place among the candidates of all rounds.
    var chosen = [Int](repeating: -1, count: numbers.count)
    var open = Array(numbers.indices)
    var made = 0
    for candidate in 0..<candidates where !open.isEmpty {
      let round = try sampler.candidates(
        open.map { numbers[$0] }, candidate, workspace: workspace)
      var rejected: [Int] = []
      for (position, row) in open.enumerated() {
        if accepts(round.logarithms[position], row: numbers[row], candidate: candidate) {
          chosen[row] = made + position
        } else {
          rejected.append(row)
        }
      }
      rounds.append(round)
      made += open.count
      open = rejected
    }
    if !open.isEmpty { resample(open.map { ($0, numbers[$0]) }, rounds, into: &chosen) }
    let table = try Table(joining: rounds.map(\.table)).selecting(rows: chosen)
    return try sampler.withKeys(table, numbers)
  }

  /// Whether a candidate is accepted; never one whose ratio is no number.
  package func accepts(_ logarithm: Float, row: Int, candidate: Int) -> Bool {
    if logarithm >= bound { return true }
    let random = CounterRandom(seed: seed, purpose: .acceptance)
    return random.uniform(CounterRandom.index(row: row, candidate: candidate))
      < exp(Double(logarithm - bound))
  }

  /// The last resort for rows whose candidates were all rejected.
  private func resample(
    _ rows: [(index: Int, number: Int)], _ rounds: [CandidateSampler.Candidates],
    into chosen: inout [Int]
  ) {
    let wanted = Set(rows.map(\.number))
    var places = [Int: [Int]](minimumCapacity: rows.count)
    var logarithms = [Int: [Float]](minimumCapacity: rows.count)
    var first = 0
    for round in rounds {
      for (position, number) in round.numbers.enumerated() where wanted.contains(number) {
        places[number, default: []].append(first + position)
        logarithms[number, default: []].append(round.logarithms[position])
      }
      first += round.numbers.count
    }
    for (index, number) in rows {
      guard let places = places[number], let logarithms = logarithms[number] else { continue }
      chosen[index] =
        places[ImportanceResampling.choice(logarithms: logarithms, row: number, seed: seed)]
    }
  }
}
