// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A mixture of normals in one dimension, fitted by variational Bayes with a Dirichlet-process
/// prior on the weights (Blei and Jordan, "Variational inference for Dirichlet process mixtures",
/// 2006; Bishop, "Pattern Recognition and Machine Learning", 10.2): the model that CTGAN takes from
/// scikit-learn's `BayesianGaussianMixture`, with the same priors.
public struct GaussianMixture: Sendable, Equatable {
  /// Shares of the components, in the order of their means. They sum to 1.
  public let weights: [Double]
  /// The mean of each component, in the unit of the values.
  public let means: [Double]
  /// Standard deviations.
  public let deviations: [Double]

  /// Fits up to `components` components; those with a weight of `threshold` or less are dropped. Of
  /// two fits, from clusters that begin in two ways, the one that explains the values better is
  /// kept. O(iterations x components x distinct values); the same bits on every machine that rounds
  /// as IEEE 754 says and has the same logarithm.
  ///
  /// - Parameter values: at least one, all finite.
  public init(
    fitting values: [Double], components: Int = 10, threshold: Double = 0.005,
    iterations: Int = 100
  ) {
    let points = WeightedPoints(values)
    guard points.scale > 0 else {
      self.init(weights: [1], means: [points.center], deviations: [1])
      return
    }
    let fits = VariationalMixture.Start.allCases.map { start -> GaussianMixture in
      var fit = VariationalMixture(
        points, components: max(1, min(components, points.distinctCount)), start: start)
      fit.run(iterations: iterations, tolerance: 1e-5)
      return GaussianMixture(fit, threshold: threshold)
    }
    // The densities of the scaled points: those of the values would differ by a constant.
    let densities = fits.map { fit in
      var sum = 0.0
      points.forEach { sum += $1 * fit.logDensity($0) }
      return sum
    }
    let best = fits[densities[1] > densities[0] ? 1 : 0]
    self.init(
      weights: best.weights, means: best.means.map { points.center + points.scale * $0 },
      deviations: best.deviations.map { points.scale * $0 })
  }

  /// The components of a fit that weigh enough.
  private init(_ fit: VariationalMixture, threshold: Double) {
    let all = fit.expectedWeights
    let kept = all.indices.filter { all[$0] > threshold }.sorted { fit.means[$0] < fit.means[$1] }
    let sum = kept.reduce(0) { $0 + all[$1] }
    self.init(
      weights: kept.map { all[$0] / sum }, means: kept.map { fit.means[$0] },
      deviations: kept.map { fit.covariances[$0].squareRoot() })
  }

  private init(weights: [Double], means: [Double], deviations: [Double]) {
    self.weights = weights
    self.means = means
    self.deviations = deviations
  }

  /// Puts the posterior probabilities of the components into `result`, which has one element for
  /// each.
  public func posterior(_ value: Double, into result: inout [Double]) {
    var top = -Double.infinity
    for k in weights.indices {
      result[k] = logDensity(value, component: k)
      top = max(top, result[k])
    }
    var sum = 0.0
    for k in weights.indices {
      result[k] = exp(result[k] - top)
      sum += result[k]
    }
    for k in weights.indices { result[k] /= sum }
  }

  /// The logarithm of the mixture's density.
  public func logDensity(_ value: Double) -> Double {
    let logs = weights.indices.map { logDensity(value, component: $0) }
    let top = logs.max() ?? 0
    return top + log(logs.reduce(0) { $0 + exp($1 - top) }) - 0.5 * log(2 * .pi)
  }

  /// Up to a constant.
  @inline(__always)
  private func logDensity(_ value: Double, component k: Int) -> Double {
    // Squares of distances that are out of all proportion stay finite.
    let z = min(max((value * 0.5 - means[k] * 0.5) / (deviations[k] * 0.5), -1e100), 1e100)
    return log(weights[k]) - log(deviations[k]) - 0.5 * z * z
  }
}

extension GaussianMixture: Codable {
  private static let maxComponents = 1000

  private enum CodingKeys: String, CodingKey { case weights, means, deviations }

  /// Decodes a mixture; what could not have been fitted is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    weights = try container.decode([Double].self, forKey: .weights)
    means = try container.decode([Double].self, forKey: .means)
    deviations = try container.decode([Double].self, forKey: .deviations)
    guard !weights.isEmpty, weights.count == means.count, means.count == deviations.count,
      (weights + deviations).allSatisfy({ $0 > 0 }), (weights + means + deviations).areFinite,
      weights.count <= Self.maxComponents
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .weights, in: container,
        debugDescription: "a component has a positive weight, a mean and a positive deviation")
    }
  }
}
