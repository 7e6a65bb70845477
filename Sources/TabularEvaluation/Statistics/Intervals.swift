// SPDX-License-Identifier: Apache-2.0

import Foundation

/// 95 % confidence intervals: in 95 of 100 samples, they contain the true value.
package enum Intervals {
  /// Standard errors on each side of an estimate: the 97.5 % quantile of the normal distribution.
  package static let z = 1.959963984540054

  /// The interval of an area under the ROC curve, given the number of rows of each class.
  ///
  /// Inverts the variance of Hanley and McNeil (1982) at the limits (Newcombe 2006, method 5). They
  /// are within 0...1, and sensible even if the area is 0 or 1 or a class has only a few rows.
  ///
  /// - Parameter spread: a factor for the standard error.
  package static func areaUnderCurve(
    _ area: Double, positives: Int, negatives: Int, spread: Double = 1
  ) -> ClosedRange<Double> {
    guard positives > 0, negatives > 0, area.isFinite else { return 0...1 }
    let pairs = Double(positives) * Double(negatives)
    let mean = Double(positives + negatives) / 2 - 1
    let error = { (theta: Double) in
      let likeness = 1 + mean * ((1 - theta) / (2 - theta) + theta / (1 + theta))
      return spread * (theta * (1 - theta) * likeness / pairs).squareRoot()
    }
    let isPlausible = { (theta: Double) in abs(area - theta) <= z * error(theta) }
    return limit(from: area, to: 0, isPlausible)...limit(from: area, to: 1, isPlausible)
  }

  /// The interval of a share of `count` independent rows (Wilson 1927); `count` may be an effective
  /// number of rows.
  package static func share(_ share: Double, of count: Double) -> ClosedRange<Double> {
    guard count > 0, share.isFinite else { return 0...1 }
    let weight = z * z / count
    let center = (share + weight / 2) / (1 + weight)
    let half =
      (z / (1 + weight)) * (max(share * (1 - share), 0) / count + weight / (4 * count)).squareRoot()
    let lower = min(max(center - half, 0), share)
    return lower...max(min(center + half, 1), share)
  }

  /// The interval of `a - b` from those of two independent estimates (Newcombe 1998,
  /// square-and-add).
  package static func difference(
    _ a: Double, _ aInterval: ClosedRange<Double>, _ b: Double, _ bInterval: ClosedRange<Double>
  ) -> ClosedRange<Double> {
    let norm = { (x: Double, y: Double) in (x * x + y * y).squareRoot() }
    let below = norm(a - aInterval.lowerBound, bInterval.upperBound - b)
    let above = norm(aInterval.upperBound - a, b - bInterval.lowerBound)
    return (a - b - below)...(a - b + above)
  }

  /// The bound that the greatest of `count` areas under ROC curves exceeds by chance in one of 40
  /// cases (Bonferroni; null variance of Mann and Whitney 1947).
  package static func maxAreaByChance(
    of count: Int, rows: Int, spread: Double = 1
  ) -> Double {
    guard rows > 0 else { return 1 }
    let n = Double(rows)
    let error = spread * ((2 * n + 1) / (12 * n * n)).squareRoot()
    return min(0.5 + normalQuantile(1 - 0.025 / Double(max(count, 1))) * error, 1)
  }

  /// The quantile of the normal distribution, by bisection of its distribution function.
  private static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.squareRoot()) / 2 < probability { low = middle } else { high = middle }
    }
    return low
  }

  /// The last plausible value between `start` and `end`, to 1e-9.
  private static func limit(
    from start: Double, to end: Double, _ isPlausible: (Double) -> Bool
  ) -> Double {
    var (inside, outside) = (start, end)
    if isPlausible(end) { return end }
    while abs(outside - inside) > 1e-9 {
      let middle = (inside + outside) / 2
      if isPlausible(middle) { inside = middle } else { outside = middle }
    }
    return inside
  }
}
