// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// A copy of parameters that follows them slowly: generators sample better from the average of
/// their recent weights (Yazıcı and others 2019).
public final class ExponentialMovingAverage {
  /// How much of the old average an update keeps, once warmed up.
  public let decay: Float
  /// The number of updates made.
  public private(set) var updates = 0
  private let followed: [Parameter]
  private let averages: [Matrix]
  private var isExchanged = false

  /// Starts from the present values.
  ///
  /// - Parameters:
  ///   - parameters: what is followed; a layer's buffers may be among them.
  ///   - decay: at least 0 and below 1. The first updates use less, (1 + n) / (10 + n), so that
  ///     the initial values are soon forgotten.
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`, `.duplicateName`,
  ///   `NumericError.outOfMemory`.
  public init(of parameters: [Parameter], decay: Float) throws {
    try NeuralNetworkError.require(
      decay >= 0 && decay < 1, "The decay of the average", decay, "at least 0 and below 1")
    var names: Set<String> = []
    for parameter in parameters {
      guard names.insert(parameter.name).inserted else {
        throw NeuralNetworkError.duplicateName(parameter.name)
      }
    }
    self.decay = decay
    followed = parameters
    averages = try parameters.map { parameter in
      let copy = try Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
      copy.copy(from: parameter.value)
      return copy
    }
  }

  /// Moves the averages towards the present values.
  ///
  /// - Precondition: not while the averages are in use (`withAverages`).
  public func update(in context: ComputeContext) {
    precondition(!isExchanged, "The averages are in use.")
    let kept = min(decay, Float(1 + updates) / Float(10 + updates))
    let weight = 1 - kept
    for (parameter, average) in zip(followed, averages) {
      let columns = average.columns
      average.forEachRow(parameter.value, in: context) { _, a, p in
        for j in 0..<columns { a[j] += weight * (p[j] - a[j]) }
      }
    }
    updates += 1
  }

  /// Runs `body` while the parameters hold the averages, and puts their own values back.
  public func withAverages<Result>(_ body: () throws -> Result) rethrows -> Result {
    exchange()
    defer { exchange() }
    return try body()
  }

  /// Swaps the parameters' values and the averages.
  private func exchange() {
    isExchanged.toggle()
    for (parameter, average) in zip(followed, averages) {
      let columns = average.columns
      average.forEachRow { row, a in
        parameter.value.withUnsafeMutableBufferPointer { value in
          guard let base = value.baseAddress else { return }
          let p = base + row * parameter.value.stride
          for j in 0..<columns { (a[j], p[j]) = (p[j], a[j]) }
        }
      }
      parameter.noteChange()
    }
  }

  /// Copies of the averages under the parameters' names.
  public var tensors: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (parameter, average) in zip(followed, averages) {
      result[parameter.name] = Tensor(shape: parameter.shape, values: average.toArray())
    }
    return result
  }

  /// Continues from saved averages.
  ///
  /// - Parameter updates: how many updates led to them.
  /// - Throws: `NeuralNetworkError.missingTensor`, `.tensorShapeMismatch`, `.nonFinite`.
  public func load(
    _ tensors: [String: Tensor], updates: Int
  ) throws(NeuralNetworkError) {
    for (parameter, average) in zip(followed, averages) {
      guard let tensor = tensors[parameter.name] else { throw .missingTensor(parameter.name) }
      try parameter.validateSigns(tensor)
      try average.load(tensor, shape: parameter.shape, name: parameter.name)
    }
    self.updates = updates
  }
}
