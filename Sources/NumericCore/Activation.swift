// SPDX-License-Identifier: Apache-2.0

import CKernels

/// An element-wise function behind a dense layer. Derivatives are expressed by the output.
public enum Activation: Sendable, Equatable, Codable {
  case identity
  case relu
  /// z > 0 ? z : slope z, with a slope in 0..<1.
  case leakyReLU(slope: Float)
  case tanh
  case sigmoid
  /// Klambauer et al., 2017.
  case selu

  /// The kernel's representation; throws if the slope is outside its range.
  var kernel: ck_activation {
    get throws(NumericError) {
      switch self {
      case .identity: return ck_activation(kind: CK_IDENTITY, slope: 0)
      case .relu: return ck_activation(kind: CK_RELU, slope: 0)
      case .leakyReLU(let slope):
        try ParameterRange.share.require(slope, "A leaky ReLU's slope")
        return ck_activation(kind: CK_LEAKY_RELU, slope: slope)
      case .tanh: return ck_activation(kind: CK_TANH, slope: 0)
      case .sigmoid: return ck_activation(kind: CK_SIGMOID, slope: 0)
      case .selu: return ck_activation(kind: CK_SELU, slope: 0)
      }
    }
  }
}
