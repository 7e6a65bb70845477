// SPDX-License-Identifier: Apache-2.0

/// Distinct values with their counts, scaled to -1...1 and laid out for vectors of eight.
struct WeightedPoints {
  typealias Lanes = SIMD8<Double>

  /// A value is `center + scale * point`.
  let center: Double
  /// Half of the range.
  let scale: Double
  let distinctCount: Int
  /// The values counted.
  let count: Double
  /// Ascending; the last vector is filled up with points that count nothing.
  let points: [Lanes]
  let counts: [Lanes]

  /// Takes at least one value, all finite.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    let (minimum, maximum) = (sorted[0], sorted[sorted.count - 1])
    // Halves first: the sum and the difference of two huge values would overflow.
    let center = minimum * 0.5 + maximum * 0.5
    let scale = maximum * 0.5 - minimum * 0.5
    var points: [Lanes] = []
    var counts: [Lanes] = []
    var distinct = 0
    var last = Double.nan
    for value in sorted {
      if value != last {
        if distinct % Lanes.scalarCount == 0 {
          points.append(Lanes(repeating: 0))
          counts.append(Lanes(repeating: 0))
        }
        let point = (value * 0.5 - center * 0.5) / (scale * 0.5)
        points[points.count - 1][distinct % Lanes.scalarCount] = scale > 0 ? point : 0
        distinct += 1
        last = value
      }
      counts[counts.count - 1][(distinct - 1) % Lanes.scalarCount] += 1
    }
    self.center = center
    self.scale = scale
    distinctCount = distinct
    count = Double(values.count)
    self.points = points
    self.counts = counts
  }

  /// Calls `body` with each point and its count, ascending.
  func forEach(_ body: (_ point: Double, _ count: Double) -> Void) {
    for i in 0..<distinctCount {
      let (block, lane) = (i / Lanes.scalarCount, i % Lanes.scalarCount)
      body(points[block][lane], counts[block][lane])
    }
  }

  /// The value at or next above a share, 0..<1, of the counted ones.
  func quantiles(_ shares: [Double]) -> [Double] {
    var result: [Double] = []
    var below = 0.0
    forEach { point, n in
      below += n
      while result.count < shares.count && below > shares[result.count] * count {
        result.append(point)
      }
    }
    return result
  }

  /// The means, ascending, of `count` intervals: of the interval whose split lowers the squared
  /// error most, the best split is taken, over and over. O(count x points).
  func splitMeans(_ count: Int) -> [Double] {
    // Sums up to each point: of counts, and of points.
    var n = [0.0]
    var sum = [0.0]
    forEach { point, weight in
      n.append(n[n.count - 1] + weight)
      sum.append(sum[sum.count - 1] + weight * point)
    }
    // What a split lowers the squared error by.
    func gain(_ low: Int, _ middle: Int, _ high: Int) -> Double {
      let (left, right) = (n[middle] - n[low], n[high] - n[middle])
      let distance = (sum[middle] - sum[low]) / left - (sum[high] - sum[middle]) / right
      return left * right / (left + right) * distance * distance
    }
    func bestSplit(_ low: Int, _ high: Int) -> (middle: Int, gain: Double) {
      var best = (middle: low, gain: -1.0)
      for middle in low + 1..<max(high, low + 1) {
        let gain = gain(low, middle, high)
        if gain > best.gain { best = (middle, gain) }
      }
      return best
    }
    var intervals = [(low: 0, high: distinctCount, split: bestSplit(0, distinctCount))]
    while intervals.count < count,
      let widest = intervals.indices.max(by: { intervals[$0].split.gain < intervals[$1].split.gain }
      ),
      intervals[widest].split.gain > 0
    {
      let (low, high, split) = intervals[widest]
      intervals.replaceSubrange(
        widest...widest,
        with: [
          (low, split.middle, bestSplit(low, split.middle)),
          (split.middle, high, bestSplit(split.middle, high)),
        ])
    }
    let means = intervals.map { (sum[$0.high] - sum[$0.low]) / (n[$0.high] - n[$0.low]) }
    return means + Array(repeating: means[means.count - 1], count: count - means.count)
  }
}
