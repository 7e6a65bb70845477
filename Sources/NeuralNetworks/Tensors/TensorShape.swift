// SPDX-License-Identifier: Apache-2.0

/// The name and the shape of a tensor that a layer saves and loads.
///
/// The shapes of a layer are known without creating it, so that an untrusted file can be checked
/// before memory is allocated.
public struct TensorShape: Sendable, Equatable {
  /// The key of the tensor in a file.
  public let name: String
  /// The extent of each dimension; see ``Tensor/shape``.
  public let shape: [Int]

  /// Creates a shape.
  public init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  /// Checks that `tensors` has all of `shapes`, with finite elements; other tensors are ignored.
  ///
  /// - Throws: `NeuralNetworkError.missingTensor`, `.tensorShapeMismatch` or `.nonFinite`.
  public static func require(
    _ shapes: [TensorShape], in tensors: [String: Tensor]
  ) throws(NeuralNetworkError) {
    for expected in shapes {
      guard let tensor = tensors[expected.name] else { throw .missingTensor(expected.name) }
      try tensor.validate(shape: expected.shape, name: expected.name)
    }
  }
}
