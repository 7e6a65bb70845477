// SPDX-License-Identifier: Apache-2.0

/// A dense row-major array of `Float` with its shape: what a safetensors file holds per name.
public struct Tensor: Sendable, Equatable {
  /// The extent of each dimension, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The elements, row-major; as many as the product of `shape`.
  public let values: [Float]

  /// Makes a tensor.
  ///
  /// - Precondition: `values` has as many elements as the product of `shape`.
  public init(shape: [Int], values: [Float]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "A tensor of shape \(shape) cannot have \(values.count) elements.")
    self.shape = shape
    self.values = values
  }

  /// Whether every element is a finite number.
  public var isFinite: Bool {
    values.allSatisfy(\.isFinite)
  }
}
