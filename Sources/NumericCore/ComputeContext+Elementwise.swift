// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Adjacent columns of a matrix.
public struct ColumnSpan: Sendable, Equatable, Codable {
  /// The first column, counted from 0.
  public var offset: Int
  /// The number of columns.
  public var width: Int

  /// The columns `offset ..< offset + width`; whether a matrix has them is checked where it is
  /// used.
  public init(offset: Int, width: Int) {
    self.offset = offset
    self.width = width
  }

  var kernel: ck_span { ck_span(offset: Int64(offset), width: Int64(width)) }
}

extension ComputeContext {
  /// h = activation(z), element by element; `h` may be `z`.
  public func activationForward(
    _ z: Matrix, activation: Activation, into h: Matrix
  ) throws(NumericError) {
    try h.require(z.rows, z.columns, "The output")
    try check(
      ck_activation_forward_f32(
        handle, Int64(z.rows), Int64(z.columns), z.base, Int64(z.stride), activation.kernel,
        h.base, Int64(h.stride)))
  }

  /// dz = dh * activation'(h), `h` the stored output; `dz` may be `dh`.
  public func activationBackward(
    _ dh: Matrix, output h: Matrix, activation: Activation, into dz: Matrix
  ) throws(NumericError) {
    try h.require(dh.rows, dh.columns, "The stored output")
    try dz.require(dh.rows, dh.columns, "The result")
    try check(
      ck_activation_backward_f32(
        handle, Int64(dh.rows), Int64(dh.columns), dh.base, Int64(dh.stride), h.base,
        Int64(h.stride), activation.kernel, dz.base, Int64(dz.stride)), into: "The result")
  }

  /// y = softmax(x / temperature) in each row and span; other columns are not touched.
  public func softmax(
    _ x: Matrix, spans: [ColumnSpan], temperature: Float, into y: Matrix
  ) throws(NumericError) {
    try y.require(x.rows, x.columns, "The output")
    try requireInside(spans, x.columns)
    try ParameterRange.positive.require(temperature, "The temperature")
    let spans = spans.map(\.kernel)
    try check(
      ck_softmax_f32(
        handle, Int64(x.rows), x.base, Int64(x.stride), spans, Int64(spans.count), temperature,
        y.base, Int64(y.stride)))
  }

  /// As `softmax` on x plus standard Gumbel noise (Jang et al., 2017); the noise of column c in row
  /// r is element `firstIndex + r * columns + c` of the stream.
  public func gumbelSoftmax(
    _ x: Matrix, spans: [ColumnSpan], temperature: Float, random: RandomStream,
    firstIndex: UInt64 = 0, into y: Matrix
  ) throws(NumericError) {
    try y.require(x.rows, x.columns, "The output")
    try requireInside(spans, x.columns)
    try ParameterRange.positive.require(temperature, "The temperature")
    let spans = spans.map(\.kernel)
    try check(
      ck_gumbel_softmax_f32(
        handle, Int64(x.rows), Int64(x.columns), x.base, Int64(x.stride), spans,
        Int64(spans.count), temperature, random.kernel, firstIndex, y.base, Int64(y.stride)))
  }

  /// dx = y * (dy - Σ dy y) / temperature in each row and span, `y` the stored softmax; other
  /// columns are not touched. `dx` may be `dy`.
  public func softmaxBackward(
    _ dy: Matrix, output y: Matrix, spans: [ColumnSpan], temperature: Float, into dx: Matrix
  ) throws(NumericError) {
    try y.require(dy.rows, dy.columns, "The stored output")
    try dx.require(dy.rows, dy.columns, "The result")
    try requireInside(spans, dy.columns)
    try ParameterRange.positive.require(temperature, "The temperature")
    let spans = spans.map(\.kernel)
    try check(
      ck_softmax_backward_f32(
        handle, Int64(dy.rows), dy.base, Int64(dy.stride), y.base, Int64(y.stride), spans,
        Int64(spans.count), temperature, dx.base, Int64(dx.stride)), into: "The result")
  }

  private func requireInside(_ spans: [ColumnSpan], _ columns: Int) throws(NumericError) {
    for span in spans where span.offset < 0 || span.width < 0 || span.width > columns - span.offset
    {
      throw .invalidParameter(
        "columns \(span.offset)..<\(span.offset &+ span.width) are outside a matrix of \(columns)")
    }
  }
}
