// SPDX-License-Identifier: Apache-2.0

/// A model's predictions for the holdout rows, prepared for scoring with any row weights.
package enum WeightedScore: Sendable {
  /// Numbers and their predictions.
  case r2(truth: [Double], found: [Double])
  /// One-vs-rest problems and the number of rows.
  case auc([RankedClass])
  /// A constant score, for example if nothing could be learned.
  case constant(Double)

  /// The rows in ascending order of their probability of one class.
  package struct RankedClass: Sendable {
    private let order: [Int32]
    private let isMember: [Bool]
    /// Whether a row has the same probability as the previous one.
    private let tiesWithPrevious: [Bool]

    /// O(n log n).
    package init(probabilities: [Double], isMember: [Bool]) {
      let sorted = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
      order = sorted.map(Int32.init)
      self.isMember = sorted.map { isMember[$0] }
      tiesWithPrevious = sorted.indices.map {
        $0 > 0 && probabilities[sorted[$0]] == probabilities[sorted[$0 - 1]]
      }
    }

    /// The area under the ROC curve; nil if the weights leave a class empty.
    ///
    /// O(n).
    package func area(_ weights: [Int32]) -> Double? {
      var (below, members, others) = (0.0, 0.0, 0.0)
      var (tiedMembers, tiedOthers) = (0.0, 0.0)
      var pairs = 0.0
      for index in order.indices {
        if !tiesWithPrevious[index] {
          pairs += tiedMembers * (below + tiedOthers / 2)
          below += tiedOthers
          (tiedMembers, tiedOthers) = (0, 0)
        }
        let weight = Double(weights[Int(order[index])])
        if isMember[index] {
          tiedMembers += weight
          members += weight
        } else {
          tiedOthers += weight
          others += weight
        }
      }
      pairs += tiedMembers * (below + tiedOthers / 2)
      return members > 0 && others > 0 ? pairs / (members * others) : nil
    }
  }

  /// The score with the given multiplicity of each row.
  ///
  /// O(rows x classes).
  package func callAsFunction(_ weights: [Int32]) -> Double {
    switch self {
    case .constant(let value): return value
    case .r2(let truth, let found): return Self.r2(truth, found, weights)
    case .auc(let classes):
      let areas = classes.compactMap { $0.area(weights) }
      return areas.isEmpty ? 0.5 : areas.reduce(0, +) / Double(areas.count)
    }
  }

  private static func r2(_ truth: [Double], _ found: [Double], _ weights: [Int32]) -> Double {
    var (count, sum) = (0.0, 0.0)
    for (value, weight) in zip(truth, weights) {
      count += Double(weight)
      sum += Double(weight) * value
    }
    let mean = sum / count
    var (residual, variance) = (0.0, 0.0)
    for row in truth.indices {
      let weight = Double(weights[row])
      residual += weight * (truth[row] - found[row]) * (truth[row] - found[row])
      variance += weight * (truth[row] - mean) * (truth[row] - mean)
    }
    return variance > 0 ? 1 - residual / variance : residual == 0 ? 1 : 0
  }
}
