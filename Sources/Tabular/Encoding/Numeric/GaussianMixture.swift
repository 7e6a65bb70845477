import Foundation

/// A mixture of normals in one dimension, fitted by variational Bayes with a Dirichlet-process prior
/// on the weights (Blei and Jordan, 2006; Bishop, "Pattern Recognition and Machine Learning", 10.2):
/// the model that CTGAN takes from scikit-learn, with the same priors.
struct GaussianMixture: Sendable, Codable, Equatable {
  private(set) var weights: [Double]
  private(set) var means: [Double]
  private(set) var deviations: [Double]

  /// Fits up to `components` components; those with a weight below `threshold` are dropped.
  /// O(iterations x components x values).
  init(_ values: [Double], components: Int, threshold: Double = 0.005) {
    var fit = VariationalMixture(values, components: max(1, min(components, values.count)))
    fit.run(iterations: 100, tolerance: 1e-3)
    var (weights, means, deviations) = ([Double](), [Double](), [Double]())
    let all = fit.expectedWeights
    for k in all.indices where all[k] > threshold {
      weights.append(all[k])
      means.append(fit.means[k])
      deviations.append(fit.covariances[k].squareRoot())
    }
    self.weights = weights
    self.means = means
    self.deviations = deviations
  }

  /// Puts the posterior probabilities of the components, up to a factor, into `result`; returns
  /// their sum.
  func posterior(_ value: Double, into result: inout [Double]) -> Double {
    var sum = 0.0
    for k in weights.indices {
      let z = (value - means[k]) / deviations[k]
      result[k] = weights[k] / deviations[k] * exp(-0.5 * z * z) + 1e-300
      sum += result[k]
    }
    return sum
  }
}

/// The variational fit while it goes on.
private struct VariationalMixture {
  private let values: [Double]
  private let components: Int
  private let priorMean: Double
  private let priorCovariance: Double
  private let concentration = 0.001
  private(set) var means: [Double]
  private(set) var covariances: [Double]
  private var precisions: [Double]
  private var degrees: [Double]
  private var counts: [Double]

  init(_ values: [Double], components: Int) {
    self.values = values
    self.components = components
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    priorMean = mean
    priorCovariance = max(
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1), 1e-12)
    means = Array(repeating: 0, count: components)
    covariances = means
    precisions = means
    degrees = means
    counts = means
    start()
  }

  /// Lloyd's algorithm from evenly spaced quantiles.
  private mutating func start() {
    let sorted = values.sorted()
    var centres = (0..<components).map {
      sorted[min(sorted.count - 1, (2 * $0 + 1) * sorted.count / (2 * components))]
    }
    var cells = [(n: Double, sum: Double, squares: Double)]()
    for _ in 0..<20 {
      cells = Array(repeating: (0, 0, 0), count: components)
      var k = 0
      for value in sorted {
        while k + 1 < components && abs(centres[k + 1] - value) <= abs(centres[k] - value) {
          k += 1
        }
        cells[k].n += 1
        cells[k].sum += value
        cells[k].squares += value * value
      }
      for k in 0..<components where cells[k].n > 0 { centres[k] = cells[k].sum / cells[k].n }
    }
    update(
      counts: cells.map(\.n), means: zip(cells, centres).map { $0.n > 0 ? $0.sum / $0.n : $1 },
      squares: zip(cells, centres).map { $0.n > 0 ? max(0, $0.squares / $0.n - $1 * $1) : 0 })
  }

  /// The maximisation step from each component's mass, mean and mean square deviation.
  private mutating func update(counts n: [Double], means x: [Double], squares s: [Double]) {
    counts = n
    for k in 0..<components {
      let count = n[k] + 1e-15
      precisions[k] = 1 + count
      degrees[k] = 1 + count
      means[k] = (priorMean + count * x[k]) / precisions[k]
      let distance = x[k] - priorMean
      let spread = priorCovariance + count * (s[k] + distance * distance / precisions[k])
      covariances[k] = max(spread / degrees[k], priorCovariance * 1e-12)
    }
  }

  /// E[log weight] of each component, and its stick-breaking parameters.
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
      let both = Self.digamma(a[k] + b[k])
      let value = Self.digamma(a[k]) - both + rest
      rest += Self.digamma(b[k]) - both
      return value
    }
    return (a, b, logWeights)
  }

  /// The components' weights.
  var expectedWeights: [Double] {
    let (a, b, _) = sticks()
    var rest = 1.0
    return (0..<components).map { k in
      let share = a[k] / (a[k] + b[k])
      defer { rest *= 1 - share }
      return share * rest
    }
  }

  mutating func run(iterations: Int, tolerance: Double) {
    var last = -Double.infinity
    for _ in 0..<iterations {
      let logWeights = sticks().logWeights
      let offset = (0..<components).map { k in
        logWeights[k] - 0.5 * (log(2 * .pi) + log(covariances[k]) + log(degrees[k]))
          + 0.5 * (log(2) + Self.digamma(0.5 * degrees[k]) - 1 / precisions[k])
      }
      var n = [Double](repeating: 0, count: components)
      var sum = n
      var squares = n
      var r = n
      var total = 0.0
      for value in values {
        var top = -Double.infinity
        for k in 0..<components {
          let d = value - means[k]
          r[k] = offset[k] - 0.5 * d * d / covariances[k]
          top = max(top, r[k])
        }
        var mass = 0.0
        for k in 0..<components {
          // exp underflows harmlessly for components that are far away.
          r[k] = r[k] - top < -40 ? 0 : exp(r[k] - top)
          mass += r[k]
        }
        total += top + log(mass)
        for k in 0..<components where r[k] > 0 {
          let share = r[k] / mass
          let d = value - means[k]
          n[k] += share
          sum[k] += share * d
          squares[k] += share * d * d
        }
      }
      let centres = means
      let shifts = (0..<components).map { n[$0] > 0 ? sum[$0] / n[$0] : 0 }
      update(
        counts: n, means: zip(centres, shifts).map { $0 + $1 },
        squares: (0..<components).map {
          n[$0] > 0 ? max(0, squares[$0] / n[$0] - shifts[$0] * shifts[$0]) : 0
        })
      let bound = total / Double(values.count)
      if abs(bound - last) < tolerance * 1e-2 { return }
      last = bound
    }
  }

  /// The logarithmic derivative of the gamma function, for positive x.
  private static func digamma(_ x: Double) -> Double {
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
}
