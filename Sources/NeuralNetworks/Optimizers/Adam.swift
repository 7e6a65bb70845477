// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Adam (Kingma and Ba 2015) as `torch.optim.Adam`: with bias correction, and weight decay that is
/// added to the gradient.
public final class Adam: Optimizer {
  /// The decay of the running mean of the gradients.
  public let beta1: Float
  /// The decay of the running mean of their squares.
  public let beta2: Float
  /// What is added to the root of the latter.
  public let epsilon: Float
  /// The factor of the weights that is added to their gradient.
  public let weightDecay: Float
  private var step = 0
  private var store = MomentStore(suffixes: [MomentStore.mean, MomentStore.meanSquare])

  /// Makes an optimizer without history.
  ///
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`.
  public init(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0
  ) throws(NeuralNetworkError) {
    try NeuralNetworkError.require(
      beta1 >= 0 && beta1 < 1, "Adam's beta1", beta1, "at least 0 and below 1")
    try NeuralNetworkError.require(
      beta2 >= 0 && beta2 < 1, "Adam's beta2", beta2, "at least 0 and below 1")
    try NeuralNetworkError.require(
      epsilon > 0 && epsilon.isFinite, "Adam's epsilon", epsilon, "positive")
    try NeuralNetworkError.require(
      weightDecay >= 0 && weightDecay.isFinite, "Adam's weight decay", weightDecay,
      "finite and not negative")
    self.beta1 = beta1
    self.beta2 = beta2
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
    let hyperparameters = AdamHyperparameters(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay)
    for parameter in parameters {
      let moments = try store.moments(of: parameter, step: step)
      try parameter.change(in: context) { packed throws(NumericError) in
        try context.adamStep(
          value: parameter.value, gradient: parameter.gradient, firstMoment: moments[0],
          secondMoment: moments[1], hyperparameters: hyperparameters, step: step,
          packed: packed)
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
