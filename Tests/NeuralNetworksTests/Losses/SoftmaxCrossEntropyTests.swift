// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Softmax cross-entropy")
struct SoftmaxCrossEntropyTests {
  private let spans = [(1, 3), (4, 1), (7, 5)].map { ColumnSpan(offset: $0.0, width: $0.1) }

  private func targets(_ goldens: Goldens) throws -> [Int32] {
    try goldens.tensor("softmax/targets").values.map { Int32($0) }
  }

  @Test("agrees with PyTorch, and leaves other columns alone")
  func goldens() throws {
    let goldens = try Goldens("losses")
    let logits = try goldens.matrix("softmax/logits")
    let gradient = try Matrix(rows: 6, columns: 13)
    gradient.fill(7)
    let value = try SoftmaxCrossEntropy.evaluate(
      logits: logits, spans: spans, targets: try targets(goldens), gradient: gradient)
    expectClose(
      value, Double(try goldens.tensor("softmax/value").values[0]), terms: 1, slack: 1e-8, "value")
    let expected = try goldens.matrix("softmax/logits.grad")
    for row in 0..<6 {
      for column in 0..<13 where !spans.contains(where: { $0.contains(column) }) {
        expected[row, column] = 7
      }
    }
    expectClose(
      gradient[columns: 1..<12], DoubleMatrix(expected[columns: 1..<12]), terms: 1, slack: 1e-8,
      "gradient")
    #expect(gradient[0, 0] == 7 && gradient[5, 12] == 7)
  }

  @Test("weighs and accumulates")
  func accumulation() throws {
    let goldens = try Goldens("losses")
    let logits = try goldens.matrix("softmax/logits")
    let targets = try targets(goldens)
    let once = try Matrix(rows: 6, columns: 13)
    let value = try SoftmaxCrossEntropy.evaluate(
      logits: logits, spans: spans, targets: targets, gradient: once)
    let sum = try Matrix(rows: 6, columns: 13)
    sum.fill(1)
    let weighted = try SoftmaxCrossEntropy.evaluate(
      logits: logits, spans: spans, targets: targets, weight: 3, gradient: sum, accumulate: true)
    expectClose(weighted, 3 * Double(value), terms: 2, "value")
    expectClose(sum, DoubleMatrix(once).map { 1 + 3 * $0 }, terms: 2, "gradient")
  }

  @Test("is stable at extreme logits, and lets a NaN through")
  func extremes() throws {
    let span = [ColumnSpan(offset: 0, width: 3)]
    let gradient = try Matrix(rows: 1, columns: 3)
    let value = try SoftmaxCrossEntropy.evaluate(
      logits: try Matrix([[1e30, -1e30, 0]]), spans: span, targets: [1], gradient: gradient)
    expectClose(value, 2e30, terms: 1, "value")
    #expect(gradient.toArray() == [1, -1, 0])
    for position in 0..<3 {
      let logits = try Matrix([[1, 2, 3]])
      logits[0, position] = .nan
      let value = try SoftmaxCrossEntropy.evaluate(
        logits: logits, spans: span, targets: [1], gradient: gradient)
      #expect(value.isNaN, "NaN at \(position)")
      #expect(gradient.toArray().allSatisfy { $0.isNaN }, "NaN at \(position)")
    }
  }

  @Test("refuses categories and spans that do not exist")
  func errors() throws {
    let logits = try Matrix(rows: 2, columns: 4)
    func evaluate(_ span: ColumnSpan, _ targets: [Int32]) throws {
      try SoftmaxCrossEntropy.evaluate(
        logits: logits, spans: [span], targets: targets, gradient: nil)
    }
    let span = ColumnSpan(offset: 1, width: 3)
    #expect(
      throws: NeuralNetworkError.categoryOutOfRange(row: 1, span: 0, category: 3, width: 3)
    ) { try evaluate(span, [0, 3]) }
    #expect(throws: NeuralNetworkError.self) { try evaluate(span, [0, -2]) }
    #expect(throws: NeuralNetworkError.self) { try evaluate(span, [0]) }
    #expect(throws: NeuralNetworkError.self) {
      try evaluate(ColumnSpan(offset: 2, width: 3), [0, 0])
    }
  }
}

extension ColumnSpan {
  fileprivate func contains(_ column: Int) -> Bool {
    column >= offset && column < offset + width
  }
}
