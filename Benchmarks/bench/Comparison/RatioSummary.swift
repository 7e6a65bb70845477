// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Ratios of the fastest peer's time over ours, taken together.
struct RatioSummary: Equatable {
  /// The geometric mean; nil without ratios, or where one has no logarithm.
  let mean: Double?
  /// Ratios below 1. One that is not a number counts as lost.
  let lost: Int
  let count: Int

  init(_ ratios: [Double]) {
    mean = geometricMean(ratios)
    lost = ratios.filter { Self.isLoss($0) }.count
    count = ratios.count
  }

  static func isLoss(_ ratio: Double) -> Bool { !(ratio >= 1) }
}

/// The geometric mean, which treats a ratio and its inverse alike; nil of nothing, or where a value
/// has no logarithm.
func geometricMean(_ values: [Double]) -> Double? {
  guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}
