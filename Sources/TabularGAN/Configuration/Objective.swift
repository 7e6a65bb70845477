import NeuralNetworks

/// What the two networks minimise: a game, and the penalties that keep the discriminator smooth.
public struct Objective: Sendable, Codable, Equatable {
  public var loss: AdversarialLoss
  /// Weight of WGAN-GP's penalty on interpolates (Gulrajani et al., 2017); 0 for none.
  public var gradientPenalty: Float
  /// Weight of the zero-centred penalty on real rows, R1 (Mescheder et al., 2018); 0 for none.
  public var r1: Float
  /// The same on generated rows, R2.
  public var r2: Float

  var hasZeroCentredPenalty: Bool { r1 > 0 || r2 > 0 }

  public init(loss: AdversarialLoss, gradientPenalty: Float = 0, r1: Float = 0, r2: Float = 0) {
    self.loss = loss
    self.gradientPenalty = gradientPenalty
    self.r1 = r1
    self.r2 = r2
  }
}
