/// Distinct values with their counts, scaled to -1...1 and laid out for vectors of eight.
struct WeightedPoints {
  typealias Lanes = SIMD8<Double>

  /// A value is `centre + scale * point`.
  let centre: Double
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
    let (least, greatest) = (sorted[0], sorted[sorted.count - 1])
    // Halves first: the sum and the difference of two huge values would overflow.
    let centre = least * 0.5 + greatest * 0.5
    let scale = greatest * 0.5 - least * 0.5
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
        let point = (value * 0.5 - centre * 0.5) / (scale * 0.5)
        points[points.count - 1][distinct % Lanes.scalarCount] = scale > 0 ? point : 0
        distinct += 1
        last = value
      }
      counts[counts.count - 1][(distinct - 1) % Lanes.scalarCount] += 1
    }
    self.centre = centre
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
}
