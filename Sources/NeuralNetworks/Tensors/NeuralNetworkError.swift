// SPDX-License-Identifier: Apache-2.0

/// Why an operation on a network could not be carried out.
public enum NeuralNetworkError: Error, Equatable, Sendable {
  /// An operand has the wrong number of rows or columns.
  case shapeMismatch(operand: String, expected: [Int], found: [Int])
  /// `backward` was called before `forward`.
  case backwardBeforeForward(layer: String)
  /// A hyperparameter is outside its range.
  case invalidHyperparameter(name: String, value: Double, requirement: String)
  /// The batch has too few rows for the operation.
  case batchTooSmall(operation: String, rows: Int, minimum: Int)
  /// Two parameters that are handled together have the same name.
  case duplicateName(String)
  /// A saved state lacks a tensor.
  case missingTensor(String)
  /// A saved tensor has another shape than the parameter.
  case tensorShapeMismatch(name: String, expected: [Int], found: [Int])
  /// A saved tensor of variances has a negative element.
  case negativeTensor(String)
  /// A value that must be finite is NaN or infinite.
  case nonFinite(String)
  /// The gradient penalty needs a network with one output.
  case penaltyNeedsOneOutput(outputs: Int)
  /// A row asks for a category that its span does not have.
  case categoryOutOfRange(row: Int, span: Int, category: Int, width: Int)
  /// A layer of a type that inference networks cannot be made of.
  case unsupportedLayer(String)
}

extension NeuralNetworkError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .shapeMismatch(let operand, let expected, let found):
      return "\(operand) has shape \(found), but \(expected) is needed: "
        + "check the widths of the layers and the batch."
    case .backwardBeforeForward(let layer):
      return "\(layer): call forward before backward."
    case .invalidHyperparameter(let name, let value, let requirement):
      return "\(name) is \(value), but it must be \(requirement)."
    case .batchTooSmall(let operation, let rows, let minimum):
      return "\(operation) needs at least \(minimum) rows in a batch, not \(rows): "
        + "use a larger batch or drop the remainder."
    case .duplicateName(let name):
      return "Two parameters are named '\(name)': give each layer a name of its own."
    case .missingTensor(let name):
      return "The saved state has no tensor '\(name)': it belongs to another network."
    case .tensorShapeMismatch(let name, let expected, let found):
      return "The saved tensor '\(name)' has shape \(found), the network needs \(expected): "
        + "it belongs to a network of other sizes."
    case .negativeTensor(let name):
      return "The saved tensor '\(name)' has a negative element: the file is damaged."
    case .nonFinite(let name):
      return "\(name) is not finite: training has diverged or its input is damaged. "
        + "Lower the learning rate or clip the gradients."
    case .penaltyNeedsOneOutput(let outputs):
      return "A gradient penalty is defined for a network with 1 output, this one has \(outputs)."
    case .categoryOutOfRange(let row, let span, let category, let width):
      return "Row \(row) asks for category \(category) of span \(span), which has \(width)."
    case .unsupportedLayer(let type):
      return "A layer of type \(type) cannot be part of an inference network: "
        + "apply it with forward(mode: .inference)."
    }
  }
}

extension NeuralNetworkError {
  /// Throws unless `condition` holds; `value` is what the message shows.
  static func require(
    _ condition: Bool, _ name: String, _ value: some BinaryFloatingPoint, _ requirement: String
  ) throws(NeuralNetworkError) {
    guard condition else {
      throw .invalidHyperparameter(name: name, value: Double(value), requirement: requirement)
    }
  }
}
