// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom

/// Sampling-importance resampling (Rubin, 1987): of several candidates one is taken, with a
/// probability in proportion to its density ratio.
///
/// Unlike rejection (Azadi et al., "Discriminator Rejection Sampling", 2019) or a Markov chain it
/// needs a fixed number of candidates, so that row i depends on the seed and i alone.
package enum ImportanceResampling {
  /// For each group of `candidates` rows the index of the one that is taken. O(rows).
  ///
  /// - Parameters:
  ///   - logarithms: of the density ratios, up to a constant.
  ///   - rows: the number of each group's row, which selects its random number.
  package static func choices(
    logarithms: [Float], candidates: Int, rows: [Int], seed: UInt64
  ) -> [Int] {
    let random = CounterRandom(seed: seed, purpose: .samplingCandidate)
    return rows.enumerated().map { group, row in
      let members = group * candidates..<(group + 1) * candidates
      let maximum = logarithms[members].max()!
      let cumulative = ConditionalSampler.cumulative(
        members.map { exp(Double(logarithms[$0] - maximum)) })
      return members.lowerBound
        + ConditionalSampler.index(
          in: cumulative, at: random.uniform(UInt64(row)))
    }
  }
}
