// SPDX-License-Identifier: Apache-2.0

/// The progress of fitting a table encoder.
public struct FittingProgress: Sendable, Equatable {
  /// The stages of fitting, in order.
  public enum Stage: String, Sendable {
    /// Searching for relations between columns.
    case relations
    /// Fitting the encoders of the columns.
    case columns
    /// Grouping rare categories and choosing derived features.
    case features
  }

  /// The current stage.
  public let stage: Stage
  /// The completed share of the stage, 0...1.
  public let share: Double

  /// Progress of a stage: the completed share of it, 0...1.
  public init(stage: Stage, share: Double) {
    self.stage = stage
    self.share = share
  }
}
