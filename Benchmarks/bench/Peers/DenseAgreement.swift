// SPDX-License-Identifier: Apache-2.0

/// Whether two results of an operation agree as far as rounding allows.
///
/// Both may be off by (depth + 3) units of rounding of the sum of |terms|, which is at most the
/// product of the norms of the two vectors that an element is the product of.
struct DenseAgreement {
  private let problem: DenseProblem
  private let operation: DenseProblem.Operation
  private let expected: [Float]
  private let expectedSums: [Float]
  private let bounds: (rows: [Double], columns: [Double])
  private let extra: Double

  /// Takes what the operation has just left in the problem's results as right.
  init(_ problem: DenseProblem, _ operation: DenseProblem.Operation) {
    let product = problem.product(operation)
    self.problem = problem
    self.operation = operation
    let rounding = 2 * Double(product.k + 3) * 0x1p-24
    expected = Array(UnsafeBufferPointer(start: product.c, count: product.m * product.strideC))
    expectedSums = Array(UnsafeBufferPointer(start: problem.db.pointer, count: problem.db.count))
    bounds = (
      Self.norms(
        product.a, count: product.m, length: product.k, stride: product.strideA,
        isAcross: product.isATransposed
      ).map { $0 * rounding },
      Self.norms(
        product.b, count: product.n, length: product.k, stride: product.strideB,
        isAcross: !product.isBTransposed)
    )
    // The bias is at most 1, and so is every element of a column that is summed.
    extra = rounding * (operation == .backwardWeights ? Double(product.k) : 1)
  }

  /// Makes sure that what is left from before cannot pass for a result.
  func clear() {
    let product = problem.product(operation)
    product.c.update(repeating: .nan, count: product.m * product.strideC)
    problem.db.fill(.nan)
  }

  /// How far the results are from those taken as right, as a share of what rounding allows.
  func distance() -> Double {
    let product = problem.product(operation)
    var worst = 0.0
    func include(_ difference: Float, _ bound: Double) {
      let share = abs(Double(difference)) / bound
      if !(share <= worst) { worst = share.isNaN ? .infinity : share }
    }
    for row in 0..<product.m {
      for column in 0..<product.n {
        let index = row * product.strideC + column
        include(
          product.c[index] - expected[index], bounds.rows[row] * bounds.columns[column] + extra)
      }
    }
    if operation == .backwardWeights {
      for n in expectedSums.indices {
        include(problem.db.pointer[n] - expectedSums[n], extra)
      }
    }
    return worst
  }

  /// The Euclidean norms of rows, or of columns where the vectors lie across the rows.
  private static func norms(
    _ values: UnsafePointer<Float>, count: Int, length: Int, stride: Int, isAcross: Bool
  ) -> [Double] {
    (0..<count).map { vector in
      var sum = 0.0
      for i in 0..<length {
        let value = Double(isAcross ? values[i * stride + vector] : values[vector * stride + i])
        sum += value * value
      }
      return sum.squareRoot()
    }
  }
}
