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

extension AffineMap {
  static func tensorShapes(name: String, inputs: Int, outputs: Int, bias: Bool) -> [TensorShape] {
    let weight = TensorShape(name: "\(name).weight", shape: [outputs, inputs])
    return bias ? [weight, TensorShape(name: "\(name).bias", shape: [outputs])] : [weight]
  }
}

extension Dense {
  /// The tensors that a layer of this form saves.
  public static func tensorShapes(
    name: String, inputs: Int, outputs: Int, bias: Bool = true
  ) -> [TensorShape] {
    AffineMap.tensorShapes(name: name, inputs: inputs, outputs: outputs, bias: bias)
  }
}

extension MultilayerPerceptron {
  /// The tensors that a network of this form saves.
  public static func tensorShapes(
    name: String, inputs: Int, hidden: [Int], outputs: Int = 1
  ) -> [TensorShape] {
    let widths = [inputs] + hidden + [outputs]
    return (0...hidden.count).flatMap { index in
      AffineMap.tensorShapes(
        name: "\(name).\(index)", inputs: widths[index], outputs: widths[index + 1], bias: true)
    }
  }
}

extension BatchNorm {
  /// The tensors that a layer of this form saves.
  public static func tensorShapes(name: String, features: Int) -> [TensorShape] {
    ["weight", "bias", "running_mean", "running_var"].map {
      TensorShape(name: "\(name).\($0)", shape: [features])
    }
  }
}

extension LayerNorm {
  /// The tensors that a layer of this form saves.
  public static func tensorShapes(name: String, features: Int) -> [TensorShape] {
    ["weight", "bias"].map { TensorShape(name: "\(name).\($0)", shape: [features]) }
  }
}
