// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore

/// The cross-entropy of softmaxes over spans of columns, for the rows and spans that ask for a
/// category: what makes a conditional generator obey its condition (Xu and others 2019).
public enum SoftmaxCrossEntropy {
  /// The target of a span that asks for nothing.
  public static let noTarget: Int32 = -1

  /// Computes the loss, the sum over the asking spans of -log softmax, divided by the rows.
  ///
  /// - Parameters:
  ///   - logits: the values before the softmax, rows by columns.
  ///   - spans: the columns of each softmax.
  ///   - targets: the wanted category of each span of each row, rows by spans, row-major, or
  ///     `noTarget`.
  ///   - weight: the factor of the loss and of the gradient.
  ///   - gradient: receives the gradient by the logits; nil if it isn't wanted.
  ///   - accumulate: whether the gradient is added. Otherwise the spans' columns are overwritten,
  ///     with zeros where nothing is asked for; columns outside the spans are left as they are.
  /// - Returns: the loss times the weight.
  /// - Throws: `NeuralNetworkError.shapeMismatch`, `.batchTooSmall`, `.categoryOutOfRange`.
  /// - Complexity: proportional to the widths of the spans that ask.
  @discardableResult
  public static func evaluate(
    logits: Matrix, spans: [ColumnSpan], targets: [Int32], weight: Float = 1,
    gradient: Matrix?, accumulate: Bool = false
  ) throws(NeuralNetworkError) -> Float {
    try validate(logits: logits, spans: spans, targets: targets, gradient: gradient)
    let scale = Double(weight) / Double(logits.rows)
    if !accumulate, let gradient {
      for span in spans { gradient[columns: span.offset..<span.offset + span.width].fill(0) }
    }
    let total =
      if let gradient {
        gradient.withUnsafeMutableBufferPointer {
          sum(logits, spans, targets, scale: scale, gradient: $0.baseAddress, gradient.stride)
        }
      } else {
        sum(logits, spans, targets, scale: scale, gradient: nil, 0)
      }
    return Float(scale * total)
  }

  /// The sum of the asking spans' losses; adds their gradients, rows `gradientStride` apart.
  private static func sum(
    _ logits: Matrix, _ spans: [ColumnSpan], _ targets: [Int32], scale: Double,
    gradient: UnsafeMutablePointer<Float>?, _ gradientStride: Int
  ) -> Double {
    let widest = spans.reduce(0) { max($0, $1.width) }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(widest, 1)) { terms in
      var total = 0.0
      var next = 0
      logits.withRows { logits in
        for row in 0..<logits.count {
          for span in spans {
            let target = Int(targets[next])
            next += 1
            guard target >= 0 else { continue }
            total += add(
              logits[row] + span.offset, width: span.width, target: target, scale: scale,
              terms: terms.baseAddress!,
              gradient: gradient.map { $0 + row * gradientStride + span.offset })
          }
        }
      }
      return total
    }
  }

  /// Adds one softmax's gradient and returns -log of the target's probability; `terms` is room for
  /// its width.
  private static func add(
    _ x: UnsafePointer<Float>, width: Int, target: Int, scale: Double,
    terms: UnsafeMutablePointer<Double>, gradient g: UnsafeMutablePointer<Float>?
  ) -> Double {
    var maximum = -Float.infinity
    // A NaN must survive: it is greater than nothing, so it is looked for in the sum below.
    for j in 0..<width where x[j] > maximum { maximum = x[j] }
    var sum = 0.0
    for j in 0..<width {
      terms[j] = exp(Double(x[j]) - Double(maximum))
      sum += terms[j]
    }
    if let g {
      for j in 0..<width {
        g[j] += Float(scale * (terms[j] / sum - (j == target ? 1 : 0)))
      }
    }
    return log(sum) + Double(maximum) - Double(x[target])
  }

  private static func validate(
    logits: Matrix, spans: [ColumnSpan], targets: [Int32], gradient: Matrix?
  ) throws(NeuralNetworkError) {
    guard logits.rows > 0 else {
      throw .batchTooSmall(operation: "A loss", rows: 0, minimum: 1)
    }
    guard targets.count == logits.rows * spans.count else {
      throw .shapeMismatch(
        operand: "The targets", expected: [logits.rows, spans.count], found: [targets.count])
    }
    try gradient?.requireShape(
      rows: logits.rows, columns: logits.columns, "The gradient of the logits")
    for span in spans {
      guard span.offset >= 0, span.width > 0, span.offset + span.width <= logits.columns else {
        throw .shapeMismatch(
          operand: "The span of \(span.width) columns at \(span.offset)",
          expected: [logits.columns], found: [span.offset + span.width])
      }
    }
    for row in 0..<logits.rows {
      for (index, span) in spans.enumerated() {
        let target = targets[row * spans.count + index]
        guard target < span.width, target >= noTarget else {
          throw .categoryOutOfRange(
            row: row, span: index, category: Int(target), width: span.width)
        }
      }
    }
  }
}
