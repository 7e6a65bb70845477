// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore

/// The form of the generator: noise (and condition) in, an encoded row out.
public struct GeneratorConfiguration: Sendable, Codable, Equatable {
  /// How the hidden layers are connected.
  public enum Architecture: String, Sendable, Codable {
    /// Each hidden block's output is concatenated with its input, as in CTGAN.
    case residual
    /// Layer after layer.
    case plain
  }
  /// What normalizes the hidden layers' outputs before the activation.
  public enum Normalization: String, Sendable, Codable {
    /// Nothing, batch normalization, or layer normalization.
    case none, batch, layer
  }

  /// Components of the standard normal noise.
  public var noiseWidth: Int
  /// Units of each hidden layer.
  public var hidden: [Int]
  /// How the hidden layers are connected.
  public var architecture: Architecture
  /// The normalization of the hidden layers.
  public var normalization: Normalization
  /// The activation of the hidden layers.
  public var activation: HiddenActivation
  /// How weights are drawn before training.
  public var initialization: Initialization

  /// A generator's form; ``SynthesizerConfiguration/validate()`` checks it.
  public init(
    noiseWidth: Int, hidden: [Int], architecture: Architecture, normalization: Normalization,
    activation: HiddenActivation, initialization: Initialization
  ) {
    self.noiseWidth = noiseWidth
    self.hidden = hidden
    self.architecture = architecture
    self.normalization = normalization
    self.activation = activation
    self.initialization = initialization
  }
}

/// The activation of hidden layers, by name.
public enum HiddenActivation: String, Sendable, Codable {
  /// max(x, 0).
  case relu
  /// Slope 0.2 below zero.
  case leakyReLU
  /// Self-normalizing exponential linear units (Klambauer and others, 2017).
  case selu
  /// The hyperbolic tangent.
  case tanh

  var function: Activation {
    switch self {
    case .relu: .relu
    case .leakyReLU: .leakyReLU(slope: 0.2)
    case .selu: .selu
    case .tanh: .tanh
    }
  }

  var title: String {
    switch self {
    case .relu: "ReLU"
    case .leakyReLU: "leaky ReLU"
    case .selu: "SELU"
    case .tanh: "tanh"
    }
  }
}
