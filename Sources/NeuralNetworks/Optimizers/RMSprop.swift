// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// RMSprop (Tieleman and Hinton 2012) as `torch.optim.RMSprop` without momentum.
public final class RMSprop: Optimizer {
  /// The decay of the running mean of the squared gradients, PyTorch's alpha.
  public let smoothing: Float
  /// What is added to its root.
  public let epsilon: Float
  /// The factor of the weights that is added to their gradient.
  public let weightDecay: Float
  private var step = 0
  private var store = MomentStore(suffixes: [MomentStore.meanSquare])

  /// Makes an optimizer without history.
  ///
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`.
  public init(
    smoothing: Float = 0.99, epsilon: Float = 1e-8, weightDecay: Float = 0
  ) throws(NeuralNetworkError) {
    try NeuralNetworkError.require(
      smoothing >= 0 && smoothing < 1, "RMSprop's smoothing", smoothing, "at least 0 and below 1")
    try NeuralNetworkError.require(
      epsilon > 0 && epsilon.isFinite, "RMSprop's epsilon", epsilon, "positive")
    try NeuralNetworkError.require(
      weightDecay >= 0 && weightDecay.isFinite, "RMSprop's weight decay", weightDecay,
      "finite and not negative")
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Makes one step; see `Optimizer`.
  public func step(
    _ parameters: [Parameter], learningRate: Float, in context: ComputeContext
  ) throws {
    try NeuralNetworkError.require(
      step >= 0, "The number of steps in the optimizer's state", Double(step), "not negative")
    step += 1
    let hyperparameters = RMSpropHyperparameters(
      learningRate: learningRate, smoothing: smoothing, epsilon: epsilon,
      weightDecay: weightDecay)
    for parameter in parameters {
      let moments = try store.moments(of: parameter, step: step)
      try parameter.change(in: context) { packed throws(NumericError) in
        try context.rmspropStep(
          value: parameter.value, gradient: parameter.gradient, secondMoment: moments[0],
          hyperparameters: hyperparameters, packed: packed)
      }
    }
  }

  /// See `Optimizer`.
  public var momentNames: [String] { store.suffixes }

  /// What the next step depends on; see `Optimizer`.
  public var state: OptimizerState {
    get { OptimizerState(step: step, tensors: store.tensors) }
    set {
      step = newValue.step
      store.tensors = newValue.tensors
    }
  }
}
