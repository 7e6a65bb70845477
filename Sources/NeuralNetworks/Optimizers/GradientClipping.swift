import NumericCore

/// Limits the length of a network's gradient.
public enum GradientClipping {
  /// The Euclidean norm of all gradients together, summed in double precision.
  public static func norm(of parameters: [Parameter]) -> Double {
    var total = 0.0
    for parameter in parameters {
      let columns = parameter.gradient.columns
      parameter.gradient.withRows { rows in
        for row in 0..<rows.count {
          let g = rows[row]
          // Lanes of a fixed width: a single chain of additions would be bound by its latency.
          var lanes = SIMD8<Double>(repeating: 0)
          var j = 0
          while j + 8 <= columns {
            let eight = UnsafeRawPointer(g + j).loadUnaligned(as: SIMD8<Float>.self)
            let wide = SIMD8<Double>(eight)
            lanes += wide * wide
            j += 8
          }
          while j < columns {
            lanes[j % 8] += Double(g[j]) * Double(g[j])
            j += 1
          }
          total += lanes.sum()
        }
      }
    }
    return total.squareRoot()
  }

  /// Scales the gradients so that their norm is at most `maximum`, as
  /// `torch.nn.utils.clip_grad_norm_` does.
  ///
  /// - Returns: the norm before.
  /// - Throws: `NeuralNetworkError.nonFinite` if a gradient is NaN or infinite; nothing has then
  ///   been changed.
  @discardableResult
  public static func clip(
    _ parameters: [Parameter], maximum: Float
  ) throws(NeuralNetworkError) -> Double {
    try NeuralNetworkError.require(
      maximum > 0, "The maximum norm of the gradient", maximum, "positive")
    let norm = norm(of: parameters)
    guard norm.isFinite else {
      let culprit = parameters.first { !Self.norm(of: [$0]).isFinite }
      throw .nonFinite("The gradient of '\(culprit?.name ?? "the parameters together")'")
    }
    let factor = Float(Double(maximum) / (norm + 1e-6))
    guard factor < 1 else { return norm }
    for parameter in parameters {
      let columns = parameter.gradient.columns
      parameter.gradient.forEachRow { _, g in
        for j in 0..<columns { g[j] *= factor }
      }
    }
    return norm
  }
}
