// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Adam's parameters (Kingma and Ba, 2015), with torch.optim.Adam's weight decay.
public struct AdamHyperparameters: Sendable, Equatable {
  /// Step size, decay rates of the two moments (0..<1), the constant added to the denominator, and
  /// the factor by which the value is added to the gradient (0 for none).
  public var learningRate, beta1, beta2, epsilon, weightDecay: Float

  /// Parameters of a step; they are checked when the step is taken.
  public init(
    learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  func validate(step: Int) throws(NumericError) {
    try ParameterRange.amount.require(learningRate, "Adam's learning rate")
    try ParameterRange.share.require(beta1, "Adam's beta1")
    try ParameterRange.share.require(beta2, "Adam's beta2")
    try ParameterRange.amount.require(epsilon, "Adam's epsilon")
    try ParameterRange.amount.require(weightDecay, "Adam's weight decay")
    if step < 1 {
      throw .invalidParameter("Adam's step is \(step), but steps are counted from 1")
    }
  }
}

/// RMSprop's parameters as torch.optim.RMSprop's, without momentum; `smoothing` is its alpha.
public struct RMSpropHyperparameters: Sendable, Equatable {
  /// Step size, decay rate of the mean square (0..<1), the constant added to the denominator, and
  /// the factor by which the value is added to the gradient (0 for none).
  public var learningRate, smoothing, epsilon, weightDecay: Float

  /// Parameters of a step; they are checked when the step is taken.
  public init(learningRate: Float, smoothing: Float, epsilon: Float, weightDecay: Float) {
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  func validate() throws(NumericError) {
    try ParameterRange.amount.require(learningRate, "RMSprop's learning rate")
    try ParameterRange.share.require(smoothing, "RMSprop's smoothing")
    try ParameterRange.amount.require(epsilon, "RMSprop's epsilon")
    try ParameterRange.amount.require(weightDecay, "RMSprop's weight decay")
  }
}

extension ComputeContext {
  /// One step of Adam, number `step` from 1: changes `value` and both moments. O(elements).
  ///
  /// - Parameter packed: receives the changed weights as `PackedWeights.update` would pack them.
  public func adamStep(
    value: Matrix, gradient: Matrix, firstMoment: Matrix, secondMoment: Matrix,
    hyperparameters h: AdamHyperparameters, step: Int, packed: PackedWeights? = nil
  ) throws(NumericError) {
    try gradient.require(value.rows, value.columns, "Adam's gradient")
    try firstMoment.require(value.rows, value.columns, "Adam's first moment")
    try secondMoment.require(value.rows, value.columns, "Adam's second moment")
    try h.validate(step: step)
    var adam = ck_adam(
      learning_rate: h.learningRate, beta1: h.beta1, beta2: h.beta2, epsilon: h.epsilon,
      weight_decay: h.weightDecay, step: Int64(step))
    if let packed, [gradient, firstMoment, secondMoment].allSatisfy({ $0.stride == value.stride }) {
      try value.require(packed.rows, packed.columns, "The weights")
      return try check(
        ck_adam_step_packed_f32(
          handle, packed.handle, &adam, gradient.base, firstMoment.base, secondMoment.base,
          value.base, Int64(value.stride)), into: "Adam's value or moment")
    }
    for (start, count) in flatRuns(value, [gradient, firstMoment, secondMoment]) {
      try check(
        ck_adam_step_f32(
          handle, Int64(count), &adam, gradient.base + start(gradient),
          firstMoment.base + start(firstMoment), secondMoment.base + start(secondMoment),
          value.base + start(value)), into: "Adam's value or moment")
    }
    try packed?.update(from: value, in: self)
  }

  /// One step of RMSprop: changes `value` and the running mean of squares. O(elements).
  ///
  /// - Parameter packed: receives the changed weights as `PackedWeights.update` would pack them.
  public func rmspropStep(
    value: Matrix, gradient: Matrix, secondMoment: Matrix,
    hyperparameters h: RMSpropHyperparameters, packed: PackedWeights? = nil
  ) throws(NumericError) {
    try gradient.require(value.rows, value.columns, "RMSprop's gradient")
    try secondMoment.require(value.rows, value.columns, "RMSprop's second moment")
    try h.validate()
    var rmsprop = ck_rmsprop(
      learning_rate: h.learningRate, alpha: h.smoothing, epsilon: h.epsilon,
      weight_decay: h.weightDecay)
    if let packed, gradient.stride == value.stride, secondMoment.stride == value.stride {
      try value.require(packed.rows, packed.columns, "The weights")
      return try check(
        ck_rmsprop_step_packed_f32(
          handle, packed.handle, &rmsprop, gradient.base, secondMoment.base, value.base,
          Int64(value.stride)), into: "RMSprop's value or moment")
    }
    for (start, count) in flatRuns(value, [gradient, secondMoment]) {
      try check(
        ck_rmsprop_step_f32(
          handle, Int64(count), &rmsprop, gradient.base + start(gradient),
          secondMoment.base + start(secondMoment), value.base + start(value)),
        into: "RMSprop's value or moment")
    }
    try packed?.update(from: value, in: self)
  }

  /// The stretches that can be walked without a gap: one for matrices of the same layout that own
  /// their gaps (what is there may change), else one a row.
  private func flatRuns(
    _ value: Matrix, _ others: [Matrix]
  ) -> [(start: (Matrix) -> Int, count: Int)] {
    if ([value] + others).allSatisfy({ $0.ownsGaps && $0.stride == value.stride }) {
      return [({ _ in 0 }, value.rows == 0 ? 0 : (value.rows - 1) * value.stride + value.columns)]
    }
    return (0..<value.rows).map { row in ({ $0.stride * row }, value.columns) }
  }
}
