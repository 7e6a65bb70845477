// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// How the weights and the bias of a dense layer start.
///
/// Values depend on the seed and the layer's name only.
public enum Initialization: String, Codable, Sendable, CaseIterable {
  /// What `torch.nn.Linear` does: weights and bias uniform within 1/sqrt(inputs).
  case torchLinear
  /// Weights uniform within sqrt(6 / (inputs + outputs)), bias zero (Glorot and Bengio 2010).
  case xavierUniform
  /// Weights uniform within sqrt(6 / inputs), bias zero: keeps the variance through ReLU
  /// (He and others 2015).
  case kaimingUniform
  /// Weights normal with variance 1 / inputs, bias zero: what SELU's self-normalization assumes
  /// (Klambauer and others 2017).
  case lecunNormal
  /// All zero: for a last layer that is to start as a constant.
  case zero

  /// Fills `weight`, outputs by inputs, and `bias`.
  ///
  /// - Parameters:
  ///   - name: the layer's name, which selects the random numbers together with the seed.
  ///   - seed: the network's seed.
  public func fill(
    weight: Parameter, bias: Parameter?, name: String, seed: UInt64, in context: ComputeContext
  ) throws {
    let inputs = Float(max(weight.value.columns, 1))
    let outputs = Float(weight.value.rows)
    func stream(_ index: UInt64) -> RandomStream {
      LayerPurpose.initialization.stream(seed: seed, name: name, step: index)
    }

    bias?.value.fill(0)
    switch self {
    case .torchLinear:
      let bound = 1 / inputs.squareRoot()
      try weight.value.fillUniform(within: bound, random: stream(0), in: context)
      try bias?.value.fillUniform(within: bound, random: stream(1), in: context)
    case .xavierUniform:
      let bound = (6 / (inputs + outputs)).squareRoot()
      try weight.value.fillUniform(within: bound, random: stream(0), in: context)
    case .kaimingUniform:
      let bound = (6 / inputs).squareRoot()
      try weight.value.fillUniform(within: bound, random: stream(0), in: context)
    case .lecunNormal:
      try context.fillNormal(
        weight.value, mean: 0, deviation: 1 / inputs.squareRoot(), random: stream(0))
    case .zero:
      weight.value.fill(0)
    }
    weight.noteChange()
    bias?.noteChange()
  }
}

extension Matrix {
  /// Fills the matrix uniformly between `-bound` and `bound`.
  fileprivate func fillUniform(
    within bound: Float, random: RandomStream, in context: ComputeContext
  ) throws {
    try context.fillUniform(self, random: random)
    let columns = self.columns
    forEachRow { _, elements in
      for j in 0..<columns { elements[j] = (2 * elements[j] - 1) * bound }
    }
  }
}
