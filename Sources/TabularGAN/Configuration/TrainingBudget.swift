// SPDX-License-Identifier: Apache-2.0

/// How long to train: by epochs, by time, or (both nil) the preset's number of epochs.
///
/// A run bounded by time ends at a step that depends on the machine, so only runs bounded by epochs
/// reproduce bit for bit.
public struct TrainingBudget: Sendable, Equatable {
  /// Passes through the table; nil for no such bound.
  public var epochs: Int?
  /// Time for the steps, in minutes; nil for no such bound.
  public var minutes: Double?

  /// A budget; if both bounds are given, the first one that is reached ends the run.
  public init(epochs: Int? = nil, minutes: Double? = nil) {
    self.epochs = epochs
    self.minutes = minutes
  }
}
