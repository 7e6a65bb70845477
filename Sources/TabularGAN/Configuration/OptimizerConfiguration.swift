// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks

/// The optimizer of one network.
public enum OptimizerConfiguration: Sendable, Codable, Equatable {
  case adam(learningRate: Float, beta1: Float, beta2: Float, weightDecay: Float)
  case rmsprop(learningRate: Float)

  /// The learning rate before any decay.
  public var learningRate: Float {
    switch self {
    case .adam(let rate, _, _, _), .rmsprop(let rate): rate
    }
  }

  func make() throws -> any Optimizer {
    switch self {
    case .adam(_, let beta1, let beta2, let weightDecay):
      try Adam(beta1: beta1, beta2: beta2, weightDecay: weightDecay)
    case .rmsprop:
      try RMSprop()
    }
  }
}

extension LearningRateSchedule.Decay {
  /// The factor on the learning rate when the share `progress` (0...1) of a run is done. A run that
  /// is bounded by time does not know its last step, so the share takes the step's place.
  func factor(at progress: Double) -> Float {
    switch self {
    case .constant: 1
    case .linear: Float(1 - progress)
    case .cosine: Float(0.5 * (1 + cos(.pi * progress)))
    }
  }
}
