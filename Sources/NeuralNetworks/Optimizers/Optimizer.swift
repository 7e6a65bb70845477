// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Changes parameters against their gradients.
public protocol Optimizer: AnyObject {
  /// Makes one step: the parameters' gradients are read, their values changed.
  ///
  /// - Parameters:
  ///   - parameters: what is trained; each name once. Running averages are kept by name.
  ///   - learningRate: the step's learning rate.
  /// - Throws: `NeuralNetworkError.duplicateName`, or `.tensorShapeMismatch` if the state that was
  ///   loaded is another network's.
  func step(_ parameters: [Parameter], learningRate: Float, in context: ComputeContext) throws

  /// A copy of everything that the next step depends on, to be saved beside the parameters.
  ///
  /// Setting it continues from there. The setter does not check anything; `validate` and `step` do.
  var state: OptimizerState { get set }

  /// The names of the running averages kept for each parameter.
  var momentNames: [String] { get }
}

extension Optimizer {
  /// Checks that `state`, for example from a file, fits this optimizer and `parameters`.
  ///
  /// - Throws: `NeuralNetworkError.missingTensor`, `.tensorShapeMismatch`, `.nonFinite`, or
  ///   `.invalidHyperparameter` for a negative step count or mean square.
  public func validate(
    _ state: OptimizerState, for parameters: [Parameter]
  ) throws(NeuralNetworkError) {
    try NeuralNetworkError.require(
      state.step >= 0, "The number of steps in the optimizer's state", Double(state.step),
      "not negative")
    guard state.step > 0 else { return }
    for parameter in parameters {
      for moment in momentNames {
        let name = "\(parameter.name).\(moment)"
        try TensorShape.require(
          [TensorShape(name: name, shape: parameter.shape)], in: state.tensors)
        guard moment == MomentStore.meanSquare, let minimum = state.tensors[name]?.values.min()
        else {
          continue
        }
        try NeuralNetworkError.require(
          minimum >= 0, "The least of '\(name)'", minimum, "not negative")
      }
    }
  }
}

/// What an optimizer remembers from step to step.
public struct OptimizerState: Sendable, Equatable {
  /// The number of steps made.
  public var step: Int
  /// The running averages, as `"generator.0.weight.first_moment"`.
  public var tensors: [String: Tensor]

  /// Gathers a state, for instance from a file.
  public init(step: Int = 0, tensors: [String: Tensor] = [:]) {
    self.step = step
    self.tensors = tensors
  }
}

/// Running averages per parameter, found by the parameter's name.
struct MomentStore {
  private struct Slot {
    let shape: [Int]
    let moments: [Matrix]
    var lastStep: Int
  }

  static let mean = "first_moment"
  static let meanSquare = "second_moment"

  let suffixes: [String]
  private var slots: [String: Slot] = [:]
  /// What was loaded and not yet asked for: the shapes are known only with the parameters.
  private var loaded: [String: Tensor] = [:]

  /// - Parameter suffixes: the names of the averages.
  init(suffixes: [String]) {
    self.suffixes = suffixes
  }

  /// The averages of a parameter for the step of that number; zero at first.
  mutating func moments(
    of parameter: Parameter, step: Int
  ) throws -> [Matrix] {
    if let index = slots.index(forKey: parameter.name) {
      guard slots.values[index].lastStep != step else {
        throw NeuralNetworkError.duplicateName(parameter.name)
      }
      guard slots.values[index].shape == parameter.shape else {
        throw NeuralNetworkError.tensorShapeMismatch(
          name: "\(parameter.name).\(suffixes[0])", expected: parameter.shape,
          found: slots.values[index].shape)
      }
      slots.values[index].lastStep = step
      return slots.values[index].moments
    }
    var moments: [Matrix] = []
    for suffix in suffixes {
      let moment = try Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
      let name = "\(parameter.name).\(suffix)"
      if let tensor = loaded[name] {
        try moment.load(tensor, shape: parameter.shape, name: name)
      }
      moments.append(moment)
    }
    for suffix in suffixes { loaded["\(parameter.name).\(suffix)"] = nil }
    slots[parameter.name] = Slot(shape: parameter.shape, moments: moments, lastStep: step)
    return moments
  }

  var tensors: [String: Tensor] {
    get {
      var result = loaded
      for (name, slot) in slots {
        for (suffix, moment) in zip(suffixes, slot.moments) {
          result["\(name).\(suffix)"] = Tensor(shape: slot.shape, values: moment.toArray())
        }
      }
      return result
    }
    set {
      slots = [:]
      loaded = newValue
    }
  }
}
