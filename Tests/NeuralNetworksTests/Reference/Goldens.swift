// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import Testing

/// Golden tensors that `Scripts/goldens/make_goldens.py` computed with PyTorch.
struct Goldens {
  private let tensors: [String: Tensor]

  init(_ name: String) throws {
    tensors = try Safetensors(contentsOf: Self.path(name)).tensors
  }

  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(name).safetensors").path
  }

  func tensor(_ name: String) throws -> Tensor {
    try #require(tensors[name], "There is no golden tensor '\(name)'.")
  }

  /// A tensor of two dimensions, or of one as a row.
  func matrix(_ name: String) throws -> Matrix {
    let tensor = try tensor(name)
    let columns = tensor.shape.last ?? 1
    let matrix = try Matrix(rows: tensor.values.count / columns, columns: columns)
    for (index, value) in tensor.values.enumerated() {
      matrix[index / columns, index % columns] = value
    }
    return matrix
  }

  /// Sets a parameter to a golden tensor.
  func load(_ parameter: Parameter, _ name: String) throws {
    try parameter.load(try tensor(name))
  }
}

/// The activations and the names under which the goldens know them.
struct NamedActivation: CustomTestStringConvertible, Sendable {
  let name: String
  let activation: Activation

  var testDescription: String { name }

  static let all = [
    NamedActivation(name: "identity", activation: .identity),
    NamedActivation(name: "relu", activation: .relu),
    NamedActivation(name: "leaky_relu", activation: .leakyReLU(slope: 0.2)),
    NamedActivation(name: "tanh", activation: .tanh),
    NamedActivation(name: "sigmoid", activation: .sigmoid),
    NamedActivation(name: "selu", activation: .selu),
  ]
}
