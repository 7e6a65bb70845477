// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Limits the length of a network's gradient.
public enum GradientClipping {
  /// The Euclidean norm of all gradients together, in double precision.
  ///
  /// - Throws: `NumericError.outOfMemory`.
  public static func norm(
    of parameters: [Parameter], in context: ComputeContext
  ) throws(NumericError) -> Double {
    var squares = 0.0
    for parameter in parameters {
      squares = try context.squaredNorm(parameter.gradient, addedTo: squares)
    }
    return squares.squareRoot()
  }

  /// Scales the gradients so that their norm is at most `maximum`, as
  /// `torch.nn.utils.clip_grad_norm_` does.
  ///
  /// - Returns: the norm before.
  /// - Throws: `NeuralNetworkError.nonFinite` if a gradient is NaN or infinite; nothing has then
  ///   been changed. `NumericError.outOfMemory`.
  @discardableResult
  public static func clip(
    _ parameters: [Parameter], maximum: Float, in context: ComputeContext
  ) throws -> Double {
    try NeuralNetworkError.require(
      maximum > 0, "The maximum norm of the gradient", maximum, "positive")
    let norm = try norm(of: parameters, in: context)
    guard norm.isFinite else {
      let culprit = try parameters.first { try !Self.norm(of: [$0], in: context).isFinite }
      throw NeuralNetworkError.nonFinite(
        "The gradient of '\(culprit?.name ?? "the parameters together")'")
    }
    let factor = Float(Double(maximum) / (norm + 1e-6))
    guard factor < 1 else { return norm }
    for parameter in parameters {
      try context.scale(parameter.gradient, by: factor, into: parameter.gradient)
    }
    return norm
  }
}
