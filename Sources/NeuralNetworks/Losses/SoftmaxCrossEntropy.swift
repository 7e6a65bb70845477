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
    var total = 0.0
    for row in 0..<logits.rows {
      for (index, span) in spans.enumerated() {
        let target = targets[row * spans.count + index]
        if !accumulate, let gradient {
          for column in span.offset..<span.offset + span.width { gradient[row, column] = 0 }
        }
        guard target >= 0 else { continue }
        total += add(
          logits, row: row, span: span, target: Int(target), scale: scale, gradient: gradient)
      }
    }
    return Float(scale * total)
  }

  /// Adds one softmax's gradient and returns -log of the target's probability.
  private static func add(
    _ logits: Matrix, row: Int, span: ColumnSpan, target: Int, scale: Double, gradient: Matrix?
  ) -> Double {
    let columns = span.offset..<span.offset + span.width
    var maximum = -Float.infinity
    // A NaN must survive: it is greater than nothing, so it is looked for in the sum below.
    for column in columns where logits[row, column] > maximum { maximum = logits[row, column] }
    var sum = 0.0
    for column in columns { sum += exp(Double(logits[row, column]) - Double(maximum)) }
    if let gradient {
      for column in columns {
        let probability = exp(Double(logits[row, column]) - Double(maximum)) / sum
        let wanted = column == span.offset + target ? 1.0 : 0.0
        gradient[row, column] += Float(scale * (probability - wanted))
      }
    }
    return log(sum) + Double(maximum) - Double(logits[row, span.offset + target])
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
