// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Keeps the streams of single draws apart.
package enum DrawPurpose: UInt64 {
  case rowOrder = 1
  case conditionColumn, conditionCategory, conditionRow, samplingColumn, samplingCategory, inverse,
    samplingCandidate, rareCategory, rareRow, acceptance
}

extension CounterRandom {
  package init(seed: UInt64, purpose: DrawPurpose) {
    self.init(seed: seed, purpose: purpose.rawValue)
  }

  /// The index of what is drawn for a candidate of a row: different for any two of them, as rows
  /// are below 2^48 and candidates below 2^12.
  static func index(row: Int, candidate: Int) -> UInt64 {
    UInt64(row) | UInt64(candidate) << 48
  }
}
