// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks

/// The form of the discriminator (or critic): packs of encoded rows in, one score out.
public struct DiscriminatorConfiguration: Sendable, Codable, Equatable {
  /// Units of each hidden layer.
  public var hidden: [Int]
  /// The activation of the hidden layers.
  public var activation: HiddenActivation
  /// Share of hidden units switched off in a training step.
  public var dropout: Float
  /// Rows scored together as one sample (PacGAN, Lin et al., 2018); 1 for none.
  public var rowsPerPack: Int
  /// How weights are drawn before training.
  public var initialization: Initialization
  /// The deviation of the derived features that it is shown beside a row (`DerivedFeatures`); 0 to
  /// show none.
  public var featureWeight: Float

  /// A discriminator's form; ``SynthesizerConfiguration/validate()`` checks it.
  public init(
    hidden: [Int], activation: HiddenActivation, dropout: Float, rowsPerPack: Int,
    initialization: Initialization, featureWeight: Float = 0
  ) {
    self.hidden = hidden
    self.activation = activation
    self.dropout = dropout
    self.rowsPerPack = rowsPerPack
    self.initialization = initialization
    self.featureWeight = featureWeight
  }
}
