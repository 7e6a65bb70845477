// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What boosted trees learn.
package enum BoostingObjective: Sendable, Equatable {
  /// Two classes 0 and 1 by the logistic loss; predictions are chances of 1.
  case binary
  /// A quantity by the squared error.
  case regression
  /// Classes 0..<count by the softmax loss, with a tree for each class in each round.
  case classes(Int)

  var outputs: Int { if case .classes(let count) = self { count } else { 1 } }
}

/// An ensemble of trees, each fitted to the gradient of the loss of those before it (Friedman 2001;
/// histogram-based and leaf-wise as in Ke and others, 2017).
package struct BoostedTrees: Sendable {
  private let objective: BoostingObjective
  private let start: [Double]
  /// Trees of each output, round after round.
  private let trees: [[DecisionTree]]
  /// Sum of the gains of the splits by each feature.
  package let gains: [Double]

  /// Learns `targets` (indexed by row of `data`) from the rows `rows`.
  ///
  /// Uses no randomness. O(rounds x outputs x rows x features).
  package init(
    data: BinnedRows, rows: [Int32], targets: [Double], objective: BoostingObjective,
    options: BoostingOptions
  ) {
    self.objective = objective
    let start = Self.startingScores(rows, targets, objective)
    self.start = start
    let outputs = objective.outputs
    let grower = TreeGrower(data: data, rows: rows, options: options)
    var scores = (0..<outputs).map { [Double](repeating: start[$0], count: data.rowCount) }
    var gradients = [[SIMD2<Float>]](
      repeating: [SIMD2<Float>](repeating: .zero, count: data.rowCount), count: outputs)
    // A class without a row in it would only ever learn to be absent.
    let learned = (0..<outputs).filter { start[$0].isFinite }
    var trees = [[DecisionTree]](repeating: [], count: outputs)
    for _ in 0..<options.rounds {
      Self.updateGradients(&gradients, scores, rows, targets, objective, learned)
      for output in learned {
        let tree = gradients[output].withUnsafeBufferPointer {
          grower.grow(gradients: $0.baseAddress!)
        }
        for leaf in tree.leafValues.indices {
          let value = tree.leafValues[leaf]
          for row in grower.rows(ofLeaf: leaf) { scores[output][Int(row)] += value }
        }
        trees[output].append(tree)
      }
    }
    self.trees = trees
    gains = grower.gains
  }

  private static func startingScores(
    _ rows: [Int32], _ targets: [Double], _ objective: BoostingObjective
  ) -> [Double] {
    let count = Double(max(rows.count, 1))
    switch objective {
    case .regression: return [rows.reduce(0) { $0 + targets[Int($1)] } / count]
    case .binary:
      let ones = rows.reduce(0) { $0 + targets[Int($1)] }
      // Bounded, so that rows of one class only do not give an infinite score.
      let share = min(max(ones / count, 1e-15), 1 - 1e-15)
      return [log(share / (1 - share))]
    case .classes(let classes):
      var shares = [Double](repeating: 0, count: classes)
      for row in rows { shares[Int(targets[Int(row)])] += 1 / count }
      return shares.map { log($0) }
    }
  }

  private static func updateGradients(
    _ gradients: inout [[SIMD2<Float>]], _ scores: [[Double]], _ rows: [Int32],
    _ targets: [Double], _ objective: BoostingObjective, _ learned: [Int]
  ) {
    switch objective {
    case .regression:
      for row in rows {
        gradients[0][Int(row)] = SIMD2(Float(scores[0][Int(row)] - targets[Int(row)]), 1)
      }
    case .binary:
      for row in rows {
        let chance = 1 / (1 + exp(-scores[0][Int(row)]))
        gradients[0][Int(row)] = SIMD2(
          Float(chance - targets[Int(row)]), Float(chance * (1 - chance)))
      }
    case .classes(let classes):
      // The diagonal of the softmax's second derivatives, scaled as a bound of the whole matrix.
      let factor = Double(classes) / Double(max(classes - 1, 1))
      for row in rows {
        let maximum = learned.reduce(-Double.infinity) { max($0, scores[$1][Int(row)]) }
        var probabilities = learned.map { exp(scores[$0][Int(row)] - maximum) }
        let sum = probabilities.reduce(0, +)
        for (index, output) in learned.enumerated() {
          probabilities[index] /= sum
          let chance = probabilities[index]
          let truth = Int(targets[Int(row)]) == output ? 1.0 : 0
          gradients[output][Int(row)] = SIMD2(
            Float(chance - truth), Float(factor * chance * (1 - chance)))
        }
      }
    }
  }

  /// Predictions for `rows` of `data`, by output and then by row: chances, or the quantity.
  ///
  /// O(rows x trees x depth).
  package func predict(_ data: BinnedRows, rows: [Int32]) -> [[Double]] {
    let width = data.features.count
    var scores = data.bytes.withUnsafeBufferPointer { bytes in
      zip(start, trees).map { start, trees in
        rows.map { row in
          let codes = bytes.baseAddress! + Int(row) * width
          return trees.reduce(start) { $0 + $1.value(row: codes) }
        }
      }
    }
    switch objective {
    case .regression: break
    case .binary: scores[0] = scores[0].map { 1 / (1 + exp(-$0)) }
    case .classes:
      for position in rows.indices {
        let maximum = scores.reduce(-Double.infinity) { max($0, $1[position]) }
        let exponentials = scores.map { exp($0[position] - maximum) }
        let sum = exponentials.reduce(0, +)
        for output in scores.indices { scores[output][position] = exponentials[output] / sum }
      }
    }
    return scores
  }
}
