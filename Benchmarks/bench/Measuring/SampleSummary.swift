// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What repeated timings of one case say: the middle, the best, and how far they spread.
struct SampleSummary: Codable {
  let samples: Int
  let medianSeconds: Double
  let minimumSeconds: Double
  /// The distance between the quartiles over the median: 0.05 is 5 %.
  let spread: Double

  /// Summarizes seconds per call; `samples` must not be empty.
  init(_ samples: [Double]) {
    precondition(!samples.isEmpty, "a summary needs at least one sample")
    let sorted = samples.sorted()
    self.samples = sorted.count
    let median = Self.quantile(0.5, of: sorted)
    let range = Self.quantile(0.75, of: sorted) - Self.quantile(0.25, of: sorted)
    medianSeconds = median.roundedToSignificant
    minimumSeconds = sorted[0].roundedToSignificant
    spread = (range / median).roundedToSignificant
  }

  /// The quantile by linear interpolation between the neighboring values.
  static func quantile(_ q: Double, of sorted: [Double]) -> Double {
    let position = q * Double(sorted.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
  }
}

extension Double {
  /// Five significant digits: more than a timing can claim, and what a result file keeps.
  var roundedToSignificant: Double {
    guard self != 0, isFinite else { return self }
    let scale = pow(10, 4 - log10(abs(self)).rounded(.down))
    return (self * scale).rounded() / scale
  }
}
