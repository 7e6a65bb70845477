// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// A named array that training changes, with its gradient; or a buffer such as a running mean.
///
/// Code that writes to `value` calls `noteChange()` afterwards, because layers keep copies of the
/// weights in the layout that the kernels like best, and renew them when `version` has changed.
public final class Parameter {
  /// The name under which it is saved, unique in a network, as `"generator.0.weight"`.
  public let name: String
  /// The shape under which it is saved: `[n]` for a vector, `[rows, columns]` for a matrix.
  public let shape: [Int]
  /// The value; a vector is one row.
  public let value: Matrix
  /// The gradient of the loss by the value, of the same shape; zero at first.
  public let gradient: Matrix
  /// Counts the changes of the value.
  public private(set) var version: UInt64 = 0
  /// Whether a saved value must not have a negative element, as a variance must not.
  private let isNonNegative: Bool
  private var packing: Packing?

  /// The value as products read it, and which value that is.
  private struct Packing {
    let weights: PackedWeights
    let instructionSet: InstructionSet
    var version: UInt64
    /// Whether it has been asked for since it was packed.
    var isUsed: Bool
  }

  /// Makes a matrix filled with zeros.
  ///
  /// - Throws: `NumericError.outOfMemory`.
  public init(name: String, rows: Int, columns: Int) throws(NumericError) {
    self.name = name
    isNonNegative = false
    shape = [rows, columns]
    value = try Matrix(rows: rows, columns: columns)
    gradient = try Matrix(rows: rows, columns: columns)
  }

  /// Makes a vector filled with `initial`.
  ///
  /// - Parameter isNonNegative: whether loading refuses negative elements.
  /// - Throws: `NumericError.outOfMemory`.
  public init(
    name: String, count: Int, initial: Float = 0, isNonNegative: Bool = false
  ) throws(NumericError) {
    self.name = name
    self.isNonNegative = isNonNegative
    shape = [count]
    value = try Matrix(rows: 1, columns: count)
    gradient = try Matrix(rows: 1, columns: count)
    if initial != 0 { value.fill(initial) }
  }

  /// Says that the value has been written to.
  public func noteChange() {
    version &+= 1
  }

  /// The value, a matrix, as products read it: packed again if it has changed since the last call.
  func packed(in context: ComputeContext) throws(NumericError) -> PackedWeights {
    let found = packing.flatMap { $0.instructionSet == context.instructionSet ? $0 : nil }
    if let found, found.version == version {
      packing?.isUsed = true
      return found.weights
    }
    let weights =
      if let found { found.weights } else {
        try PackedWeights(rows: value.rows, columns: value.columns, in: context)
      }
    try weights.update(from: value, in: context)
    packing = Packing(
      weights: weights, instructionSet: context.instructionSet, version: version, isUsed: true)
    return weights
  }

  /// Lets an optimizer change the value by `step`, which is given what has to be packed with it:
  /// what products have read of the value that it changes, or nil.
  func change(
    in context: ComputeContext, by step: (PackedWeights?) throws(NumericError) -> Void
  ) throws(NumericError) {
    let current = packing.flatMap {
      $0.isUsed && $0.version == version && $0.instructionSet == context.instructionSet ? $0 : nil
    }
    try step(current?.weights)
    noteChange()
    if current != nil {
      packing?.version = version
      packing?.isUsed = false
    }
  }

  /// A copy of the value, to be saved.
  public var tensor: Tensor {
    Tensor(shape: shape, values: value.toArray())
  }

  /// Replaces the value by a saved one.
  ///
  /// - Throws: `NeuralNetworkError.tensorShapeMismatch`, `.nonFinite` if the tensor has a NaN or an
  ///   infinity, or `.negativeTensor`; the value is then unchanged.
  public func load(_ tensor: Tensor) throws(NeuralNetworkError) {
    try validateSigns(tensor)
    try value.load(tensor, shape: shape, name: name)
    noteChange()
  }

  /// Throws if a saved value, or an average of it, is negative although it must not be.
  func validateSigns(_ tensor: Tensor) throws(NeuralNetworkError) {
    if isNonNegative, tensor.values.contains(where: { $0 < 0 }) { throw .negativeTensor(name) }
  }
}

extension Tensor {
  /// Throws unless the tensor has that shape and finite elements only.
  func validate(shape: [Int], name: String) throws(NeuralNetworkError) {
    guard self.shape == shape else {
      throw .tensorShapeMismatch(name: name, expected: shape, found: self.shape)
    }
    guard isFinite else { throw .nonFinite("The saved tensor '\(name)'") }
  }
}

extension Matrix {
  /// Overwrites the matrix by a tensor of exactly that shape, with finite elements only.
  func load(_ tensor: Tensor, shape: [Int], name: String) throws(NeuralNetworkError) {
    try tensor.validate(shape: shape, name: name)
    forEachRow { row, elements in
      for column in 0..<columns { elements[column] = tensor.values[row * columns + column] }
    }
  }
}
