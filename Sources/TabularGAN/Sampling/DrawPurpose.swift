// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Keeps the streams of single draws apart.
package enum DrawPurpose: UInt64 {
  case rowOrder = 1
  case conditionColumn, conditionCategory, conditionRow, samplingColumn, samplingCategory, inverse,
    samplingCandidate, rareCategory, rareRow
}

extension CounterRandom {
  package init(seed: UInt64, purpose: DrawPurpose) {
    self.init(seed: seed, purpose: purpose.rawValue)
  }
}
