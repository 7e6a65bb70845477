// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Tabular
import TabularEncoding

/// The generator: noise and condition in, encoded rows out, each span with its own activation.
final class Generator {
  let network: Sequential
  let layerTitles: [String]
  /// Noise and condition together.
  let inputWidth: Int
  let rowWidth: Int
  let spans: [OutputSpan]
  let activation: OutputActivation
  /// What the network gave before the spans' activations; valid until the next `forward`.
  private(set) var logits: Matrix?
  private var rows: Matrix?
  private var logitGradient: Matrix?

  init(
    configuration: GeneratorConfiguration, conditionWidth: Int, spans: [OutputSpan],
    temperature: Float, precision: Precision, seed: UInt64, in context: ComputeContext
  ) throws {
    self.spans = spans
    inputWidth = configuration.noiseWidth + conditionWidth
    rowWidth = spans.last.map { $0.offset + $0.width } ?? 0
    activation = OutputActivation(spans: spans, temperature: temperature)
    let builder = GeneratorBuilder(
      configuration: configuration, precision: precision, seed: seed, context: context)
    (network, layerTitles) = try builder.build(inputs: inputWidth, outputs: rowWidth)
  }

  /// Encoded rows for `input`, noise beside condition.
  ///
  /// - Parameter gumbel: the noise of the one-hot spans; nil for a plain softmax.
  /// - Returns: rows by `rowWidth`, valid until the next call.
  func forward(
    _ input: MixedMatrix, mode: Mode, gumbel: RandomStream?, firstRow: Int = 0,
    in context: ComputeContext
  ) throws -> Matrix {
    let logits = try network.forward(input, mode: mode, in: context).dense
    self.logits = logits
    let rows = try storage(&rows, rows: input.rows)
    try activation.forward(
      logits, gumbel: gumbel, firstIndex: UInt64(firstRow) &* UInt64(rowWidth), into: rows,
      in: context)
    return rows
  }

  /// Propagates the gradient by the rows of the last `forward` to the parameters.
  ///
  /// - Parameter addLogitGradient: may add a gradient by the logits themselves.
  func backward(
    _ rowGradient: Matrix, in context: ComputeContext,
    addLogitGradient: (_ logits: Matrix, _ gradient: Matrix) throws -> Void
  ) throws {
    guard let rows, let logits else { return }
    let gradient = try storage(&logitGradient, rows: rowGradient.rows)
    try activation.backward(
      rowGradient, output: rows[rows: 0..<rowGradient.rows], into: gradient, in: context)
    try addLogitGradient(logits, gradient)
    _ = try network.backward(
      gradient, gradients: .overwrite, inputGradient: false, in: context)
  }

  private func storage(_ matrix: inout Matrix?, rows: Int) throws(NumericError) -> Matrix {
    if let matrix, matrix.rows >= rows { return matrix[rows: 0..<rows] }
    let fresh = try Matrix(rows: rows, columns: rowWidth)
    matrix = fresh
    return fresh
  }
}
