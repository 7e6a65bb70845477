// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEncoding

/// The events that a training run reports to its caller.
public enum TrainingEvent: Sendable {
  /// Progress of fitting the encoder, which takes time for many columns.
  case preparing(FittingProgress)
  /// Before the first step.
  case started(TrainingOutline)
  /// After each step of both networks.
  case step(TrainingMetrics)
  /// In half precision, before the event of the step: a network's part of it was skipped.
  case overflow(OverflowNotice)
  /// After each epoch: means over the epoch.
  case epoch(TrainingMetrics)
  /// Where the caller asked for one: the state after the last step.
  case checkpoint(TrainingCheckpoint)
  /// When both networks are trained, with the reason why that ended.
  case finished(TrainingMetrics, reason: String)
  /// After each epoch of learning the density ratio that rows are chosen by, 0...1.
  case resampling(progress: Double)
  /// Progress, 0...1, of raking: correcting the density ratio by the table's marginals.
  case raking(progress: Double)
  /// What both came to.
  case resamplingFinished(DensityRatioResult)
}

/// The caller's answer to an event.
public enum TrainingDecision: Sendable {
  /// Continue.
  case proceed
  /// Continue, after a ``TrainingEvent/checkpoint(_:)``.
  case checkpoint
  /// End the run after this step; the model as it stands is the result.
  case stop
}

/// One row of the training history.
public struct TrainingMetrics: Sendable, Codable, Equatable {
  /// Generator steps done, from 1.
  public var step: Int
  /// Epochs, from 1.
  public var epoch: Int
  /// Real rows drawn for the discriminator so far.
  public var rowsSeen: Int
  /// Since the start of the run.
  public var seconds: Double
  /// The discriminator's loss, with penalties.
  public var discriminatorLoss: Float
  /// The generator's loss.
  public var generatorLoss: Float
  /// Mean probability of being real that the discriminator gives to real rows.
  ///
  /// Wasserstein and relativistic scores have no zero of their own; for them it is the probability
  /// of being more real than the average row of the other kind, the logistic function of the score
  /// less that average (Jolicoeur-Martineau, "The relativistic discriminator", 2018, section 4).
  public var probabilityReal: Float
  /// The same for generated rows.
  public var probabilityGenerated: Float
  /// Share of the run that is done, 0...1, by epochs or by time.
  public var progress: Double

  /// The metrics of one step, or their means over an epoch.
  public init(
    step: Int, epoch: Int, rowsSeen: Int, seconds: Double, discriminatorLoss: Float,
    generatorLoss: Float, probabilityReal: Float, probabilityGenerated: Float, progress: Double
  ) {
    self.step = step
    self.epoch = epoch
    self.rowsSeen = rowsSeen
    self.seconds = seconds
    self.discriminatorLoss = discriminatorLoss
    self.generatorLoss = generatorLoss
    self.probabilityReal = probabilityReal
    self.probabilityGenerated = probabilityGenerated
    self.progress = progress
  }
}
