// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks

/// What the two networks minimize: a game, and the penalties that keep the discriminator smooth.
public struct Objective: Sendable, Codable, Equatable {
  /// The loss of both networks, without penalties.
  public var loss: AdversarialLoss
  /// Weight of WGAN-GP's penalty on interpolates (Gulrajani et al., 2017); 0 for none.
  public var gradientPenalty: Float
  /// Weight of the zero-centered penalty on real rows, R1 (Mescheder et al., 2018); 0 for none.
  public var r1: Float
  /// The same on generated rows, R2.
  public var r2: Float

  /// What R1 and R2 fall to over the run, as a share of their weights, along half a cosine: a
  /// smooth discriminator first, a sharp one last (as in R3GAN, Huang et al., 2024). 1 to keep
  /// them.
  public var finalPenalty: Float

  /// The factor on R1 and R2 when the share `progress` (0...1) of a run is done.
  func penaltyFactor(at progress: Double) -> Float {
    finalPenalty + (1 - finalPenalty) * LearningRateSchedule.Decay.cosine.factor(at: progress)
  }

  var hasZeroCenteredPenalty: Bool { r1 > 0 || r2 > 0 }

  /// An objective; penalties are off by default.
  public init(
    loss: AdversarialLoss, gradientPenalty: Float = 0, r1: Float = 0, r2: Float = 0,
    finalPenalty: Float = 1
  ) {
    self.loss = loss
    self.gradientPenalty = gradientPenalty
    self.r1 = r1
    self.r2 = r2
    self.finalPenalty = finalPenalty
  }
}
