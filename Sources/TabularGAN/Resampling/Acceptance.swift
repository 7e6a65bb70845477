// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How candidates are accepted by their density ratios (``RejectionSampling``).
package struct Acceptance: Codable, Sendable, Equatable {
  /// No ratio counts more: the logarithm of the greatest.
  package var ratioBound: Float
  /// The logarithm of the corrected ratio from which on every candidate is accepted; others are with
  /// a probability in proportion to theirs.
  package var bound: Float

  /// The share of the corrected ratios' sum that may lie above the bound. It is lost, but the few
  /// candidates that it belongs to would make many more candidates necessary.
  private static let lostShare = 0.1

  /// The logarithm of `cap` times the mean of ratios. O(ratios).
  package static func ratioBound(_ logarithms: [Float], cap: Double) -> Float {
    // Beyond 40, one ratio would be the mean of millions.
    let sum = logarithms.reduce(0.0) { $0 + exp(Double(min($1, 40))) }
    return Float(log(max(cap * sum / Double(max(logarithms.count, 1)), .leastNormalMagnitude)))
  }

  /// The logarithm of the value above which ``lostShare`` of the corrected ratios' sum lies.
  /// O(ratios log ratios).
  package static func bound(_ corrected: [Float]) -> Float {
    let ratios = corrected.map { exp(Double($0)) }.sorted(by: >)
    let lost = lostShare * ratios.reduce(0, +)
    // What lies above the k-th ratio is the sum of those before it less k times the ratio.
    var sum = 0.0
    for (count, ratio) in ratios.enumerated() {
      sum += ratio
      if let next = ratios.dropFirst(count + 1).first, sum - Double(count + 1) * next < lost {
        continue
      }
      return Float(log(max((sum - lost) / Double(count + 1), .leastNormalMagnitude)))
    }
    return 0
  }
}
