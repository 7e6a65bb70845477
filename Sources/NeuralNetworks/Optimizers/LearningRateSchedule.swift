// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The learning rate as a function of the step: a linear warm-up, then a decay.
public struct LearningRateSchedule: Codable, Sendable, Equatable {
  /// The way from the full learning rate to the last one.
  public enum Decay: String, Codable, Sendable, CaseIterable {
    /// None.
    case constant
    /// A straight line.
    case linear
    /// Half a cosine (Loshchilov and Hutter 2017).
    case cosine
  }

  /// The learning rate after the warm-up.
  public var base: Float
  /// The number of steps in which it rises to `base`; 0 for none.
  public var warmupSteps: Int
  /// The way down.
  public var decay: Decay
  /// The step at which the way down ends.
  public var totalSteps: Int
  /// What part of `base` is left at the end and after it.
  public var finalFraction: Float

  /// Describes a schedule.
  ///
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`.
  public init(
    base: Float, warmupSteps: Int = 0, decay: Decay = .constant, totalSteps: Int = 0,
    finalFraction: Float = 0
  ) throws(NeuralNetworkError) {
    try NeuralNetworkError.require(
      base >= 0 && base.isFinite, "The learning rate", base, "finite and not negative")
    try NeuralNetworkError.require(
      warmupSteps >= 0, "The number of warm-up steps", Double(warmupSteps), "not negative")
    try NeuralNetworkError.require(
      decay == .constant || totalSteps >= warmupSteps, "The number of steps", Double(totalSteps),
      "at least the number of warm-up steps")
    try NeuralNetworkError.require(
      finalFraction >= 0 && finalFraction <= 1, "The final fraction of the learning rate",
      finalFraction, "between 0 and 1")
    self.base = base
    self.warmupSteps = warmupSteps
    self.decay = decay
    self.totalSteps = totalSteps
    self.finalFraction = finalFraction
  }

  /// The learning rate of a step, the first being 0.
  public func rate(at step: Int) -> Float {
    if step < warmupSteps { return base * Float(step + 1) / Float(warmupSteps) }
    let progress =
      totalSteps > warmupSteps
      ? min(1, Double(step - warmupSteps) / Double(totalSteps - warmupSteps)) : 1
    let left: Double
    switch decay {
    case .constant: return base
    case .linear: left = 1 - progress
    case .cosine: left = (1 + cos(Double.pi * progress)) / 2
    }
    return Float(Double(base) * (Double(finalFraction) + (1 - Double(finalFraction)) * left))
  }
}
