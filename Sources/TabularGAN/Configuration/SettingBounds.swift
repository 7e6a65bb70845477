// SPDX-License-Identifier: Apache-2.0

/// Bounds of settings from a file, the command line or an embedding program.
///
/// They are wider than any sensible value, but narrow enough that no computed size overflows.
/// Errors use the names of `--set` and `model.json`.
enum SettingBounds {
  /// Units of a layer, and layers of a network.
  static let units = 1...65_536
  static let maxLayers = 64
  /// Counts of a run, such as epochs and steps.
  static let counts = 1...1_000_000_000
  static let learningRates: ClosedRange<Float> = 0...1000
  static let weights: ClosedRange<Float> = 0...1e15

  /// Throws unless `value` is in `range`; NaN never is.
  static func require<Value: Comparable>(
    _ value: Value, in range: ClosedRange<Value>, _ name: String
  ) throws(TrainingError) {
    guard range.contains(value) else {
      throw .configuration(
        "\(name) must lie in \(range.lowerBound)...\(range.upperBound), not be \(value)")
    }
  }

  /// The same for a half-open range.
  static func require(
    _ value: Float, in range: Range<Float>, _ name: String
  ) throws(TrainingError) {
    guard range.contains(value) else {
      throw .configuration(
        "\(name) must be at least \(range.lowerBound) and below \(range.upperBound), not \(value)")
    }
  }

  /// Throws unless `hidden` is a valid list of hidden-layer widths.
  static func requireLayers(_ hidden: [Int], _ name: String) throws(TrainingError) {
    guard hidden.count <= maxLayers else {
      throw .configuration("\(name) must have at most \(maxLayers) layers, not \(hidden.count)")
    }
    for width in hidden { try require(width, in: units, "every layer of \(name)") }
  }
}

extension OptimizerConfiguration {
  /// Throws if a value is out of bounds; `name` is the setting of the optimizer.
  func validate(_ name: String) throws(TrainingError) {
    switch self {
    case .adam(let learningRate, let beta1, let beta2, let weightDecay):
      let name = "\(name).adam"
      try SettingBounds.require(
        learningRate, in: SettingBounds.learningRates, "\(name).learningRate")
      try SettingBounds.require(beta1, in: 0..<1, "\(name).beta1")
      try SettingBounds.require(beta2, in: 0..<1, "\(name).beta2")
      try SettingBounds.require(weightDecay, in: SettingBounds.weights, "\(name).weightDecay")
    case .rmsprop(let learningRate):
      try SettingBounds.require(
        learningRate, in: SettingBounds.learningRates, "\(name).rmsprop.learningRate")
    }
  }
}

extension TrainingBudget {
  /// Checks the bounds of the run; throws ``TrainingError/configuration(_:)`` for an invalid one.
  public func validate() throws(TrainingError) {
    if let epochs { try SettingBounds.require(epochs, in: SettingBounds.counts, "the epochs") }
    if let minutes {
      guard minutes > 0, minutes <= 10_000_000 else {
        throw .configuration(
          "the minutes must be more than 0 and at most 10 million, not \(minutes)")
      }
    }
  }
}
