// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The state of the variational fit of a ``GaussianMixture``.
///
/// Priors as in scikit-learn 1.x: weight concentration 0.001, mean precision 1 around the mean, one
/// degree of freedom, the values' own variance.
struct VariationalMixture {
  private typealias Lanes = WeightedPoints.Lanes

  private let data: WeightedPoints
  private let components: Int
  private let priorMean: Double
  private let priorCovariance: Double
  private let concentration = 0.001
  private(set) var means: [Double]
  private(set) var covariances: [Double]
  private var precisions: [Double]
  private var degrees: [Double]
  private var counts: [Double]

  /// Where the clusters begin that the fit starts from.
  enum Start: CaseIterable {
    /// At evenly spaced quantiles: all components in the bulk of the values.
    case quantiles
    /// At the means of intervals, split where it lowers the squared error most: values far from the
    /// rest get components of their own.
    case splits
  }

  /// Starts from clusters; there must be two distinct values and no more components than those.
  init(_ data: WeightedPoints, components: Int, start: Start) {
    self.data = data
    self.components = components
    var sum = 0.0
    data.forEach { sum += $0 * $1 }
    let mean = sum / data.count
    var squares = 0.0
    data.forEach { squares += $1 * ($0 - mean) * ($0 - mean) }
    priorMean = mean
    priorCovariance = squares / max(data.count - 1, 1)
    means = Array(repeating: 0, count: components)
    (covariances, precisions, degrees, counts) = (means, means, means, means)
    switch start {
    case .quantiles:
      cluster(
        from: data.quantiles((0..<components).map { (Double($0) + 0.5) / Double(components) }))
    case .splits: cluster(from: data.splitMeans(components))
    }
  }

  /// Lloyd's algorithm from ascending centers, then one update with whole points.
  private mutating func cluster(from first: [Double]) {
    var centers = first
    var n = [Double](repeating: 0, count: components)
    var (sum, squares) = (n, n)
    for _ in 0..<20 {
      for k in 0..<components { (n[k], sum[k], squares[k]) = (0, 0, 0) }
      var k = 0
      data.forEach { point, count in
        while k + 1 < components && abs(centers[k + 1] - point) <= abs(centers[k] - point) {
          k += 1
        }
        n[k] += count
        sum[k] += count * point
        squares[k] += count * point * point
      }
      for k in 0..<components where n[k] > 0 { centers[k] = sum[k] / n[k] }
    }
    update(
      counts: n, means: centers,
      variances: (0..<components).map {
        n[$0] > 0 ? max(0, squares[$0] / n[$0] - centers[$0] * centers[$0]) : 0
      })
  }

  /// The posterior of the components' parameters given their points.
  private mutating func update(counts n: [Double], means x: [Double], variances s: [Double]) {
    counts = n
    for k in 0..<components {
      precisions[k] = 1 + n[k]
      degrees[k] = 1 + n[k]
      means[k] = (priorMean + n[k] * x[k]) / precisions[k]
      let distance = x[k] - priorMean
      let spread = priorCovariance + n[k] * (s[k] + distance * distance / precisions[k])
      covariances[k] = spread / degrees[k]
    }
  }

  // MARK: Weights

  /// The parameters of the sticks that are broken off, and E[log weight] of each component.
  private func sticks() -> (a: [Double], b: [Double], logWeights: [Double]) {
    let a = counts.map { 1 + $0 }
    var b = a
    var later = 0.0
    for k in stride(from: components - 1, through: 0, by: -1) {
      b[k] = concentration + later
      later += counts[k]
    }
    var rest = 0.0
    let logWeights = (0..<components).map { k -> Double in
      let both = digamma(a[k] + b[k])
      let value = digamma(a[k]) - both + rest
      rest += digamma(b[k]) - both
      return value
    }
    return (a, b, logWeights)
  }

  /// The components' weights. They sum to 1.
  var expectedWeights: [Double] {
    let (a, b, _) = sticks()
    var rest = 1.0
    let weights = (0..<components).map { k in
      let share = a[k] / (a[k] + b[k])
      defer { rest *= 1 - share }
      return share * rest
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  // MARK: Iterations

  /// Iterates until the mean log density of the values changes by less than `tolerance`.
  mutating func run(iterations: Int, tolerance: Double) {
    var last = -Double.infinity
    for _ in 0..<iterations {
      let density = iterate()
      if abs(density - last) < tolerance { return }
      last = density
    }
  }

  /// Shares every point out to the components, then updates them. Returns the mean log density.
  private mutating func iterate() -> Double {
    let logWeights = sticks().logWeights
    let offsets = (0..<components).map { k in
      logWeights[k] - 0.5 * (log(2 * .pi) + log(covariances[k]) + log(degrees[k]))
        + 0.5 * (log(2) + digamma(0.5 * degrees[k]) - 1 / precisions[k])
    }
    let factors = covariances.map { -0.5 / $0 }
    let zero = Lanes(repeating: 0)
    var n = [Lanes](repeating: zero, count: components)
    var (sum, squares, share) = (n, n, n)
    var total = 0.0
    for (points, counts) in zip(data.points, data.counts) {
      var top = Lanes(repeating: -Double.infinity)
      for k in 0..<components {
        let d = points - means[k]
        share[k] = offsets[k] + factors[k] * d * d
        top = pointwiseMax(top, share[k])
      }
      var mass = zero
      for k in 0..<components {
        share[k] = Self.exponential(share[k] - top)
        mass += share[k]
      }
      let factor = counts / mass
      for k in 0..<components {
        // Distances from the component's mean keep the squares accurate.
        let d = points - means[k]
        let weight = share[k] * factor
        n[k] += weight
        sum[k] += weight * d
        squares[k] += weight * d * d
      }
      for lane in 0..<Lanes.scalarCount where counts[lane] > 0 {
        total += counts[lane] * (top[lane] + log(mass[lane]))
      }
    }
    let masses = n.map { $0.sum() }
    let shifts = (0..<components).map { masses[$0] > 0 ? sum[$0].sum() / masses[$0] : 0 }
    update(
      counts: masses, means: zip(means, shifts).map { $0 + $1 },
      variances: (0..<components).map {
        masses[$0] > 0 ? max(0, squares[$0].sum() / masses[$0] - shifts[$0] * shifts[$0]) : 0
      })
    return total / data.count
  }

  /// e^x for x of at most 0, to two units in the last place; 0 below -700.
  private static func exponential(_ x: Lanes) -> Lanes {
    // Adding 1.5 x 2^52 rounds to a whole number and leaves it in the low bits.
    let shifter = 0x1.8p52
    let clipped = pointwiseMax(x, Lanes(repeating: -708))
    let shifted = clipped * 1.4426950408889634 + shifter
    let whole = shifted - shifter
    let r = (clipped - whole * 0.6931471803691238) - whole * 1.9082149292705877e-10
    var p = Lanes(repeating: 1.0 / 479_001_600)
    for c in reciprocalFactorials { p = p * r + c }
    let bits = unsafeBitCast(shifted, to: SIMD8<UInt64>.self)
    let power = unsafeBitCast((bits &+ 1023) &<< 52, to: Lanes.self)
    return (p * power).replacing(with: 0, where: x .< -700)
  }

  /// 1 / 11! ... 1 / 0!
  private static let reciprocalFactorials: [Double] = [
    1.0 / 39_916_800, 1.0 / 3_628_800, 1.0 / 362_880, 1.0 / 40_320, 1.0 / 5040, 1.0 / 720,
    1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1,
  ]
}

/// The logarithmic derivative of the gamma function, for positive x: recurrence up to 6, then its
/// asymptotic series (Abramowitz and Stegun, 6.3.18). Relative error below 1e-9 away from its zero.
func digamma(_ x: Double) -> Double {
  var x = x
  var result = 0.0
  while x < 6 {
    result -= 1 / x
    x += 1
  }
  let f = 1 / (x * x)
  return result + log(x) - 0.5 / x
    - f * (1.0 / 12 - f * (1.0 / 120 - f * (1.0 / 252 - f * (1.0 / 240 - f / 132))))
}
