// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularEncoding

/// Detects a discriminator that overfits, on monitoring rows that training never sees: it then
/// scores training rows as more real than unseen ones.
///
/// The measure is r_v of Karras et al. ("Training Generative Adversarial Networks with Limited
/// Data", 2020, section 3): how much of the score by which training rows are above generated ones
/// unseen rows lack, 0 where they are scored alike, 1 where unseen rows are scored like generated
/// ones.
struct OverfittingMonitor {
  /// Steps from one look to the next.
  private static let interval = 250
  /// Rows of each kind that are scored, at most.
  private static let maxRows = 2000
  /// The difference of learned and unseen rows must be this many standard errors.
  private static let significance = 4.0
  /// Beyond it r_v says no more than that.
  private static let maxRatio = 10.0

  private let monitoring: EncodedTable
  private let limit: Double

  /// - Parameter limit: of r_v, beyond which it is overfitting.
  init(monitoring: EncodedTable, limit: Float) {
    self.monitoring = monitoring
    self.limit = Double(limit)
  }

  /// Checks the networks every few steps. O(rows x weights).
  ///
  /// - Returns: r_v where it is beyond the limit for certain, else nil.
  func overfitting(of trainer: GANTrainer, after step: Int) throws -> Double? {
    guard step > 0, step % Self.interval == 0 else { return nil }
    let pack = trainer.configuration.discriminator.rowsPerPack
    let count = min(monitoring.rowCount, trainer.table.rowCount, Self.maxRows) / pack * pack
    guard count > 1 else { return nil }
    let learned = try scores(of: trainer.table, count, trainer)
    let unseen = try scores(of: monitoring, count, trainer)
    let generated = try generatedScores(count, trainer)
    let advantage = learned.mean - generated.mean
    let gap = learned.mean - unseen.mean
    let error = ((learned.variance + unseen.variance) / Double(learned.count)).squareRoot()
    // Next to no advantage: all that is left of it is memory.
    let ratio = min(gap / advantage, Self.maxRatio)
    return advantage > 0 && ratio > limit && gap > Self.significance * error ? ratio : nil
  }

  /// Evenly spaced rows.
  private func scores(
    of table: EncodedTable, _ count: Int, _ trainer: GANTrainer
  ) throws -> ScoreSummary {
    let packs = try Matrix(
      rows: count / trainer.configuration.discriminator.rowsPerPack,
      columns: trainer.batch.packWidth)
    trainer.batch.writeReal(
      (0..<count).map { $0 * table.rowCount / count }, of: table, into: packs, in: trainer.context)
    return try summary(packs, trainer)
  }

  private func generatedScores(_ count: Int, _ trainer: GANTrainer) throws -> ScoreSummary {
    let packs = try Matrix(
      rows: count / trainer.configuration.discriminator.rowsPerPack,
      columns: trainer.batch.packWidth)
    let generated = try GeneratedRows(
      trainer.generator, noiseWidth: trainer.configuration.generator.noiseWidth, conditions: nil,
      seed: ~trainer.seed, in: trainer.context)
    let rows = try Matrix(rows: count, columns: trainer.generator.rowWidth)
    try generated.write(0..<count, into: rows)
    trainer.batch.writeGenerated(rows, into: packs, in: trainer.context)
    return try summary(packs, trainer)
  }

  private func summary(_ packs: Matrix, _ trainer: GANTrainer) throws -> ScoreSummary {
    let scores = try trainer.discriminator.network.forward(
      packs, mode: .inference, in: trainer.context)
    return ScoreSummary((0..<scores.rows).map { Double(scores[$0, 0]) })
  }
}

/// Mean and variance of a discriminator's scores.
private struct ScoreSummary {
  let count: Int
  let mean: Double
  let variance: Double

  init(_ scores: [Double]) {
    let mean = scores.reduce(0, +) / Double(scores.count)
    count = scores.count
    self.mean = mean
    variance =
      scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(scores.count - 1, 1))
  }
}
