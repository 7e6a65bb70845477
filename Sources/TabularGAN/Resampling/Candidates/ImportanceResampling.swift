// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom

/// Sampling-importance resampling (Rubin, 1987): of several candidates one is taken, with a
/// probability in proportion to its density ratio.
package enum ImportanceResampling {
  /// The index of the candidate that is taken. O(candidates).
  ///
  /// - Parameters:
  ///   - logarithms: of the density ratios, up to a constant.
  ///   - row: the number of the row, which selects its random number.
  package static func choice(logarithms: [Float], row: Int, seed: UInt64) -> Int {
    let random = CounterRandom(seed: seed, purpose: .samplingCandidate)
    let maximum = logarithms.max()!
    let cumulative = ConditionalSampler.cumulative(
      logarithms.map { exp(Double($0 - maximum)) })
    return ConditionalSampler.index(in: cumulative, at: random.uniform(UInt64(row)))
  }
}
