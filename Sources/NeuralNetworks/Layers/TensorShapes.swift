// SPDX-License-Identifier: Apache-2.0

// The tensors that each layer saves, known without creating it.

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
