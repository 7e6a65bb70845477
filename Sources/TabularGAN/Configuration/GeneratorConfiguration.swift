import NeuralNetworks
import NumericCore

/// The form of the generator: noise (and condition) in, an encoded row out.
public struct GeneratorConfiguration: Sendable, Codable, Equatable {
  public enum Architecture: String, Sendable, Codable {
    /// Each hidden block's output is concatenated with its input, as in CTGAN.
    case residual
    /// Layer after layer.
    case plain
  }
  public enum Normalization: String, Sendable, Codable {
    case none, batch, layer
  }

  /// Components of the standard normal noise.
  public var noiseWidth: Int
  /// Units of each hidden layer.
  public var hidden: [Int]
  public var architecture: Architecture
  public var normalization: Normalization
  public var activation: HiddenActivation
  public var initialization: Initialization

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
  case relu
  /// Slope 0.2 below zero.
  case leakyReLU
  case selu
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
