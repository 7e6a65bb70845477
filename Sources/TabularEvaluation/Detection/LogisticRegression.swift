// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Logistic regression with an L2 penalty of 1 on all weights but the intercept, by Newton's
/// method.
///
/// Rows are a dense part of numbers and a few categories, each a single 1 in a one-hot block; the
/// sums over rows touch the ones alone.
struct LogisticRegression {
  struct Rows {
    var numbers: [[Double]]
    /// `categories[column][row]` is a position in the one-hot part, 0..<categoryCount.
    var categories: [[Int]]
    var categoryCount: Int
    /// Intercept, numbers, categories.
    var width: Int { 1 + numbers.count + categoryCount }
  }

  private(set) var weights: [Double]

  /// Fits the chance that `isPositive`, at the rows `fit`.
  ///
  /// O(steps x (rows x used^2 + width^3)).
  init(_ rows: Rows, isPositive: [Bool], fit: [Int]) {
    let width = rows.width
    weights = [Double](repeating: 0, count: width)
    let used = 1 + rows.numbers.count + rows.categories.count
    var loss = Double.infinity
    var step = [Double](repeating: 0, count: width)
    for _ in 0..<50 {
      var gradient = [Double](repeating: 0, count: width)
      var hessian = [Double](repeating: 0, count: width * width)
      var newLoss = 0.0
      for index in 1..<max(width, 1) {
        gradient[index] = weights[index]
        hessian[index * width + index] = 1
        newLoss += weights[index] * weights[index] / 2
      }
      // The intercept has no penalty of its own, but must not be singular without rows.
      hessian[0] = 1e-9
      var positions = [Int](repeating: 0, count: used)
      var values = [Double](repeating: 1, count: used)
      for row in fit {
        Self.read(rows, row, &positions, &values)
        var score = 0.0
        for position in 0..<used { score += weights[positions[position]] * values[position] }
        let truth = isPositive[row] ? 1.0 : 0
        // log(1 + exp(-|s|)) stays finite where exp(s) does not.
        newLoss += log1p(exp(-abs(score))) + max(score, 0) - truth * score
        let chance = 1 / (1 + exp(-score))
        let curvature = max(chance * (1 - chance), 1e-12)
        for a in 0..<used {
          gradient[positions[a]] += (chance - truth) * values[a]
          let scaled = curvature * values[a]
          let line = positions[a] * width
          for b in 0...a { hessian[line + positions[b]] += scaled * values[b] }
        }
      }
      if newLoss > loss {
        // Overshot: back half the way.
        for index in 0..<width {
          step[index] /= 2
          weights[index] += step[index]
        }
        if step.allSatisfy({ abs($0) < 1e-10 }) { return }
        continue
      }
      if gradient.allSatisfy({ abs($0) < 1e-7 * Double(fit.count) }) { return }
      loss = newLoss
      step = Self.solve(&hessian, gradient, width)
      for index in 0..<width { weights[index] -= step[index] }
    }
  }

  /// The linear score of a row.
  func score(_ rows: Rows, _ row: Int) -> Double {
    var sum = weights[0]
    for (column, values) in rows.numbers.enumerated() { sum += weights[1 + column] * values[row] }
    let first = 1 + rows.numbers.count
    for codes in rows.categories { sum += weights[first + codes[row]] }
    return sum
  }

  private static func read(
    _ rows: Rows, _ row: Int, _ positions: inout [Int], _ values: inout [Double]
  ) {
    for (column, numbers) in rows.numbers.enumerated() {
      positions[1 + column] = 1 + column
      values[1 + column] = numbers[row]
    }
    let first = 1 + rows.numbers.count
    for (column, codes) in rows.categories.enumerated() {
      positions[first + column] = first + codes[row]
    }
  }

  /// The solution of a symmetric positive definite system by Cholesky's decomposition in place, of
  /// which the lower triangle is read.
  private static func solve(
    _ matrix: inout [Double], _ right: [Double], _ width: Int
  ) -> [Double] {
    matrix.withUnsafeMutableBufferPointer { matrix in
      var x = right
      for i in 0..<width {
        for j in 0...i {
          var sum = matrix[i * width + j]
          for k in 0..<j { sum -= matrix[i * width + k] * matrix[j * width + k] }
          matrix[i * width + j] =
            i == j ? max(sum, 1e-12).squareRoot() : sum / matrix[j * width + j]
        }
      }
      for i in 0..<width {
        for k in 0..<i { x[i] -= matrix[i * width + k] * x[k] }
        x[i] /= matrix[i * width + i]
      }
      for i in stride(from: width - 1, through: 0, by: -1) {
        for k in i + 1..<max(width, i + 1) { x[i] -= matrix[k * width + i] * x[k] }
        x[i] /= matrix[i * width + i]
      }
      return x
    }
  }
}
