// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularEncoding

/// The activations of an encoded row's spans, gathered by kind so that each is one kernel call.
package struct OutputActivation: Sendable {
  private let softmax: [ColumnSpan]
  /// Runs of adjacent scalars of one kind.
  private let scalars: [(columns: Range<Int>, activation: Activation)]
  private let temperature: Float

  package init(spans: [OutputSpan], temperature: Float) {
    self.temperature = temperature
    softmax = spans.filter { $0.activation == .softmax }
      .map { ColumnSpan(offset: $0.offset, width: $0.width) }
    var runs: [(columns: Range<Int>, activation: Activation)] = []
    for span in spans where span.activation != .softmax {
      let activation: Activation =
        switch span.activation {
        case .tanh: .tanh
        case .sigmoid: .sigmoid
        case .linear, .softmax: .identity
        }
      let columns = span.offset..<span.offset + span.width
      if let last = runs.last, last.columns.upperBound == columns.lowerBound,
        last.activation == activation
      {
        runs[runs.count - 1].columns = last.columns.lowerBound..<columns.upperBound
      } else {
        runs.append((columns, activation))
      }
    }
    scalars = runs
  }

  /// Rows from logits. With `gumbel`, softmax spans are drawn with its noise, whose element
  /// `firstIndex` is that of the first logit.
  package func forward(
    _ logits: Matrix, gumbel: RandomStream?, firstIndex: UInt64, into rows: Matrix,
    in context: ComputeContext
  ) throws {
    if let gumbel {
      try sampleCategories(logits, gumbel: gumbel, firstIndex: firstIndex, into: rows, in: context)
    } else {
      try context.softmax(logits, spans: softmax, temperature: temperature, into: rows)
    }
    try activateScalars(logits, into: rows, in: context)
  }

  /// The softmax spans of `forward` alone.
  func sampleCategories(
    _ logits: Matrix, gumbel: RandomStream, firstIndex: UInt64, into rows: Matrix,
    in context: ComputeContext
  ) throws {
    try context.gumbelSoftmax(
      logits, spans: softmax, temperature: temperature, random: gumbel, firstIndex: firstIndex,
      into: rows)
  }

  /// The other spans of `forward` alone.
  func activateScalars(_ logits: Matrix, into rows: Matrix, in context: ComputeContext) throws {
    for (columns, activation) in scalars {
      try context.activationForward(
        logits[columns: columns], activation: activation, into: rows[columns: columns])
    }
  }

  /// The gradient by the logits from that by the rows.
  package func backward(
    _ gradient: Matrix, output rows: Matrix, into logitGradient: Matrix,
    in context: ComputeContext
  ) throws {
    try context.softmaxBackward(
      gradient, output: rows, spans: softmax, temperature: temperature, into: logitGradient)
    for (columns, activation) in scalars {
      try context.activationBackward(
        gradient[columns: columns], output: rows[columns: columns], activation: activation,
        into: logitGradient[columns: columns])
    }
  }
}
