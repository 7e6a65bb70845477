// SPDX-License-Identifier: Apache-2.0

/// Why a model cannot be trained or used. Each description says what to do.
public enum TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting makes no sense.
  case configuration(String)
  /// The table cannot be learned from: too few rows, nothing to model.
  case table(String)
  /// The checkpoint was made with another table, configuration, seed or budget.
  case foreignCheckpoint
  /// The checkpoint cannot have been written by a run.
  case damagedCheckpoint(String)
  /// A loss is no longer a number at that step.
  case diverged(step: Int)

  /// The problem on one line, with what to do in parentheses.
  public var description: String {
    switch self {
    case .configuration(let text): "configuration: \(text)"
    case .table(let text): "table: \(text)"
    case .foreignCheckpoint:
      "the checkpoint belongs to another run: the table, the options, the seed or the time to train differ (run the command that was interrupted, or start over without resuming)"
    case .damagedCheckpoint(let problem):
      "the checkpoint is damaged: \(problem) (restore it from a copy, or start over without resuming)"
    case .diverged(let step):
      "training diverged: the loss is not a number at step \(step) (lower the learning rate, or inspect the table for extreme values)"
    }
  }
}
