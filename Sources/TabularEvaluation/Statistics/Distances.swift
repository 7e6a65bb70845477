// SPDX-License-Identifier: Apache-2.0

/// Distances between two samples of one column, 0...1.
package enum Distance {
  /// The Kolmogorov-Smirnov distance of two samples: the greatest difference of their cumulative
  /// distributions.
  ///
  /// A missing value (NaN) counts as one more value below all others. O(n log n); 0 where both are
  /// empty, 1 where one is.
  package static func kolmogorovSmirnov(_ a: [Double], _ b: [Double]) -> Double {
    kolmogorovSmirnov(sorted: missingFirst(a), missingFirst(b))
  }

  /// The sample in ascending order with missing values as negative infinity.
  package static func missingFirst(_ values: [Double]) -> [Double] {
    values.map { $0.isNaN ? -.infinity : $0 }.sorted()
  }

  /// As `kolmogorovSmirnov(_:_:)`, of samples that `missingFirst` has put in order.
  package static func kolmogorovSmirnov(sorted a: [Double], _ b: [Double]) -> Double {
    if a.isEmpty || b.isEmpty { return a.isEmpty && b.isEmpty ? 0 : 1 }
    var (i, j) = (0, 0)
    var maximum = 0.0
    while i < a.count || j < b.count {
      let value = i == a.count ? b[j] : j == b.count ? a[i] : min(a[i], b[j])
      while i < a.count, a[i] == value { i += 1 }
      while j < b.count, b[j] == value { j += 1 }
      maximum = max(maximum, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
    }
    return maximum
  }

  /// The total variation between two samples of codes 0, 1, ...: half the sum of the differences of
  /// their shares.
  ///
  /// 0 where both are empty, 1 where one is.
  package static func totalVariation(_ a: [Int], _ b: [Int]) -> Double {
    if a.isEmpty || b.isEmpty { return a.isEmpty && b.isEmpty ? 0 : 1 }
    let width = max(a.max()!, b.max()!) + 1
    var counts = [SIMD2<Double>](repeating: .zero, count: width)
    for code in a { counts[code].x += 1 }
    for code in b { counts[code].y += 1 }
    let sizes = SIMD2(Double(a.count), Double(b.count))
    return 0.5
      * counts.reduce(0.0) {
        let share = $1 / sizes
        return $0 + abs(share.x - share.y)
      }
  }

  /// Codes of a categorical column as counted here: 0 for a missing value, else the category's code
  /// + 1.
  package static func codes(_ values: [Double]) -> [Int] {
    values.map { $0.isNaN ? 0 : Int($0) + 1 }
  }
}
